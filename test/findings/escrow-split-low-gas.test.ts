import { expect } from "chai";
import type { MoodyAccount } from "../../types/ethers-contracts/index.js";
import { ETHER, ethers, makeTerms, networkHelpers, OPENING, PRICE, State } from "../escrow/fixture.ts";
import { deploySplitWorld, REWARD, ROUND, type SplitWorld } from "../escrow/split-fixture.ts";

/**
 * The attack: where a redemption calls the rewards contract and goes on if that call fails, whoever sends the transaction
 * gives it just so much gas that this one call fails. The deal is closed, the seller is paid, and the providers' share is
 * lost or falls to the seller. Turned round, a share that must succeed lets the rewards contract veto the redemption of a
 * key that is in calldata already.
 * Refused because the share is a write before the payment, whose gas is required after it: for every gas limit the
 * transaction reverts as a whole, or seller and round both get their part. Forwarding takes all or nothing, too.
 */
describe("finding: split taken by low gas", () => {
  interface SplitSale extends SplitWorld {
    readonly account: MoodyAccount;
    readonly dealId: bigint;
  }

  async function saleOfAnAccount(): Promise<SplitSale> {
    const world = await deploySplitWorld();
    const { escrow, buyer, split } = world;
    const account = await ethers.deployContract("MoodyAccount");
    const terms = await makeTerms(world, { split });
    const dealId = await escrow.dealIdOf(account, terms);
    await account.execute(escrow, escrow.interface.encodeFunctionData("offer", [terms]));
    await escrow.connect(buyer).fund(dealId, { value: PRICE });
    return { ...world, account, dealId };
  }

  /** Redeems with many gas limits, each from the same state, and collects what came of it, without repetition. */
  async function outcomes({ escrow, rewards, account, stranger, dealId }: SplitSale): Promise<string[]> {
    const seen: string[] = [];
    for (let gasLimit = 30_000n; gasLimit <= 360_000n; gasLimit += 1_500n) {
      const snapshot = await networkHelpers.takeSnapshot();
      await escrow
        .connect(stranger)
        .redeem(dealId, OPENING.key, OPENING.opening, { gasLimit })
        .catch(() => undefined);
      const outcome = [
        (await escrow.stateOf(dealId)) === State.Redeemed ? "closed" : "open",
        `paid ${await ethers.provider.getBalance(account)}`,
        `credited ${await escrow.credit(account, ETHER)}`,
        `share ${await escrow.rewardCredit(rewards, ROUND, ETHER)}`,
      ].join(", ");
      if (seen.at(-1) !== outcome) seen.push(outcome);
      await snapshot.restore();
    }
    return seen;
  }

  const nothing = "open, paid 0, credited 0, share 0";
  const rest = PRICE - REWARD;

  it("pays a smart wallet that needs 55,000 gas and credits the round, or does nothing", async () => {
    const sale = await networkHelpers.loadFixture(saleOfAnAccount);
    await sale.account.setSpending(55_000n);
    expect(await outcomes(sale)).to.deep.equal([nothing, `closed, paid ${rest}, credited 0, share ${REWARD}`]);
  });

  it("pays an account that rejects ether at once where less than 55,000 gas comes with it, or does nothing", async () => {
    const sale = await networkHelpers.loadFixture(saleOfAnAccount);
    await sale.account.setDemand(55_000n);
    expect(await outcomes(sale)).to.deep.equal([nothing, `closed, paid ${rest}, credited 0, share ${REWARD}`]);
  });

  it("credits an account that burns all its gas, and the round, or does nothing", async () => {
    const sale = await networkHelpers.loadFixture(saleOfAnAccount);
    await sale.account.setMood(3n);
    expect(await outcomes(sale)).to.deep.equal([nothing, `closed, paid 0, credited ${rest}, share ${REWARD}`]);
  });

  it("forwards all of a share, or nothing", async () => {
    const { escrow, rewards, stranger, dealId } = await networkHelpers.loadFixture(saleOfAnAccount);
    await escrow.redeem(dealId, OPENING.key, OPENING.opening);
    const seen: string[] = [];
    for (let gasLimit = 22_000n; gasLimit <= 150_000n; gasLimit += 1_000n) {
      const snapshot = await networkHelpers.takeSnapshot();
      await escrow
        .connect(stranger)
        .forwardReward(rewards, ROUND, ETHER, { gasLimit })
        .catch(() => undefined);
      const left = await escrow.rewardCredit(rewards, ROUND, ETHER);
      const outcome = `left ${left}, arrived ${await rewards.pool(ROUND)}`;
      if (seen.at(-1) !== outcome) seen.push(outcome);
      await snapshot.restore();
    }
    expect(seen).to.deep.equal([`left ${REWARD}, arrived 0`, `left 0, arrived ${REWARD}`]);
  });
});
