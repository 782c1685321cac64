import { createTestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { BurntTestSetError } from "../../packages/chain/src/buyer/order.ts";
import { revealTestSet } from "../../packages/chain/src/buyer/reveal.ts";
import { Journal } from "../../packages/chain/src/journal.ts";
import { offerSale } from "../../packages/chain/src/seller/offer.ts";
import { expectRefusal, offer, openWorld, order, seal, type World } from "../../packages/chain/test/fixture.ts";

/**
 * The attack: a seller makes a thousand offers with a thousand networks for one order, sees the test set through one of
 * them, and delivers the network that happens to do best on it: selection on the test set, without any
 * training. Or the seller asks for the same rows again through another order. Refused because a test set is handed
 * out to one deal id, which is written down first, and because rows are known again in any order, with any labels and salt.
 */
describe("finding: many seals, one test set", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("is refused for the second deal of the same order", async () => {
    const placed = await order(world);
    const deals = [];
    for (let i = 0; i < 3; i++) {
      const journal = new Journal(`${world.seller.journal.home}-${i}`);
      const seller = { ...world.seller, journal };
      await seal({ ...world, seller }, placed);
      deals.push((await offerSale(seller, placed.hash)).dealId);
    }
    expect(new Set(deals).size).to.equal(3);
    await revealTestSet(world.buyer, placed.hash, deals[1]!);
    for (const other of [deals[0]!, deals[2]!]) {
      await expectRefusal(
        revealTestSet(world.buyer, placed.hash, other),
        BurntTestSetError,
        /revealed to a deal before/,
      );
    }
  });

  it("is refused for the same rows in another order, shuffled, relabelled and salted anew", async () => {
    const placed = await order(world);
    const { rows, labels, ...rest } = world.testSet;
    const shuffled = createTestSet({
      ...rest,
      rows: [...rows].reverse(),
      labels: [...labels].map((label) => (label + 1) % rest.classes),
    });
    const early = await order(world, {}, shuffled);
    await revealTestSet(world.buyer, placed.hash, await offer(world, placed));
    await expectRefusal(order(world, {}, shuffled), BurntTestSetError, /Take fresh rows/);
    const second = revealTestSet(world.buyer, early.hash, await offer(world, early));
    await expectRefusal(second, BurntTestSetError, /revealed to a deal before/);
  });

  it("is refused to two commands that reveal at the same moment", async () => {
    const one = await order(world);
    const other = await order(world);
    const deals = [await offer(world, one), await offer(world, other)] as const;
    const outcomes = await Promise.allSettled([
      revealTestSet(world.buyer, one.hash, deals[0]),
      revealTestSet(world.buyer, other.hash, deals[1]),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(["fulfilled", "rejected"]);
  });
});
