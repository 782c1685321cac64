import { expect } from "chai";
import {
  deployWorld,
  ethers,
  fundDeal,
  networkHelpers,
  nextTimestamp,
  OPENING,
  openingAt,
  PRICE,
  refundableFrom,
  State,
  type DealWorld,
} from "../escrow/fixture.ts";

/**
 * The attack: two exits whose time windows share an instant, each checking only the time. In that one second (or, with
 * a book-keeping error, at any time) both pay, the second with other people's money.
 * Refused because one state closes the deal for both: whichever is mined first ends it. A second funded deal lies in
 * the escrow, so that a double payment would not fail for want of money.
 */
describe("finding: both exits at once", () => {
  async function twoFundedDeals(): Promise<DealWorld> {
    const world = await deployWorld();
    await fundDeal(world, { keyCommitment: openingAt(1).keyCommitment });
    return fundDeal(world);
  }

  /** Mines both exits in one block of the given timestamp, the one with the higher fee first. */
  async function raceAt(deal: DealWorld, timestamp: bigint, first: "redeem" | "refund") {
    const { escrow, seller, buyer, dealId } = deal;
    const fees = (tip: bigint) => ({
      gasLimit: 500_000n,
      maxPriorityFeePerGas: tip * 10n ** 9n,
      maxFeePerGas: 100n * 10n ** 9n,
    });
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      const redemption = await escrow
        .connect(seller)
        .redeem(dealId, OPENING.key, OPENING.opening, fees(first === "redeem" ? 20n : 1n));
      const refund = await escrow.connect(buyer).refund(dealId, fees(first === "refund" ? 20n : 1n));
      await nextTimestamp(timestamp);
      await ethers.provider.send("evm_mine", []);
      const statusOf = async (hash: string) => (await ethers.provider.getTransactionReceipt(hash))!.status;
      return { redeemed: await statusOf(redemption.hash), refunded: await statusOf(refund.hash) };
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
  }

  for (const first of ["redeem", "refund"] as const) {
    for (const shift of [0n, 1n]) {
      it(`pays once at refundableFrom + ${shift} when ${first} comes first`, async () => {
        const deal = await networkHelpers.loadFixture(twoFundedDeals);
        const outcome = await raceAt(deal, (await refundableFrom(deal)) + shift, first);
        expect(outcome).to.deep.equal(first === "redeem" ? { redeemed: 1, refunded: 0 } : { redeemed: 0, refunded: 1 });
        expect(await deal.escrow.stateOf(deal.dealId)).to.equal(first === "redeem" ? State.Redeemed : State.Refunded);
        expect(await ethers.provider.getBalance(deal.escrow)).to.equal(PRICE);
      });
    }
  }

  it("leaves redeem as the only exit one second before", async () => {
    const deal = await networkHelpers.loadFixture(twoFundedDeals);
    const outcome = await raceAt(deal, (await refundableFrom(deal)) - 1n, "refund");
    expect(outcome).to.deep.equal({ redeemed: 1, refunded: 0 });
    expect(await ethers.provider.getBalance(deal.escrow)).to.equal(PRICE);
  });
});
