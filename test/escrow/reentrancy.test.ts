import { expect } from "chai";
import { zeroPadBytes, zeroPadValue, type ContractTransactionResponse, type Interface } from "ethers";
import type { HookToken, MoodyAccount } from "../../types/ethers-contracts/index.js";
import {
  deployWorld,
  ETHER,
  ethers,
  fundDealOfAccounts,
  makeTerms,
  networkHelpers,
  NO_SIGNATURE,
  offerDeal,
  OPENING,
  openingAt,
  PRICE,
  refundableFrom,
  type DealWorld,
} from "./fixture.ts";

/**
 * Every function that calls out, re-entered through every entry point, by accounts that receive ether and by tokens
 * with hooks. Each call inside is one that would succeed on its own, so that nothing but the guard stops it.
 */

interface ReentrantWorld extends DealWorld {
  readonly sellerAccount: MoodyAccount;
  readonly buyerAccount: MoodyAccount;
  /** Calldata by role and function: calls that would succeed for that account. */
  readonly entries: Readonly<Record<string, string>>;
}

const entryNames = ["offer", "cancel", "fund", "fundWithPermit", "redeem", "refund", "withdraw"] as const;

/**
 * A funded deal between two accounts with code, of which each has an offered deal to cancel or to fund, another
 * funded deal to redeem, an older one to refund, and a credit to withdraw.
 */
async function etherWorld(): Promise<ReentrantWorld> {
  const world = await deployWorld();
  const { escrow } = world;
  const alice = await ethers.deployContract("MoodyAccount");
  const bob = await ethers.deployContract("MoodyAccount");
  const token = await world.token.getAddress();
  const by = (index: number) => ({ keyCommitment: openingAt(index).keyCommitment });
  const abi: Interface = escrow.interface;
  const encode = (name: string, values: readonly unknown[]) => abi.encodeFunctionData(name, values);

  // A credit for each of the two: sold to each other while rejecting ether.
  await alice.setMood(1n);
  await bob.setMood(1n);
  for (const [index, seller, buyer] of [[1, alice, bob] as const, [2, bob, alice] as const]) {
    const deal = await fundDealOfAccounts(world, seller, buyer, by(index));
    await escrow.redeem(deal.dealId, openingAt(index).key, openingAt(index).opening);
  }
  const main = await fundDealOfAccounts(world, alice, bob);

  // Each of the two is seller of one open offer and buyer of the other one; the token's buyer has all approvals.
  const offers: bigint[] = [];
  for (const [index, seller, buyer] of [[3, alice, bob] as const, [4, bob, alice] as const]) {
    const terms = await makeTerms(world, { buyer: await buyer.getAddress(), token, ...by(index) });
    offers.push(await escrow.dealIdOf(seller, terms));
    await seller.execute(escrow, encode("offer", [terms]));
    await world.token.mint(buyer, 10n * PRICE);
    await buyer.execute(token, world.token.interface.encodeFunctionData("approve", [await escrow.getAddress(), PRICE]));
  }
  const funded = [
    await fundDealOfAccounts(world, alice, bob, { ...by(5), timeToRedeem: 7_200n }),
    await fundDealOfAccounts(world, bob, alice, { ...by(6), timeToRedeem: 7_200n }),
  ];
  await networkHelpers.time.increaseTo(await refundableFrom(main));

  // What the one whose offers and deals come first could do, and the same with the roles exchanged.
  const { v, r, s } = NO_SIGNATURE;
  const entriesOf = (own: 0 | 1): Record<string, string> => ({
    cancel: encode("cancel", [offers[own]]),
    fund: encode("fund", [offers[1 - own]]),
    fundWithPermit: encode("fundWithPermit", [offers[1 - own], 0n, v, r, s]),
    redeem: encode("redeem", [funded[0]!.dealId, openingAt(5).key, openingAt(5).opening]),
    refund: encode("refund", [funded[1 - own]!.dealId]),
    withdraw: encode("withdraw", [ETHER, world.stranger.address]),
  });
  const fresh = await makeTerms(world, by(7));
  return {
    ...main,
    sellerAccount: alice,
    buyerAccount: bob,
    entries: {
      ...Object.fromEntries(Object.entries(entriesOf(0)).map(([name, data]) => [`seller ${name}`, data])),
      ...Object.fromEntries(Object.entries(entriesOf(1)).map(([name, data]) => [`buyer ${name}`, data])),
      "seller offer": encode("offer", [fresh]),
      "buyer offer": encode("offer", [fresh]),
    },
  };
}

/** ReentrancyGuardReentrantCall(), as the first word of an answer. */
const guardError = zeroPadBytes("0x3ee5aeb5", 32);

describe("ModelEscrow, re-entered by a recipient of ether", () => {
  it("would allow each of the calls on its own", async () => {
    for (const role of ["seller", "buyer"] as const) {
      for (const name of entryNames) {
        const { escrow, entries, sellerAccount, buyerAccount } = await networkHelpers.loadFixture(etherWorld);
        const account = role === "seller" ? sellerAccount : buyerAccount;
        await account.execute(escrow, entries[`${role} ${name}`]!);
      }
    }
  });

  it("knows the guard's error", async () => {
    const { escrow } = await networkHelpers.loadFixture(etherWorld);
    const { selector } = escrow.interface.getError("ReentrancyGuardReentrantCall")!;
    expect(zeroPadBytes(selector, 32)).to.equal(guardError);
  });

  for (const name of entryNames) {
    it(`refuses ${name} during redeem`, async () => {
      const { escrow, dealId, entries, sellerAccount } = await networkHelpers.loadFixture(etherWorld);
      await sellerAccount.setReentry(escrow, entries[`seller ${name}`]!);
      await expect(escrow.redeem(dealId, OPENING.key, OPENING.opening)).to.changeEtherBalances(
        ethers,
        [sellerAccount, escrow],
        [PRICE, -PRICE],
      );
      expect(await sellerAccount.answer()).to.equal(guardError);
    });

    it(`refuses ${name} during refund`, async () => {
      const { escrow, dealId, entries, buyerAccount } = await networkHelpers.loadFixture(etherWorld);
      await buyerAccount.setReentry(escrow, entries[`buyer ${name}`]!);
      const data = escrow.interface.encodeFunctionData("refund", [dealId]);
      await expect(buyerAccount.execute(escrow, data)).to.changeEtherBalances(
        ethers,
        [buyerAccount, escrow],
        [PRICE, -PRICE],
      );
      expect(await buyerAccount.answer()).to.equal(guardError);
    });

    it(`refuses ${name} during withdraw`, async () => {
      const { escrow, entries, sellerAccount } = await networkHelpers.loadFixture(etherWorld);
      await sellerAccount.setReentry(escrow, entries[`seller ${name}`]!);
      const data = escrow.interface.encodeFunctionData("withdraw", [ETHER, await sellerAccount.getAddress()]);
      await expect(sellerAccount.execute(escrow, data)).to.changeEtherBalances(
        ethers,
        [sellerAccount, escrow],
        [PRICE, -PRICE],
      );
      expect(await sellerAccount.answer()).to.equal(guardError);
    });
  }

  it("shows the closed state to whoever looks during the payment", async () => {
    const { escrow, dealId, sellerAccount } = await networkHelpers.loadFixture(etherWorld);
    await sellerAccount.setReentry(escrow, escrow.interface.encodeFunctionData("stateOf", [dealId]));
    await escrow.redeem(dealId, OPENING.key, OPENING.opening);
    expect(await sellerAccount.succeeded()).to.equal(true);
    expect(await sellerAccount.answer()).to.equal(zeroPadValue("0x03", 32), "Redeemed");
  });
});

interface HookWorld extends DealWorld {
  readonly hook: HookToken;
}

/** An offered deal in a token with hooks, whose buyer has approved the price. */
async function hookWorld(): Promise<HookWorld> {
  const world = await deployWorld();
  const hook = await ethers.deployContract("HookToken");
  await hook.mint(world.buyer, 2n * PRICE);
  await hook.connect(world.buyer).approve(world.escrow, 2n * PRICE);
  return { ...(await offerDeal(world, { token: await hook.getAddress() })), hook };
}

describe("ModelEscrow, re-entered by a token", () => {
  const { v, r, s } = NO_SIGNATURE;
  const outer: Record<string, (deal: HookWorld) => Promise<() => Promise<ContractTransactionResponse>>> = {
    fund:
      async ({ escrow, buyer, dealId }) =>
      () =>
        escrow.connect(buyer).fund(dealId),
    fundWithPermit:
      async ({ escrow, buyer, dealId }) =>
      () =>
        escrow.connect(buyer).fundWithPermit(dealId, 0n, v, r, s),
    redeem: async ({ escrow, buyer, dealId }) => {
      await escrow.connect(buyer).fund(dealId);
      return () => escrow.redeem(dealId, OPENING.key, OPENING.opening);
    },
    refund: async (deal) => {
      await deal.escrow.connect(deal.buyer).fund(deal.dealId);
      await networkHelpers.time.increaseTo(await refundableFrom(deal));
      return () => deal.escrow.connect(deal.buyer).refund(deal.dealId);
    },
  };

  for (const [name, prepare] of Object.entries(outer)) {
    for (const afterwards of [false, true]) {
      it(`refuses offer and redeem, which anyone may call, during ${name}, ${afterwards ? "after" : "before"} balances change`, async () => {
        const deal = await networkHelpers.loadFixture(hookWorld);
        const { escrow, hook, dealId } = deal;
        const run = await prepare(deal);
        const terms = await makeTerms(deal, { keyCommitment: openingAt(1).keyCommitment });
        const inner = [
          escrow.interface.encodeFunctionData("offer", [terms]),
          escrow.interface.encodeFunctionData("redeem", [dealId, OPENING.key, OPENING.opening]),
        ];
        for (const data of inner) {
          const snapshot = await networkHelpers.takeSnapshot();
          await hook.setHook(escrow, data, afterwards);
          await run();
          expect(await hook.answer()).to.equal(guardError);
          await snapshot.restore();
        }
      });
    }
  }

  it("refuses a price that a hook adds to", async () => {
    const { escrow, hook, buyer, dealId } = await networkHelpers.loadFixture(hookWorld);
    const grant = hook.interface.encodeFunctionData("grant", [await escrow.getAddress(), 1n]);
    await hook.setHook(hook, grant, true);
    await expect(escrow.connect(buyer).fund(dealId))
      .to.be.revertedWithCustomError(escrow, "UnsupportedToken")
      .withArgs(await hook.getAddress(), 0n, PRICE + 1n, PRICE);
  });
});
