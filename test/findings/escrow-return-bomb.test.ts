import { expect } from "chai";
import {
  deployWorld,
  ethers,
  fundDeal,
  fundDealOfAccounts,
  Mood,
  networkHelpers,
  OPENING,
  PRICE,
  State,
  type DealWorld,
} from "../escrow/fixture.ts";

/**
 * The attack: the paid account (or the token) answers with as many bytes as its gas buys. A caller that copies the
 * answer pays for the same memory once more, on top of a push that has a limit, and runs out of gas: with a malicious
 * recipient a refund, and with a malicious token a redemption, can be made to revert for ever.
 * Refused because nothing of the answer is copied but a token's first word. Shown by gas: the bomb costs the escrow
 * no more than what the push was allowed to spend.
 */
describe("finding: return bomb", () => {
  const bombs = { "in an answer": false, "in a revert": true };

  async function gasOfRedeem(deal: DealWorld): Promise<bigint> {
    const sent = await deal.escrow.connect(deal.stranger).redeem(deal.dealId, OPENING.key, OPENING.opening);
    return (await sent.wait())!.gasUsed;
  }

  async function sellerIsAnAccount() {
    const world = await deployWorld();
    const account = await ethers.deployContract("MoodyAccount");
    const buyerAccount = await ethers.deployContract("MoodyAccount");
    return { ...(await fundDealOfAccounts(world, account, buyerAccount)), account };
  }

  async function fundedInMoodyToken() {
    const world = await deployWorld();
    const odd = await ethers.deployContract("MoodyToken");
    await odd.mint(world.buyer, PRICE);
    return { ...(await fundDeal(world, { token: await odd.getAddress() })), odd };
  }

  for (const [where, failing] of Object.entries(bombs)) {
    it(`costs no more than the push, ${where} to ether`, async () => {
      const plain = await gasOfRedeem(await networkHelpers.loadFixture(sellerIsAnAccount));
      const deal = await networkHelpers.loadFixture(sellerIsAnAccount);
      await deal.account.setBomb(120_000n, failing);
      const credit = failing ? 27_000n : 0n;
      const pushGas = await deal.escrow.ETHER_PUSH_GAS();
      expect((await gasOfRedeem(deal)) <= plain + pushGas + credit).to.equal(true);
      expect(await deal.escrow.stateOf(deal.dealId)).to.equal(State.Redeemed);
    });

    it(`costs no more than the push, ${where} of a token`, async () => {
      const plain = await gasOfRedeem(await networkHelpers.loadFixture(fundedInMoodyToken));
      const deal = await networkHelpers.loadFixture(fundedInMoodyToken);
      await deal.odd.setMood(failing ? Mood.FailBomb : Mood.Bomb, Mood.True);
      // 200,000 bytes of memory cost 95,000 gas once; a copy would cost it twice, and 19,000 for the copying.
      expect((await gasOfRedeem(deal)) <= plain + 95_000n + 27_000n).to.equal(true);
      expect(await deal.escrow.stateOf(deal.dealId)).to.equal(State.Redeemed);
    });
  }

  it("costs no more than the push in a refund", async () => {
    const world = await networkHelpers.loadFixture(deployWorld);
    const seller = await ethers.deployContract("MoodyAccount");
    const buyer = await ethers.deployContract("MoodyAccount");
    const deal = await fundDealOfAccounts(world, seller, buyer);
    await buyer.setBomb(10_000_000n, true);
    await networkHelpers.time.increaseTo((await deal.escrow.deal(deal.dealId)).refundableFrom);
    const data = deal.escrow.interface.encodeFunctionData("refund", [deal.dealId]);
    const receipt = await (await buyer.execute(deal.escrow, data)).wait();
    expect(receipt!.gasUsed <= 200_000n).to.equal(true);
    expect(await deal.escrow.stateOf(deal.dealId)).to.equal(State.Refunded);
  });
});
