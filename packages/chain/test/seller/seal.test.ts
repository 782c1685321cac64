import { type FieldElement, randomFieldElement } from "@zkcmp/field/element";
import { createNetwork, type Network } from "@zkcmp/network/network";
import { inputCount } from "@zkcmp/network/shape";
import { coreDigest } from "@zkcmp/sale/core";
import { commitModel } from "@zkcmp/sale/model-commitment";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { expect } from "chai";
import {
  believingLibra,
  believingProofSystem,
  networkOf,
  READING,
  regressionNetworkOf,
  targetSetFor,
} from "../../../sale/test/fixture.ts";
import { cancelSale, offerSale } from "../../src/seller/offer.ts";
import { SealingError, sealSale } from "../../src/seller/seal.ts";
import { expectRefusal, FEW_ROWS, newHomes, offer, openWorld, order, prove, seal, type World } from "../fixture.ts";

describe("sealSale", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    world = await newHomes(chain);
  });
  afterEach(() => world.close());
  after(() => chain.close());

  it("writes down a core of what was ordered and sealed", async () => {
    const placed = await order(world, { sampledRows: 3 });
    await seal(world, placed);
    const { core } = await world.seller.journal.sale(placed.hash);
    expect(core).to.include({
      orderHash: placed.hash,
      testSetCommitment: placed.order.testSetCommitment,
      rows: 24,
      threshold: 20,
      sampledRows: 3,
      proofSystem: "groth16",
      modelCommitment: 0n,
    });
    expect(core.keyFiles).to.deep.equal(believingProofSystem.keyFiles);
    expect(core.shape).to.deep.equal(world.network.shape);
  });

  it("commits to the network with the model's salt, and seals anew for another salt", async () => {
    const placed = await order(world);
    const { journal } = world.seller;
    const { network } = world;
    const input = { signedOrder: placed.signedOrder, network, networkPath: "x", proofSystem: believingProofSystem };
    const sealWith = async (modelSalt: FieldElement | undefined) =>
      (await sealSale(journal, { ...input, limits: FEW_ROWS, modelSalt })).core;
    const salt = randomFieldElement();
    const first = await sealWith(salt);
    expect(first.modelCommitment).to.equal(commitModel(network, salt));
    expect((await journal.sale(placed.hash)).modelSalt).to.equal(salt);
    expect(await sealWith(salt)).to.deep.equal(first);
    const second = await sealWith(randomFieldElement());
    expect(second.modelCommitment).to.not.equal(first.modelCommitment);
    const plain = await sealWith(undefined);
    expect(plain.modelCommitment).to.equal(0n);
    expect(new Set([first, second, plain].map(({ keyCommitment }) => keyCommitment)).size).to.equal(3);
  });

  it("seals a regression network for an order about squared errors, and no other for it", async () => {
    const network = regressionNetworkOf();
    const testSet = targetSetFor(network);
    const wish = { predicate: "squared-error" as const, threshold: 0, errorBound: 1000n };
    const placed = await order(world, wish, testSet);
    const { signedOrder } = placed;
    const seals = (other: Network, signed = signedOrder) =>
      sealSale(world.seller.journal, {
        signedOrder: signed,
        network: other,
        networkPath: "x",
        proofSystem: believingProofSystem,
        limits: FEW_ROWS,
      });
    const { core } = await seals(network);
    expect(core).to.deep.include({ predicate: "squared-error", errorBound: 1000n, threshold: 0, reading: READING });
    const without = createNetwork(network.shape, network.layers, network.scales);
    await expectRefusal(seals(without), SealingError, /does not say how its output reads/);
    await expectRefusal(seals(world.network), SealingError, /3 outputs/);
    const coarse = createNetwork(network.shape, network.layers, network.scales, { multiplier: 2 ** 30, offset: 128 });
    await expectRefusal(seals(coarse), SealingError, /beyond all outputs/);
    const accuracy = await order(world);
    await expectRefusal(seals(network, accuracy.signedOrder), SealingError, /1 classes/);
  });

  it("returns the seal it has for the same network and key files", async () => {
    const placed = await order(world);
    await seal(world, placed);
    const first = await world.seller.journal.sale(placed.hash);
    await seal(world, placed);
    await offerSale(world.seller, placed.hash);
    await seal(world, placed);
    expect((await world.seller.journal.sale(placed.hash)).core).to.deep.equal(first.core);
  });

  it("draws everything anew for another network, other key files, or another proof system", async () => {
    const placed = await order(world);
    const { journal } = world.seller;
    await seal(world, placed);
    const first = await journal.sale(placed.hash);
    await seal(world, placed, networkOf(undefined, 7));
    const second = await journal.sale(placed.hash);
    const { signedOrder } = placed;
    const { network } = world;
    const sealWith = (proofSystem: ProofSystem) =>
      sealSale(journal, { signedOrder, network, networkPath: "x", proofSystem, limits: FEW_ROWS });
    const third = await sealWith({ ...believingProofSystem, keyFiles: {} });
    const fourth = await sealWith(believingLibra);
    const seals = [first, second, third, fourth];
    const of = (pick: (sale: typeof first) => unknown): number => new Set(seals.map(pick)).size;
    expect(of(({ secrets }) => secrets.key)).to.equal(4);
    expect(of(({ secrets }) => secrets.opening)).to.equal(4);
    expect(of(({ core }) => core.ephemeralKey)).to.equal(4);
    const keys = seals.map(({ secrets }) => secrets.key);
    expect(fourth.formerSeals.map(({ secrets }) => secrets.key)).to.deep.equal(keys.slice(0, 3));
    expect((await sealWith(believingLibra)).core).to.deep.equal(fourth.core);
    await offerSale(world.seller, placed.hash);
    await expectRefusal(sealWith(believingProofSystem), SealingError, /is offered already/);
  });

  it("keeps a key that was offered and cancelled, and draws another one for the same network", async () => {
    const placed = await order(world);
    const dealId = await offer(world, placed);
    const first = await world.seller.journal.sale(placed.hash);
    await cancelSale(world.seller, placed.hash);
    await seal(world, placed);
    const second = await world.seller.journal.sale(placed.hash);
    expect(coreDigest(second.core)).to.not.equal(coreDigest(first.core));
    expect(second.formerSeals[0]?.offer?.dealId).to.equal(dealId);
    expect(second.formerSeals[0]?.secrets).to.deep.equal(first.secrets);
    const { dealId: next } = await offerSale(world.seller, placed.hash);
    expect(next).to.not.equal(dealId);
  });

  it("refuses another network while an offer stands", async () => {
    const placed = await order(world);
    await offer(world, placed);
    await expectRefusal(seal(world, placed, networkOf(undefined, 7)), SealingError, /is offered already.*[Cc]ancel/);
  });

  it("refuses a network that does not fit the order", async () => {
    const placed = await order(world);
    const { shape } = world.network;
    const narrow = { ...shape, inputBits: 5 };
    await expectRefusal(seal(world, placed, networkOf(narrow)), SealingError, /5 input bits, the order .* asks for 4/);
    const layers = [{ ...shape.layers[0]!, inputs: inputCount(shape) + 1 }, shape.layers[1]!];
    const wide = networkOf({ ...shape, layers });
    await expectRefusal(seal(world, placed, wide), SealingError, /5 features, the order .* asks for 4/);
  });

  it("goes on with the same network after the test set was seen", async () => {
    const placed = await order(world);
    const dealId = await offer(world, placed);
    await prove(world, placed, dealId);
    await seal(world, placed);
  });
});
