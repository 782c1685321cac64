import { expect } from "chai";
import type { MoodyAccount, MoodyToken } from "../../types/ethers-contracts/index.js";
import {
  deployWorld,
  ETHER,
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
 * The attack: a relayer brings the seller's opening with just so much gas that the payment inside fails for want of
 * it while the rest goes through. The key is out, the deal is closed, and the price lies as a credit that the seller may
 * not know of, or, where the credit's own write fails as well, the key is out for a revert each time it is tried.
 * Refused because the gas for both, push and credit, must be there before the push. Every gas limit in a wide range is
 * tried: the transaction reverts as a whole, or the seller is paid as with unlimited gas. Nothing lies between.
 */
describe("finding: low-gas redeem", () => {
  interface RelayedWorld extends DealWorld {
    readonly account: MoodyAccount;
  }

  async function sellerIsAnAccount(): Promise<RelayedWorld> {
    const world = await deployWorld();
    const account = await ethers.deployContract("MoodyAccount");
    const buyerAccount = await ethers.deployContract("MoodyAccount");
    return { ...(await fundDealOfAccounts(world, account, buyerAccount)), account };
  }

  async function sellerTakesTokens(): Promise<DealWorld> {
    const world = await deployWorld();
    return fundDeal(world, { token: await world.token.getAddress() });
  }

  async function sellerTakesMoodyTokens(): Promise<DealWorld & { readonly odd: MoodyToken }> {
    const world = await deployWorld();
    const odd = await ethers.deployContract("MoodyToken");
    await odd.mint(world.buyer, PRICE);
    return { ...(await fundDeal(world, { token: await odd.getAddress() })), odd };
  }

  /** Redeems with each gas limit from a snapshot and collects (paid, credited, closed) as text, without repetition. */
  async function outcomes(
    deal: DealWorld,
    limits: { from: bigint; to: bigint; step: bigint },
    paid: () => Promise<boolean>,
    payee: string,
    token: string,
  ): Promise<string[]> {
    const { escrow, stranger, dealId } = deal;
    const seen: string[] = [];
    for (let gasLimit = limits.from; gasLimit <= limits.to; gasLimit += limits.step) {
      const snapshot = await networkHelpers.takeSnapshot();
      await escrow
        .connect(stranger)
        .redeem(dealId, OPENING.key, OPENING.opening, { gasLimit })
        .catch(() => undefined);
      const closed = (await escrow.stateOf(dealId)) === State.Redeemed;
      const credited = (await escrow.credit(payee, token)) > 0n;
      const outcome = `${closed ? "closed" : "open"}, ${(await paid()) ? "paid" : "unpaid"}, ${credited ? "credited" : "not credited"}`;
      if (seen.at(-1) !== outcome) seen.push(outcome);
      await snapshot.restore();
    }
    return seen;
  }

  it("pays a smart wallet that needs 55,000 gas, or does nothing", async () => {
    const deal = await networkHelpers.loadFixture(sellerIsAnAccount);
    await deal.account.setSpending(55_000n);
    const paid = async () => (await ethers.provider.getBalance(deal.account)) === PRICE;
    const limits = { from: 30_000n, to: 300_000n, step: 1_500n };
    const seen = await outcomes(deal, limits, paid, await deal.account.getAddress(), ETHER);
    expect(seen).to.deep.equal(["open, unpaid, not credited", "closed, paid, not credited"]);
  });

  it("pays an account that rejects ether at once where less than 55,000 gas comes with it, or does nothing", async () => {
    const deal = await networkHelpers.loadFixture(sellerIsAnAccount);
    await deal.account.setDemand(55_000n);
    const paid = async () => (await ethers.provider.getBalance(deal.account)) === PRICE;
    const limits = { from: 30_000n, to: 300_000n, step: 1_500n };
    const seen = await outcomes(deal, limits, paid, await deal.account.getAddress(), ETHER);
    expect(seen).to.deep.equal(["open, unpaid, not credited", "closed, paid, not credited"]);
  });

  it("credits an account that burns all its gas, or does nothing", async () => {
    const deal = await networkHelpers.loadFixture(sellerIsAnAccount);
    await deal.account.setMood(3n);
    const paid = async () => (await ethers.provider.getBalance(deal.account)) === PRICE;
    const limits = { from: 30_000n, to: 300_000n, step: 1_500n };
    const seen = await outcomes(deal, limits, paid, await deal.account.getAddress(), ETHER);
    expect(seen).to.deep.equal(["open, unpaid, not credited", "closed, unpaid, credited"]);
  });

  it("pays tokens, or does nothing", async () => {
    const deal = await networkHelpers.loadFixture(sellerTakesTokens);
    const paid = async () => (await deal.token.balanceOf(deal.seller)) === PRICE;
    const limits = { from: 30_000n, to: 500_000n, step: 2_500n };
    const seen = await outcomes(deal, limits, paid, deal.seller.address, await deal.token.getAddress());
    expect(seen).to.deep.equal(["open, unpaid, not credited", "closed, paid, not credited"]);
  });

  it("credits tokens whose transfer burns all its gas, or does nothing", async () => {
    const deal = await networkHelpers.loadFixture(sellerTakesMoodyTokens);
    await deal.odd.setMood(Mood.Burn, Mood.True);
    const paid = async () => (await deal.odd.balanceOf(deal.seller)) === PRICE;
    const limits = { from: 30_000n, to: 500_000n, step: 2_500n };
    const seen = await outcomes(deal, limits, paid, deal.seller.address, await deal.odd.getAddress());
    expect(seen).to.deep.equal(["open, unpaid, not credited", "closed, unpaid, credited"]);
  });

  it("says how much gas is missing", async () => {
    const deal = await networkHelpers.loadFixture(sellerIsAnAccount);
    await expect(
      deal.escrow.connect(deal.stranger).redeem(deal.dealId, OPENING.key, OPENING.opening, { gasLimit: 150_000n }),
    ).to.be.revertedWithCustomError(deal.escrow, "InsufficientGas");
  });
});
