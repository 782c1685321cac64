import { reduce } from "@zkcmp/field/element";
import { layerBounds } from "@zkcmp/network/bounds";
import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { rejected } from "../../network/test/thrown.ts";
import type { Bundle } from "../src/bundle.ts";
import { createX25519KeyPair } from "../src/buyer-key.ts";
import type { Core } from "../src/core.ts";
import { NO_SPLIT } from "../src/deal.ts";
import { fieldToHex } from "../src/hex.ts";
import { commitModel } from "../src/model-commitment.ts";
import { ZERO_DIGEST } from "../src/order.ts";
import type { ProofSystem } from "../src/proof-system.ts";
import { REPORTED_ERRORS, sampledClaim } from "../src/sampling.ts";
import { commitTestSet } from "../src/test-set-commitment.ts";
import { type VerifierInputs, verifyBundle } from "../src/verification.ts";
import {
  addressOf,
  believingLibra,
  believingProofSystem,
  createDeal,
  type DealOptions,
  type FixtureDeal,
  networkOf,
  READING,
  REGRESSION_SHAPE,
  regressionNetworkOf,
  SHAPE,
  signOrder,
  signRoot,
  STRANGER,
  targetSetFor,
  testSetFor,
  without,
} from "./fixture.ts";

const SAMPLED = 6;

const REGRESSION: DealOptions = {
  network: regressionNetworkOf(),
  testSet: targetSetFor(regressionNetworkOf()),
  modelSalt: reduce(12345n),
};

async function refusal(inputs: VerifierInputs): Promise<string> {
  return (await rejected(verifyBundle(inputs))).message;
}

/** Why a deal made with these options is refused. */
async function refusalOf(options: DealOptions): Promise<string> {
  return refusal((await createDeal(options)).inputs);
}

describe("verification of a bundle", function () {
  this.timeout(60_000);

  let full: FixtureDeal;
  let sampled: FixtureDeal;
  let regression: FixtureDeal;

  before(async () => {
    full = await createDeal();
    sampled = await createDeal({ order: { sampledRows: SAMPLED } });
    regression = await createDeal(REGRESSION);
  });

  const changed = (deal: FixtureDeal, change: Partial<Bundle>): VerifierInputs => ({
    ...deal.inputs,
    bundle: { ...deal.bundle, ...change },
  });

  describe("accepts", () => {
    it("a deal about squared errors, and says of M what is proven and no more", async () => {
      const { core, order } = regression;
      const { checked, unchecked } = await verifyBundle(regression.inputs);
      expect(unchecked).to.deep.equal([]);
      expect(checked).to.include(
        `proven: the sealed network's squared errors on all 24 rows sum up to at most ${order.errorBound} squared target digits`,
      );
      expect(core.modelCommitment).to.equal(commitModel(regression.network, reduce(12345n)));
      expect(checked).to.include(`proven: M = ${fieldToHex(core.modelCommitment)} commits to the sealed parameters`);
      expect(checked.join()).to.not.match(/train|round/);
      const plain = await verifyBundle((await createDeal({ ...REGRESSION, modelSalt: undefined })).inputs);
      expect(plain.checked.join()).to.not.contain("commits to");
    });

    it("an honest deal with all rows, leaving nothing unchecked", async () => {
      const report = await verifyBundle(full.inputs);
      expect(report.unchecked).to.deep.equal([]);
      expect(report.sampledClaims).to.deep.equal([]);
      expect(report.checked.at(-1)).to.equal("proven: the sealed network is right on at least 20 of the 24 rows");
    });

    it("an honest deal with sampled rows, and says what that states", async () => {
      const report = await verifyBundle(sampled.inputs);
      expect(report.unchecked).to.deep.equal([]);
      expect(report.checked.at(-1)).to.equal("proven: the sealed network is right on all 6 drawn rows");
      expect(report.sampledClaims).to.deep.equal(REPORTED_ERRORS.map((error) => sampledClaim(20, SAMPLED, error)));
    });

    it("a deal that is proven with libra, which names no key files", async () => {
      const deal = await createDeal({ proofSystem: believingLibra });
      expect(deal.core).to.deep.include({ proofSystem: "libra", keyFiles: {} });
      expect((await verifyBundle(deal.inputs)).unchecked).to.deep.equal([]);
    });

    it("and hands the proof system the statement of the seller", async () => {
      for (const deal of [full, sampled]) {
        const seen: unknown[] = [];
        const proofSystem: ProofSystem = {
          ...believingProofSystem,
          verify: (...given) => Promise.resolve(void seen.push(given)),
        };
        const progress = (): void => undefined;
        await verifyBundle({ ...deal.inputs, proofSystem, progress });
        expect(seen).to.deep.equal([
          [deal.statement, Uint8Array.from(Buffer.from(deal.bundle.proof.slice(2), "hex")), progress],
        ]);
      }
    });
  });

  describe("leaves unchecked, and says so,", () => {
    it("S without the buyer's key", async () => {
      const report = await verifyBundle(without(full.inputs, "buyerPrivateKey"));
      expect(report.unchecked).to.have.lengthOf(1);
      expect(report.unchecked[0]).to.match(/^S not checked, do not fund/);
      expect(report.checked.join()).to.not.contain("X25519");
    });

    it("the root without the one that came before the nonce", async () => {
      const report = await verifyBundle(without(sampled.inputs, "sampleRoot"));
      expect(report.unchecked).to.have.lengthOf(1);
      expect(report.unchecked[0]).to.match(/^the root of the sample not checked, do not fund/);
    });

    it("signatures that the chain was asked for", async () => {
      const bundle: Bundle = {
        ...sampled.bundle,
        signedOrder: { ...sampled.bundle.signedOrder, signature: "0x" },
        sampling: { ...sampled.bundle.sampling!, rootSignature: "0x" },
      };
      expect(await refusal({ ...sampled.inputs, bundle })).to.contain("the order's signature");
      await verifyBundle({ ...sampled.inputs, bundle, signaturesCheckedOnChain: true });
    });
  });

  describe("refuses", () => {
    it("an order that its buyer did not sign", async () => {
      const { order } = full;
      for (const signedOrder of [
        await signOrder(order, STRANGER),
        { order: { ...order, price: order.price + 1n }, signature: full.bundle.signedOrder.signature },
        { order: { ...order, buyer: addressOf(STRANGER) }, signature: full.bundle.signedOrder.signature },
      ]) {
        expect(await refusal(changed(full, { signedOrder }))).to.match(
          /^the order's signature is not that of its buyer/,
        );
      }
    });

    it("a core that differs from the order", async () => {
      const other: [Partial<Core>, string][] = [
        [{ orderHash: ZERO_DIGEST }, "the core names another order"],
        [{ rows: 23 }, "the core asks for other rows or another threshold"],
        [{ threshold: 19 }, "the core asks for other rows or another threshold"],
        [{ sampledRows: 3 }, "the core samples another number of rows"],
        [{ testSetCommitment: reduce(1n) }, "the core names another test set"],
      ];
      for (const [core, problem] of other) expect(await refusalOf({ core })).to.contain(problem);
    });

    it("an order of the same buyer for another price, moved under the core", async () => {
      const signedOrder = await signOrder({ ...full.order, price: 1n });
      expect(await refusal(changed(full, { signedOrder }))).to.contain("the core names another order");
    });

    it("a test set or salt that is not the committed one", async () => {
      const rows = full.testSet.rows.map((row) => Uint16Array.from(row));
      rows[7]![2]! ^= 1;
      const labels = Uint16Array.from(full.testSet.labels);
      labels[3] = (labels[3]! + 1) % 3;
      for (const inputs of [
        { ...full.inputs, testSetSalt: sampled.testSetSalt },
        { ...full.inputs, testSet: { ...full.testSet, rows } },
        { ...full.inputs, testSet: { ...full.testSet, labels } },
      ]) {
        expect(await refusal(inputs)).to.contain("the test set or its salt is not the one in the order");
      }
    });

    it("a committed test set that does not fit the order", async () => {
      const network = networkOf();
      const testSet = testSetFor(network);
      expect(await refusalOf({ order: { rows: 25 } })).to.contain("another number of rows");
      expect(await refusalOf({ order: { classes: 4 } })).to.contain("other input bits or classes");
      expect(await refusalOf({ order: { inputBits: 5 } })).to.contain("other input bits or classes");
      expect(await refusalOf({ order: { features: 5 } })).to.contain(
        "outside the order's input bits, features or classes",
      );
      const wide: TestSet = { ...testSet, rows: testSet.rows.map((row, i) => (i === 9 ? row.map(() => 16) : row)) };
      expect(await refusalOf({ network, testSet: wide })).to.contain("outside the order's input bits");
      const label: TestSet = { ...testSet, labels: testSet.labels.map((label, i) => (i === 9 ? 3 : label)) };
      expect(await refusalOf({ network, testSet: label })).to.contain("outside the order's input bits");
    });

    it("a shape that no network has, or whose bounds are too large", async () => {
      const [first, last] = SHAPE.layers;
      const disjoint = { ...SHAPE, layers: [first!, { ...last!, inputs: 7 }] };
      expect(await refusalOf({ core: { shape: disjoint } })).to.contain("Make the two numbers equal");
      const boundless = { ...SHAPE, layers: [{ ...first!, biasShift: 249 }, last!] };
      expect(await refusalOf({ core: { shape: boundless } })).to.contain("above the limit 2^250");
    });

    it("a network that does not fit the order", async () => {
      const testSet = testSetFor(networkOf());
      const wide = networkOf({ ...SHAPE, inputBits: 5 });
      expect(await refusalOf({ network: wide, testSet })).to.contain("the network takes other input bits");
      const [first, last] = SHAPE.layers;
      const features = networkOf({ ...SHAPE, layers: [{ ...first!, inputs: 5 }, last!] });
      expect(await refusalOf({ network: features, testSet })).to.contain("the network has other features or classes");
      const classes = networkOf({ ...SHAPE, layers: [first!, { ...last!, outputs: 4 }] });
      expect(await refusalOf({ network: classes, testSet })).to.contain("the network has other features or classes");
    });

    it("a scale too many or too few", async () => {
      expect(await refusalOf({ core: { scales: [1] } })).to.contain("one positive scale for each layer");
      expect(await refusalOf({ core: { scales: [1, 1, 1] } })).to.contain("one positive scale for each layer");
      // No network has such a scale: the key would open nothing that can be read.
      expect(await refusalOf({ core: { scales: [1, -1] } })).to.contain("one positive scale for each layer");
    });

    it("another ciphertext", async () => {
      const { ciphertext } = full.bundle;
      expect(await refusalOf({ ciphertext: [...ciphertext, reduce(0n)] })).to.contain(
        "does not have the network's length",
      );
      expect(await refusalOf({ ciphertext: ciphertext.slice(1) })).to.contain("does not have the network's length");
      expect(await refusalOf({ ciphertext })).to.contain("the ciphertext is not the one in the core");
    });

    it("another predicate or error bound in the core than in the order", async () => {
      const differs = "another predicate or error bound";
      expect(await refusalOf({ core: { predicate: "squared-error" } })).to.contain(differs);
      expect(await refusalOf({ core: { errorBound: 1n } })).to.contain(differs);
      const { errorBound } = regression.order;
      expect(await refusalOf({ ...REGRESSION, core: { errorBound: errorBound - 1n } })).to.contain(differs);
      expect(await refusalOf({ ...REGRESSION, core: { predicate: "accuracy" } })).to.contain(differs);
    });

    it("an output reading that is missing, not asked for, or puts a target beyond all outputs", async () => {
      expect(await refusalOf({ ...REGRESSION, core: { reading: null } })).to.contain("how its output reads");
      expect(await refusalOf({ core: { reading: READING } })).to.contain("how its output reads");
      const { magnitudeBits } = layerBounds(REGRESSION_SHAPE).at(-1)!;
      const reading = (multiplier: number): DealOptions => ({
        ...REGRESSION,
        order: { errorBound: 2n ** 20n },
        core: { reading: { ...READING, multiplier } },
      });
      // With the offset 128 the lowest of 256 digits is the farthest.
      const largest = 2 ** magnitudeBits / READING.offset;
      expect(await refusalOf(reading(largest + 1))).to.contain("beyond all outputs");
      await verifyBundle((await createDeal(reading(largest))).inputs);
    });

    it("a regression network with several outputs", async () => {
      const options = { ...REGRESSION, core: { shape: SHAPE, scales: [1, 1] } };
      expect(await refusalOf(options)).to.contain("other features or classes");
    });

    it("a deal id that does not follow", async () => {
      const { core } = full;
      for (const change of [
        { dealId: reduce(full.dealId + 1n) },
        { seller: addressOf(STRANGER) },
        { split: { ...NO_SPLIT, basisPoints: 1 } },
        { split: { ...NO_SPLIT, round: 1n } },
        { split: { ...NO_SPLIT, rewards: addressOf(STRANGER) } },
        { core: { ...core, scales: [1, 1] } },
        { core: { ...core, keyCommitment: reduce(1n) } },
        { core: { ...core, bindingCommitment: reduce(1n) } },
        { core: { ...core, ephemeralKey: createX25519KeyPair().publicKey } },
      ]) {
        expect(await refusal(changed(full, change))).to.contain(
          "the deal's id does not follow from seller, order and core",
        );
      }
    });

    it("a seal that is bound to another key", async () => {
      const key = createX25519KeyPair();
      expect(await refusal({ ...full.inputs, buyerPrivateKey: key.privateKey })).to.contain(
        "not bound to this X25519 key",
      );
      expect(await refusalOf({ core: { bindingCommitment: reduce(1n) } })).to.contain("not bound to this X25519 key");
      expect(await refusalOf({ core: { ephemeralKey: key.publicKey } })).to.contain("not bound to this X25519 key");
    });

    it("a sample where none was asked for, and none where one was", async () => {
      expect(await refusal(changed(full, { sampling: sampled.bundle.sampling }))).to.contain(
        "the order asks for all rows, the bundle has a sample",
      );
      expect(await refusal(changed(sampled, { sampling: null }))).to.contain(
        "the order asks for sampled rows, the bundle has none",
      );
    });

    it("a sample whose root is not signed by the seller, or came after the nonce", async () => {
      const sampling = sampled.bundle.sampling!;
      const { order, dealId } = sampled;
      for (const rootSignature of [
        await signRoot(order, dealId, sampling.root, STRANGER),
        await signRoot(order, reduce(dealId + 1n), sampling.root),
        await signRoot(order, dealId, ZERO_DIGEST),
        "0x" as const,
      ]) {
        expect(await refusal(changed(sampled, { sampling: { ...sampling, rootSignature } }))).to.contain(
          "the root is not signed by the deal's seller",
        );
      }
      expect(await refusal({ ...sampled.inputs, sampleRoot: ZERO_DIGEST })).to.contain(
        "the root is not the one that came before the nonce was opened",
      );
    });

    it("a sample with a wrong nonce or a wrong opening", async () => {
      const sampling = sampled.bundle.sampling!;
      expect(await refusal(changed(sampled, { sampling: { ...sampling, nonce: ZERO_DIGEST } }))).to.contain(
        "the nonce is not the one that the order commits to",
      );
      const openings = [...sampling.openings.slice(1), sampling.openings[0]!];
      expect(await refusal(changed(sampled, { sampling: { ...sampling, openings } }))).to.contain(
        "opening 0 is not the drawn leaf",
      );
    });

    it("another proof system than the core's, before any proof is looked at", async () => {
      const unused = { verify: () => Promise.reject(new Error("the proof was looked at")) };
      const libra = { ...believingLibra, ...unused };
      expect(await refusal({ ...full.inputs, proofSystem: libra })).to.contain("the core asks for groth16, not libra");
      const deal = await createDeal({ proofSystem: believingLibra });
      for (const keyFiles of [{}, believingProofSystem.keyFiles]) {
        const groth16: ProofSystem = { ...believingProofSystem, ...unused, keyFiles };
        expect(await refusal({ ...deal.inputs, proofSystem: groth16 })).to.contain(
          "the core asks for libra, not groth16",
        );
      }
    });

    it("key files in the core of a libra deal, whoever says to use them", async () => {
      const { keyFiles } = believingProofSystem;
      for (const proofSystem of [believingLibra, { ...believingLibra, keyFiles }]) {
        expect(await refusalOf({ proofSystem, core: { keyFiles } })).to.contain("libra has none");
      }
    });

    it("key files other than those that were checked here", async () => {
      const { keyFiles } = believingProofSystem;
      const [name, other] = Object.keys(keyFiles) as [string, string];
      for (const [files, differing] of [
        [{ ...keyFiles, [name]: ZERO_DIGEST }, name],
        [{ ...keyFiles, extra: ZERO_DIGEST }, "extra"],
        [{ [name]: keyFiles[name]! }, other],
        [{ ...keyFiles, toString: ZERO_DIGEST }, "toString"],
        [{}, name],
      ] as const) {
        expect(await refusalOf({ core: { keyFiles: files } })).to.contain(`the proof uses another ${differing} than`);
      }
    });

    it("a proof of another statement", async () => {
      for (const deal of [full, sampled]) {
        const { proof } = (await createDeal({ order: { sampledRows: deal.order.sampledRows } })).bundle;
        expect(await refusal(changed(deal, { proof }))).to.contain("the proof is for another statement");
        expect(await refusal(changed(deal, { proof: "0x" }))).to.contain("the proof is for another statement");
      }
    });
  });

  it("reads the test set again in every check: a set of other rows with the right commitment is no help", async () => {
    // The commitment is over rows in their order, so a permuted set is another one.
    const order = [...full.testSet.rows.keys()].reverse();
    const reversed = createTestSet({
      ...full.testSet,
      rows: order.map((i) => full.testSet.rows[i]!),
      labels: order.map((i) => full.testSet.labels[i]!),
    });
    expect(commitTestSet(reversed, full.testSetSalt)).to.not.equal(full.order.testSetCommitment);
    expect(await refusal({ ...full.inputs, testSet: reversed })).to.contain("is not the one in the order");
  });
});
