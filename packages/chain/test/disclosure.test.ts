import { SamplingError } from "@zkcmp/sale/sampling";
import { expect } from "chai";
import { networkOf } from "../../sale/test/fixture.ts";
import { bitsOf, checkDisclosure, DisclosureError, disclosureOf, modelDigest } from "../src/disclosure.ts";
import { revealTestSet } from "../src/buyer/reveal.ts";
import { commitSample, receiveTestSet, recordRefusal } from "../src/seller/proof.ts";
import { sealSale } from "../src/seller/seal.ts";
import { believingProofSystem } from "../../sale/test/fixture.ts";
import { expectRefusal, newHomes, offer, openWorld, order, prove, type World } from "./fixture.ts";

const nothing = { answers: [], bits: 0 };

describe("the seller's limits", function () {
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

  it("ask for 100 rows unless told otherwise", async () => {
    const { order: asked } = await order(world);
    expect(() => checkDisclosure({ ...asked, rows: 99 }, {}, nothing)).to.throw(DisclosureError, /99 rows, fewer than/);
    checkDisclosure({ ...asked, rows: 100 }, {}, nothing);
    checkDisclosure({ ...asked, rows: 1 }, { minimumRows: 1 }, nothing);
  });

  it("let no order ask for more than is advertised", async () => {
    const { order: asked } = await order(world);
    const limits = { advertisedAccuracy: 0.9 };
    checkDisclosure({ ...asked, rows: 100, threshold: 90 }, limits, nothing);
    const tooMuch = { ...asked, rows: 100, threshold: 91 };
    expect(() => checkDisclosure(tooMuch, limits, nothing)).to.throw(DisclosureError, /91 of 100/);
  });

  it("let no order ask for smaller errors than are advertised", async () => {
    const { order: accuracy } = await order(world);
    const asked = { ...accuracy, predicate: "squared-error" as const, threshold: 0, rows: 100, errorBound: 250n };
    const limits = { advertisedError: 2.5 };
    checkDisclosure(asked, limits, nothing);
    const tooMuch = { ...asked, errorBound: 249n };
    expect(() => checkDisclosure(tooMuch, limits, nothing)).to.throw(DisclosureError, /249 over 100 rows/);
    // Each limit is one of its predicate.
    checkDisclosure({ ...asked, errorBound: 0n }, { advertisedAccuracy: 0.1 }, nothing);
    checkDisclosure({ ...accuracy, rows: 100 }, limits, nothing);
    expect(bitsOf(asked, "proof")).to.equal(1);
  });

  it("count the bits of all answers", async () => {
    const { order: asked } = await order(world);
    const soFar = { answers: [], bits: 7 };
    const limits = { minimumRows: 1, maximumBits: 8 };
    checkDisclosure(asked, limits, soFar);
    expect(() => checkDisclosure({ ...asked, sampledRows: 2 }, limits, soFar)).to.throw(DisclosureError, /9 bits/);
    expect([bitsOf(asked, "proof"), bitsOf({ ...asked, sampledRows: 86 }, "proof")]).to.deep.equal([1, 86]);
    expect(bitsOf({ ...asked, sampledRows: 86 }, "refusal")).to.equal(1);
  });

  it("are kept when sealing", async () => {
    const { signedOrder } = await order(world);
    const input = { signedOrder, network: world.network, networkPath: "x", proofSystem: believingProofSystem };
    await expectRefusal(sealSale(world.seller.journal, input), DisclosureError, /24 rows/);
    expect(await world.seller.journal.sales()).to.deep.equal([]);
  });

  it("know a model again, and only that one", () => {
    expect(modelDigest(networkOf())).to.equal(modelDigest(networkOf()));
    expect(modelDigest(networkOf())).to.not.equal(modelDigest(networkOf(undefined, 9)));
  });

  it("count a proof and a refusal before they leave", async () => {
    const placed = await order(world);
    const dealId = await offer(world, placed);
    await prove(world, placed, dealId);
    await recordRefusal(world.seller.journal, placed.hash);
    const { bits, answers } = await disclosureOf(world.seller.journal, modelDigest(world.network));
    expect(bits).to.equal(2);
    expect(answers.map(({ answer }) => answer)).to.deep.equal(["proof", "refusal"]);
  });

  it("count the refusal of a model that is not good enough", async () => {
    const placed = await order(world, { sampledRows: 3, threshold: 23 });
    const dealId = await offer(world, placed);
    const { testSet, salt } = await revealTestSet(world.buyer, placed.hash, dealId);
    await receiveTestSet(world.seller.journal, placed.hash, testSet, salt);
    await expectRefusal(
      commitSample(world.seller, placed.hash),
      SamplingError,
      /right on fewer than 23 of the 24 rows/,
    );
    const { answers } = await disclosureOf(world.seller.journal, modelDigest(world.network));
    expect(answers).to.deep.equal([{ dealId, answer: "refusal", bits: 1 }]);
  });
});
