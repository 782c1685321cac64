import { encodeBundle } from "@zkcmp/sale/bundle";
import { expect } from "chai";
import { believingProofSystem } from "../../sale/test/fixture.ts";
import { fundPurchase, keepBundle } from "../src/buyer/fund.ts";
import { openNonce, revealTestSet } from "../src/buyer/reveal.ts";
import { refundPurchase } from "../src/buyer/settle.ts";
import { WrongChainError } from "../src/network-connection.ts";
import { cancelSale, offerSale } from "../src/seller/offer.ts";
import { commitSample, keepProof, provingInputs, receiveNonce, receiveTestSet } from "../src/seller/proof.ts";
import { redeemSale } from "../src/seller/redeem.ts";
import { purchaseStatus, saleStatus } from "../src/status.ts";
import {
  DAY,
  expectRefusal,
  fund,
  HOUR,
  LIVE_CHAIN,
  newHomes,
  offer,
  openWorld,
  order,
  prove,
  seal,
  verify,
  type World,
} from "./fixture.ts";

describe("status", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  let snapshot: unknown;
  before(async () => {
    chain = await openWorld(LIVE_CHAIN);
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newHomes(chain);
  });
  afterEach(async () => {
    chain.node.finalized = null;
    await chain.node.local.transport("evm_revert", [snapshot]);
    await world.close();
  });
  after(() => chain.close());

  const nextOf = async (hash: `0x${string}`): Promise<[string, string]> => [
    (await saleStatus(world.connection, world.seller.journal, hash)).next,
    (await purchaseStatus(world.connection, world.buyer.journal, hash)).next,
  ];

  it("says at every step of a sampled sale what comes next", async () => {
    const placed = await order(world, { sampledRows: 3 });
    const { hash } = placed;
    const { seller, buyer } = world;
    await seal(world, placed);
    expect(await nextOf(hash)).to.deep.equal([
      "Offer the seal on chain.",
      "Give the seller the order and wait for the deal's id; then reveal the test set to it.",
    ]);
    const block = await world.node.blockNumber();
    const { dealId } = await offerSale(seller, hash);
    world.node.finalized = block;
    expect((await nextOf(hash))[0]).to.match(/until the offer is final/);
    world.node.finalized = null;
    expect((await nextOf(hash))[0]).to.match(/wait for the test set/);
    const { testSet, salt } = await revealTestSet(buyer, hash, dealId);
    await receiveTestSet(seller.journal, hash, testSet, salt);
    expect(await nextOf(hash)).to.deep.equal([
      "Commit to the sample.",
      "Wait for the seller's root, then open the nonce.",
    ]);
    const root = await commitSample(seller, hash);
    expect((await nextOf(hash))[0]).to.match(/wait for the nonce/);
    await receiveNonce(seller.journal, hash, await openNonce(buyer, hash, root));
    expect(await nextOf(hash)).to.deep.equal(["Prove the sale.", "Wait for the bundle, then verify it."]);
    const { statement, witness } = await provingInputs(seller.journal, hash);
    const bundle = await keepProof(seller.journal, hash, await believingProofSystem.prove(statement, witness));
    await keepBundle(buyer.journal, encodeBundle(bundle));
    expect(await nextOf(hash)).to.deep.equal([
      "Give the buyer the bundle and wait for the payment.",
      "Verify the bundle, then fund.",
    ]);
    const unpaid = await world.node.blockNumber();
    await fundPurchase(buyer, hash, { bundle, report: await verify(world, placed, bundle) });
    world.node.finalized = unpaid;
    expect((await nextOf(hash))[0]).to.match(/until the payment is final/);
    world.node.finalized = null;
    expect(await nextOf(hash)).to.deep.equal(["Redeem.", "Wait for the key, then unseal."]);
    await redeemSale(seller, hash);
    expect(await nextOf(hash)).to.deep.equal([
      "The price was paid, or credited: withdraw a credit.",
      "Unseal the network.",
    ]);
  });

  it("says it of the ends that nobody hopes for", async () => {
    const cancelled = await order(world);
    const deal = await offer(world, cancelled);
    await revealTestSet(world.buyer, cancelled.hash, deal);
    await cancelSale(world.seller, cancelled.hash);
    expect(await nextOf(cancelled.hash)).to.deep.equal([
      "Nothing: the offer was taken back.",
      "The seller took the offer back: make a new order with fresh rows.",
    ]);
    const fresh = await newHomes(world);
    world = fresh;
    const { placed } = await fund(world);
    await world.node.advanceTime(DAY - HOUR);
    expect((await nextOf(placed.hash))[0]).to.match(/Too close to the refund/);
    await world.node.advanceTime(HOUR);
    expect(await nextOf(placed.hash)).to.deep.equal([
      "Too late to redeem: keep the key and let the buyer take the refund.",
      "Take the refund.",
    ]);
    await refundPurchase(world.buyer, placed.hash);
    expect((await nextOf(placed.hash))[0]).to.match(/the model is still yours/);
  });

  it("names the proof system: the seller's from the seal on, the buyer's once there is a bundle", async () => {
    const placed = await order(world);
    const systems = async (): Promise<unknown[]> => [
      (await saleStatus(world.connection, world.seller.journal, placed.hash)).proofSystem,
      (await purchaseStatus(world.connection, world.buyer.journal, placed.hash)).proofSystem,
    ];
    const dealId = await offer(world, placed);
    expect(await systems()).to.deep.equal(["groth16", null]);
    await prove(world, placed, dealId);
    expect(await systems()).to.deep.equal(["groth16", "groth16"]);
  });

  it("says that an offer cannot be paid any more", async () => {
    const placed = await order(world);
    const dealId = await offer(world, placed);
    await revealTestSet(world.buyer, placed.hash, dealId);
    await world.node.advanceTime(11 * DAY);
    expect(await nextOf(placed.hash)).to.deep.equal([
      "The time to fund is over: cancel the offer.",
      "The time to fund is over: make a new order with fresh rows.",
    ]);
  });

  it("is of the order's own chain", async () => {
    const placed = await order(world, { chainId: 5 });
    const work = purchaseStatus(world.connection, world.buyer.journal, placed.hash);
    await expectRefusal(work, WrongChainError, /the order is on chain 5/);
  });
});
