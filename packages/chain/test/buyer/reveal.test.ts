import { SamplingError } from "@zkcmp/sale/sampling";
import type { Hex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { OfferMismatchError } from "../../src/buyer/offer-check.ts";
import { openNonce, RevealError, revealTestSet } from "../../src/buyer/reveal.ts";
import { EscrowCodeError } from "../../src/escrow-check.ts";
import { WrongChainError } from "../../src/network-connection.ts";
import { commitSample, receiveTestSet } from "../../src/seller/proof.ts";
import { DAY, expectRefusal, newHomes, offer, offerFalsely, openWorld, order, PRICE, type World } from "../fixture.ts";

describe("revealTestSet", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  let snapshot: unknown;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newHomes(chain);
  });
  afterEach(async () => {
    await chain.node.local.transport("evm_revert", [snapshot]);
    await world.close();
  });
  after(() => chain.close());

  const burnt = async (hash: Hex): Promise<unknown> => {
    const { revealed, testSet } = await world.buyer.journal.purchase(hash);
    return revealed ?? (await world.buyer.journal.revealedTestSet(testSet.rows));
  };

  it("hands D out to the deal, again and again, and has it burnt before", async () => {
    const placed = await order(world);
    const dealId = await offer(world, placed);
    const first = await revealTestSet(world.buyer, placed.hash, dealId);
    expect(first).to.deep.equal({ testSet: world.testSet, salt: placed.salt });
    expect(await revealTestSet(world.buyer, placed.hash, dealId)).to.deep.equal(first);
    const { revealed, testSet } = await world.buyer.journal.purchase(placed.hash);
    expect(revealed?.dealId).to.equal(dealId);
    expect((await world.buyer.journal.revealedTestSet(testSet.rows))?.dealId).to.equal(dealId);
  });

  it("keeps D from an offer that does not fit, which does not burn it", async () => {
    const placed = await order(world);
    const dealId = await offerFalsely(world, placed, { price: PRICE + 1n });
    await expectRefusal(revealTestSet(world.buyer, placed.hash, dealId), OfferMismatchError, /price/);
    expect(await burnt(placed.hash)).to.equal(null);
  });

  it("keeps D from a deal that cannot be funded any more", async () => {
    const placed = await order(world);
    const dealId = await offer(world, placed);
    await world.node.advanceTime(11 * DAY);
    await expectRefusal(revealTestSet(world.buyer, placed.hash, dealId), RevealError, /cannot be funded any more/);
    expect(await burnt(placed.hash)).to.equal(null);
  });

  it("keeps D from a deal in another contract, and on another chain", async () => {
    const elsewhere = await order(world, { escrow: `0x${"12".repeat(20)}` });
    const dealId = await offer(world, await order(world, {}, world.testSet));
    await expectRefusal(revealTestSet(world.buyer, elsewhere.hash, dealId), EscrowCodeError, /no contract/);
    const other = await order(world, { chainId: 5 });
    await expectRefusal(revealTestSet(world.buyer, other.hash, dealId), WrongChainError, /chain 5/);
  });

  describe("then openNonce", () => {
    it("opens the nonce for the seller's one root", async () => {
      const placed = await order(world, { sampledRows: 3 });
      const dealId = await offer(world, placed);
      const { testSet, salt } = await revealTestSet(world.buyer, placed.hash, dealId);
      await receiveTestSet(world.seller.journal, placed.hash, testSet, salt);
      const root = await commitSample(world.seller, placed.hash);
      const nonce = await openNonce(world.buyer, placed.hash, root);
      expect(nonce).to.equal((await world.buyer.journal.purchase(placed.hash)).nonce);
      expect(await openNonce(world.buyer, placed.hash, root)).to.equal(nonce);
    });

    it("keeps the nonce from a root that the seller did not sign", async () => {
      const placed = await order(world, { sampledRows: 3 });
      const dealId = await offer(world, placed);
      await revealTestSet(world.buyer, placed.hash, dealId);
      const root: Hex = `0x${"ab".repeat(32)}`;
      const signature = world.stranger.signingKey.sign(root).serialized as Hex;
      const work = openNonce(world.buyer, placed.hash, { root, signature });
      await expectRefusal(work, SamplingError, /not signed by the deal's seller/);
      expect((await world.buyer.journal.purchase(placed.hash)).root).to.equal(undefined);
    });

    it("keeps the nonce before D was revealed, and has none where all rows are proven", async () => {
      const sampled = await order(world, { sampledRows: 3 });
      const root = { root: `0x${"ab".repeat(32)}` as Hex, signature: "0x12" as Hex };
      await expectRefusal(openNonce(world.buyer, sampled.hash, root), RevealError, /before D was revealed/);
      const whole = await order(world);
      await expectRefusal(openNonce(world.buyer, whole.hash, root), RevealError, /asks for all rows/);
    });
  });
});
