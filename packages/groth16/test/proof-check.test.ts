import { type FieldElement, FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import { ciphertextDigest } from "@zkcmp/sale/ciphertext";
import { fromHex, type Hex } from "@zkcmp/sale/hex";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { verifyBundle, VerificationError } from "@zkcmp/sale/verification";
import { expect } from "chai";
import type { FixtureDeal } from "../../sale/test/fixture.ts";
import { ProvingKeyError } from "../src/circuit-check.ts";
import { endCurve } from "../src/curve.ts";
import { groth16Verifier, type KeyedSale, SALE_PROOF_BYTES, SaleProofLengthError } from "../src/proof-check.ts";
import { saleCircuit, saleCircuitOf } from "../src/sale-circuit.ts";
import { findTrustedKey, addTrustedKey, KeyNotTrustedError } from "../src/trust-store.ts";
import { keyNamedIn } from "../src/trusted-circuit-key.ts";
import { DevelopmentKeyError } from "../src/verification-key.ts";
import { PairingError } from "../src/verify.ts";
import { contributedSaleKey, developmentSaleKey, PROVEN_SHAPE, provenSale, type SaleKey } from "./proven-sale.ts";
import { errorOf, removeFolder, temporaryFolder } from "./toy.ts";

/** Chain id of a live chain. */
const LIVE_CHAIN = 11155111;

const next = (element: FieldElement): FieldElement => reduce((element + 1n) % FIELD_ORDER);

/** The rows with one value, or one label, changed. */
function changedRows({ inputBits, classes, rows, labels }: TestSet, what: "value" | "label"): TestSet {
  const values = rows.map((row) => [...row]);
  const digits = [...labels];
  if (what === "value") values[5]![2] = values[5]![2]! ^ 1;
  else digits[5] = 1 - digits[5]!;
  return createTestSet({ inputBits, classes, rows: values, labels: digits });
}

describe("the check of a sale's Groth16 proof", function () {
  this.timeout(300_000);
  let folder: string;
  let key: SaleKey;
  let deal: FixtureDeal;
  let proof: Uint8Array;
  /** What a buyer has: no circuit that was compiled, no file of a key. */
  let sale: KeyedSale;
  before(async () => {
    folder = await temporaryFolder();
    key = await contributedSaleKey(folder);
    deal = await provenSale(key, LIVE_CHAIN);
    proof = fromHex(deal.bundle.proof);
    const { core } = deal;
    const { trustStore } = key;
    sale = { circuit: saleCircuitOf(core), key: keyNamedIn(core.keyFiles), trustStore, development: false };
  });
  after(async () => {
    await endCurve();
    await removeFolder(folder);
  });

  const refusal = (changes: Partial<SaleStatement>, given = proof, by = sale): Promise<Error> =>
    errorOf(groth16Verifier(by).verify({ ...deal.statement, ...changes }, given));

  it("accepts it, alone and with all of its bundle, from the core and the trusted keys", async () => {
    const steps: string[] = [];
    await groth16Verifier(sale).verify(deal.statement, proof, (step) => steps.push(step));
    expect(steps).to.deep.equal(["verify"]);
    const { checked, unchecked } = await verifyBundle({ ...deal.inputs, proofSystem: groth16Verifier(sale) });
    expect(unchecked).to.deep.equal([]);
    expect(checked.at(-1)).to.match(/^proven: the sealed network is right on at least 20 of the 24 rows$/);
  });

  it("proves nothing", () => {
    expect(groth16Verifier(sale)).to.have.all.keys("id", "keyFiles", "verify");
  });

  it("refuses it with any one public datum changed", async () => {
    const { statement } = deal;
    const { core, ciphertext, provenRows } = statement;
    const sealed = (words: readonly FieldElement[]): Partial<SaleStatement> => ({
      core: { ...core, ciphertextDigest: ciphertextDigest(words) },
      ciphertext: words,
    });
    const changes: Record<string, Partial<SaleStatement>> = {
      "key commitment": { core: { ...core, keyCommitment: next(core.keyCommitment) } },
      binding: { core: { ...core, bindingCommitment: next(core.bindingCommitment) } },
      core: { coreDigest: next(statement.coreDigest) },
      deal: { dealId: next(statement.dealId) },
      "digest of the rows": { rowsDigest: next(statement.rowsDigest) },
      "value of a row": { provenRows: changedRows(provenRows, "value") },
      "label of a row": { provenRows: changedRows(provenRows, "label") },
      "first word of the ciphertext": sealed([next(ciphertext[0]!), ...ciphertext.slice(1)]),
      "last word of the ciphertext": sealed([...ciphertext.slice(0, -1), next(ciphertext.at(-1)!)]),
      "threshold, one more": { core: { ...core, threshold: 21 }, threshold: 21 },
      "threshold, one less": { core: { ...core, threshold: 19 }, threshold: 19 },
    };
    for (const [what, change] of Object.entries(changes)) {
      expect(await refusal(change), what).to.be.instanceOf(PairingError);
    }
  });

  it("refuses it with another challenge, any point exchanged, or another length", async () => {
    const challenge = proof.slice();
    challenge[31]! ^= 1;
    expect(await refusal({}, challenge)).to.be.instanceOf(PairingError);
    const [a, c] = [proof.slice(32, 96), proof.slice(-64)];
    const exchanged = proof.slice();
    exchanged.set(c, 32);
    exchanged.set(a, SALE_PROOF_BYTES - 64);
    expect(await refusal({}, exchanged)).to.be.instanceOf(PairingError);
    for (const wrong of [proof.slice(1), new Uint8Array([...proof, 0]), new Uint8Array()]) {
      expect(await refusal({}, wrong)).to.be.instanceOf(SaleProofLengthError);
    }
  });

  it("refuses a statement of another circuit, before it looks for a key", async () => {
    const { core } = deal;
    const shape = { ...core.shape, weightBits: 7 };
    expect(await refusal({ core: { ...core, shape } })).to.be.instanceOf(StatementError);
    expect(await refusal({ core: { ...core, predicate: "squared-error" } })).to.be.instanceOf(StatementError);
    expect(await refusal({ core: { ...core, modelCommitment: next(core.modelCommitment) } })).to.be.instanceOf(
      StatementError,
    );
  });

  it("refuses a key that nobody has verified here", async () => {
    const zkeySha256: Hex = `0x${"ab".repeat(32)}`;
    const by = { ...sale, key: { ...sale.key, zkeySha256 } };
    expect(await refusal({}, proof, by)).to.be.instanceOf(KeyNotTrustedError);
    expect(await refusal({}, proof, { ...sale, trustStore: `${folder}/none.json` })).to.be.instanceOf(
      KeyNotTrustedError,
    );
  });

  it("refuses a key that was verified for another circuit, also under its own name", async () => {
    const trusted = await findTrustedKey(sale.trustStore, sale.key.zkeySha256.slice(2), { development: false });
    const others = [
      { ...trusted, circuit: saleCircuit(PROVEN_SHAPE, 23).name },
      { ...trusted, circuit: saleCircuit(PROVEN_SHAPE, 24, { committed: true }).name },
      { ...trusted, r1csSha256: "cd".repeat(32) },
    ];
    for (const [i, other] of others.entries()) {
      const trustStore = `${folder}/other-${i}.json`;
      await addTrustedKey(trustStore, other);
      expect(await refusal({}, proof, { ...sale, trustStore })).to.be.instanceOf(ProvingKeyError);
    }
  });

  it("refuses a bundle whose core names other key files, or more of them", async () => {
    const { keyFiles } = deal.core;
    const digest: Hex = `0x${"ef".repeat(32)}`;
    for (const name of ["constraint system", "another file"]) {
      const { inputs } = await provenSale(key, LIVE_CHAIN, { keyFiles: { ...keyFiles, [name]: digest } });
      const error = await errorOf(verifyBundle({ ...inputs, proofSystem: groth16Verifier(sale) }));
      expect(error).to.be.instanceOf(VerificationError);
      expect(error.message).to.include(`another ${name} than`);
    }
  });

  describe("under a development key", () => {
    let forDevelopment: SaleKey;
    let development: FixtureDeal;
    before(async () => {
      forDevelopment = await developmentSaleKey(folder);
      development = await provenSale(forDevelopment, 31337);
    });

    it("accepts it on a development chain, and refuses the same proof on any other", async () => {
      const { statement, bundle } = development;
      const check = (isDevelopment: boolean) =>
        groth16Verifier({ ...forDevelopment, development: isDevelopment }).verify(statement, fromHex(bundle.proof));
      await check(true);
      expect(await errorOf(check(false))).to.be.instanceOf(DevelopmentKeyError);
    });

    it("refuses a proof of another key of the same circuit", async () => {
      const { statement, bundle } = development;
      expect(await refusal(statement, fromHex(bundle.proof))).to.be.instanceOf(PairingError);
    });
  });
});
