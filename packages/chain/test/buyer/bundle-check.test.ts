import { toFieldElement } from "@zkcmp/field/element";
import { type Bundle, decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { RefusedError } from "@zkcmp/sale/refused-error";
import { VerificationError } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { believingProofSystem, FakeProofError } from "../../../sale/test/fixture.ts";
import { type BundleCheck, checkBundle } from "../../src/buyer/bundle-check.ts";
import { type BuyerMaterial, journalMaterial } from "../../src/buyer/buyer-material.ts";
import { fundPurchase } from "../../src/buyer/fund.ts";
import { OfferMismatchError } from "../../src/buyer/offer-check.ts";
import { revealTestSet } from "../../src/buyer/reveal.ts";
import { cancelSale } from "../../src/seller/offer.ts";
import { keepProof, provingInputs, receiveTestSet } from "../../src/seller/proof.ts";
import { expectRefusal, newHomes, offer, openWorld, order, type PlacedOrder, type World } from "../fixture.ts";

/** A deal of which the buyer holds the bundle and has not looked at it. */
async function sentBundle(world: World): Promise<{ placed: PlacedOrder; bundle: Bundle; text: string }> {
  const placed = await order(world);
  const dealId = await offer(world, placed);
  const { seller, buyer } = world;
  const revealed = await revealTestSet(buyer, placed.hash, dealId);
  await receiveTestSet(seller.journal, placed.hash, revealed.testSet, revealed.salt);
  const { statement, witness } = await provingInputs(seller.journal, placed.hash);
  const proof = await believingProofSystem.prove(statement, witness);
  const bundle = await keepProof(seller.journal, placed.hash, proof);
  return { placed, bundle, text: encodeBundle(bundle) };
}

describe("bundle check", () => {
  let first: World;
  let world: World;
  let sent: Awaited<ReturnType<typeof sentBundle>>;
  /** What the check asked for, in order. */
  let asked: string[];

  before(async () => {
    first = await openWorld();
  });

  after(() => first.close());

  beforeEach(async () => {
    world = await newHomes(first);
    sent = await sentBundle(world);
    asked = [];
  });

  afterEach(() => world.close());

  const check = (changes: Partial<BundleCheck> = {}, material: Partial<BuyerMaterial> = {}): BundleCheck => ({
    journal: world.buyer.journal,
    text: sent.text,
    material: async (hash) => {
      asked.push("material");
      expect(hash).to.equal(sent.placed.hash);
      return { ...(await journalMaterial(world.buyer.journal, hash))!, ...material };
    },
    connect: async (chainId) => {
      asked.push("chain");
      expect(chainId).to.equal(world.connection.chainId);
      return world.connection;
    },
    proofSystemFor: async (bundle) => {
      asked.push("proof system");
      expect(bundle).to.deep.equal(sent.bundle);
      return believingProofSystem;
    },
    ...changes,
  });

  const kept = async () => (await world.buyer.journal.purchase(sent.placed.hash)).bundle;

  it("leaves nothing unchecked, keeps the bundle, and what it says can be funded", async () => {
    const checked = await checkBundle(check());
    expect(asked).to.deep.equal(["material", "chain", "proof system"]);
    expect(checked.report.unchecked).to.deep.equal([]);
    expect(checked.report.checked.slice(0, 2)).to.deep.equal([
      "the test set was revealed to this deal and no other",
      "the offer on chain is final and the same, and the escrow's code is right",
    ]);
    expect(checked).to.deep.include({ orderHash: sent.placed.hash, rewardsKnown: null, origin: null });
    expect(await kept()).to.be.a("string");
    await fundPurchase(world.buyer, checked.orderHash, checked);
  });

  it("gives plain data, which another thread can take and fund with", async () => {
    const checked = await checkBundle(check());
    const crossed = structuredClone(checked);
    expect(crossed).to.deep.equal(checked);
    await fundPurchase(world.buyer, crossed.orderHash, crossed);
  });

  it("refuses a bundle of another deal than the one that saw the test set, before anything else is asked", async () => {
    const other = { revealedTo: toFieldElement(5n) };
    await expectRefusal(checkBundle(check({}, other)), RefusedError, /test set was revealed to 0x0+5/);
    expect(asked).to.deep.equal(["material"]);
    expect(await kept()).to.equal(undefined);
  });

  it("refuses another proof system than the one that the buyer insists on, before anything else is asked", async () => {
    await expectRefusal(checkBundle(check({ required: "libra" })), RefusedError, /proven with groth16, not libra/);
    expect(asked).to.deep.equal([]);
    expect((await checkBundle(check({ required: "groth16" }))).report.unchecked).to.deep.equal([]);
  });

  it("refuses an offer that is not there any more, before it looks at the proof", async () => {
    await cancelSale(world.seller, sent.placed.hash);
    await expectRefusal(checkBundle(check()), OfferMismatchError, /cancelled/);
    expect(asked).to.deep.equal(["material", "chain"]);
    expect(await kept()).to.equal(undefined);
  });

  it("keeps no bundle whose proof is of something else", async () => {
    const text = encodeBundle({ ...sent.bundle, proof: "0x1234" });
    const anyBundle = { text, proofSystemFor: async () => believingProofSystem };
    await expectRefusal(checkBundle(check(anyBundle)), FakeProofError, /another statement/);
    expect(await kept()).to.equal(undefined);
  });

  it("keeps no bundle of another threshold than the order's", async () => {
    const bundle = decodeBundle(sent.text);
    const text = encodeBundle({ ...bundle, core: { ...bundle.core, threshold: 1 } });
    const offline = { text, connect: null, proofSystemFor: async () => believingProofSystem };
    await expectRefusal(checkBundle(check(offline)), VerificationError, /another threshold/);
    expect(await kept()).to.equal(undefined);
  });

  it("says what it did not check without a node, a key and a deal that the test set was revealed to", async () => {
    const offline = await checkBundle(check({ connect: null }));
    expect(offline.report.unchecked).to.have.lengthOf(1);
    expect(offline.report.unchecked[0]).to.match(/^the chain: /);
    const strange = await checkBundle(check({}, { privateKey: null }));
    expect(strange.report.unchecked.join()).to.match(/^S not checked, do not fund/);
  });

  it("checks with material that was only revealed, says so, and keeps nothing", async () => {
    const { report } = await checkBundle(check({}, { revealedTo: null }));
    expect(report.unchecked).to.deep.equal([
      "whether the test set was revealed to this deal alone: this home has not revealed it",
    ]);
    expect(await kept()).to.equal(undefined);
  });

  it("refuses the model of a round that was named and trained another one, or none yet", async () => {
    const round = { name: "round.json", model: async () => null };
    await expectRefusal(checkBundle(check({ round })), RefusedError, /the one of round\.json: .*no proven model yet/);
    expect(await kept()).to.equal(undefined);
  });
});
