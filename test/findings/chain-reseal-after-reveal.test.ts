import { encodeBundle } from "@zkcmp/sale/bundle";
import { expect } from "chai";
import { believingProofSystem, networkOf } from "../../packages/sale/test/fixture.ts";
import { FundingError, keepBundle } from "../../packages/chain/src/buyer/fund.ts";
import { BurntTestSetError } from "../../packages/chain/src/buyer/order.ts";
import { revealTestSet } from "../../packages/chain/src/buyer/reveal.ts";
import { Journal } from "../../packages/chain/src/journal.ts";
import { cancelSale, offerSale } from "../../packages/chain/src/seller/offer.ts";
import { keepProof, provingInputs, receiveTestSet } from "../../packages/chain/src/seller/proof.ts";
import { SealingError } from "../../packages/chain/src/seller/seal.ts";
import { expectRefusal, offer, openWorld, order, seal } from "../../packages/chain/test/fixture.ts";

/**
 * The attack: the seller offers any network, sees the buyer's test set, trains on it, and seals the new network for the same order.
 * The proof is true and worthless. Refused on both sides: the seller's tool seals nothing for an order whose test set
 * it has seen, and the buyer's tool knows one deal for each test set, whose core fixes the whole seal.
 */
describe("finding: sealing again after the test set was seen", function () {
  this.timeout(60_000);

  it("is refused by the seller's own tool", async () => {
    const world = await openWorld();
    const placed = await order(world);
    const dealId = await offer(world, placed);
    const { testSet, salt } = await revealTestSet(world.buyer, placed.hash, dealId);
    await receiveTestSet(world.seller.journal, placed.hash, testSet, salt);
    const better = networkOf(undefined, 7);
    await expectRefusal(seal(world, placed, better), SealingError, /offered already.*deliver what was sealed/);
    await cancelSale(world.seller, placed.hash);
    for (const network of [better, world.network]) {
      await expectRefusal(seal(world, placed, network), SealingError, /test set .* was seen/);
    }
    await world.close();
  });

  it("is refused by the buyer's tool where the seller's has forgotten it all", async () => {
    const world = await openWorld();
    const placed = await order(world);
    const first = await offer(world, placed);
    await revealTestSet(world.buyer, placed.hash, first);

    const journal = new Journal(`${world.seller.journal.home}-new`);
    const forgetful = { ...world, seller: { ...world.seller, journal } };
    await seal(forgetful, placed, networkOf(undefined, 7));
    const { dealId } = await offerSale(forgetful.seller, placed.hash);
    await receiveTestSet(journal, placed.hash, world.testSet, placed.salt);
    const { statement, witness } = await provingInputs(journal, placed.hash);
    const bundle = await keepProof(journal, placed.hash, await believingProofSystem.prove(statement, witness));

    expect(dealId).to.not.equal(first);
    await expectRefusal(
      revealTestSet(world.buyer, placed.hash, dealId),
      BurntTestSetError,
      /revealed to a deal before/,
    );
    const kept = keepBundle(world.buyer.journal, encodeBundle(bundle));
    await expectRefusal(kept, FundingError, /another deal than the one that the test set was revealed to/);
    await world.close();
  });
});
