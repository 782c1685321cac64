import { FIELD_BYTES, type FieldElement, reduce } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import type { NetworkShape } from "@zkcmp/network/shape";
import type { TestSet } from "@zkcmp/network/testset";
import { ciphertextDigest } from "@zkcmp/sale/ciphertext";
import { type Core, coreDigest } from "@zkcmp/sale/core";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { UnsealError } from "@zkcmp/sale/seal";
import { saleStatement, type SaleStatement } from "@zkcmp/sale/statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { ErrorBoundError, ModelCommitmentError, NetworkMismatchError, ThresholdError } from "@zkcmp/sale/witness-check";
import { expect } from "chai";
import {
  networkOf,
  regressionNetworkOf,
  SHAPE,
  targetSetFor,
  testSetFor,
  withThreshold,
} from "../../sale/test/fixture.ts";
import { preflight } from "../src/preflight.ts";
import { createLibra, libraWith } from "../src/proof-system.ts";
import { ProofFormatError, ProofRefusedError } from "../src/proof.ts";
import { UnsatisfiedStatementError } from "../src/prover/argument.ts";
import { proveSale } from "../src/sale/prover.ts";
import { salePublicData } from "../src/sale/public-data.ts";
import { type SaleSystem, saleSystemOf } from "../src/sale/sale-system.ts";
import { verifySale } from "../src/sale/verifier.ts";
import { type SaleTables, saleTables } from "../src/sale/witness.ts";
import { forgeArgument } from "./forge.ts";
import { withChunks } from "./more-chunks.ts";
import { SALT, type SaleCase, saleCase } from "./sale/sale-case.ts";
import { dense } from "./sale/shapes.ts";

async function refusal(attempt: Promise<unknown>): Promise<Error> {
  try {
    await attempt;
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was refused");
}

describe("libra", function () {
  this.timeout(60_000);
  let kernels: Kernels;
  let libra: ProofSystem;
  const network = networkOf();
  const testSet = testSetFor(network, 5, 3);
  let sale: SaleCase;
  let proof: Uint8Array;

  before(async () => {
    kernels = await createKernels({ threads: 1 });
    libra = libraWith(() => Promise.resolve(kernels));
    sale = await saleCase(network, testSet, { modelSalt: SALT });
    proof = await libra.prove(sale.statement, sale.witness);
  });
  after(() => kernels.dispose());

  const proven = async ({ statement, witness }: SaleCase) => {
    await libra.verify(statement, await libra.prove(statement, witness));
  };

  it("has no keys, and starts its kernels by itself", async () => {
    expect(libra.id).to.equal("libra");
    expect(libra.keyFiles).to.deep.equal({});
    await createLibra({ threads: 1 }).verify(sale.statement, proof);
  });

  it("starts its kernels again after a failure, and only then", async () => {
    let starts = 0;
    const failsOnce = createLibra({
      get threads() {
        if (++starts === 1) throw new Error("no memory");
        return 1;
      },
    });
    expect((await refusal(failsOnce.verify(sale.statement, proof))).message).to.equal("no memory");
    await failsOnce.verify(sale.statement, proof);
    await failsOnce.verify(sale.statement, proof);
    expect(starts).to.equal(2);
  });

  it("proves in the foreseen bytes, never the same", async () => {
    const { shape, modelCommitment } = sale.statement.core;
    const committed = modelCommitment !== 0n;
    expect(committed).to.be.true;
    const foreseen = preflight({ shape, rows: 5, predicate: "accuracy", committed });
    expect(proof.length).to.equal(foreseen.proofBytes);
    await libra.verify(sale.statement, proof);
    const again = await libra.prove(sale.statement, sale.witness);
    expect(Buffer.from(again).equals(proof)).to.be.false;
  });

  it("proves all kinds of networks", async () => {
    const shapes: NetworkShape[] = [
      { inputBits: 1, weightBits: 2, layers: [dense(1, 1, "none")] },
      { inputBits: 5, weightBits: 3, layers: [dense(3, 2, "square"), dense(2, 2, "relu", 2), dense(2, 5, "none")] },
      { inputBits: 16, weightBits: 16, layers: [dense(2, 2, "relu", 0, 100), dense(2, 2, "none", 0, 30)] },
    ];
    for (const shape of shapes) await proven(await saleCase(networkOf(shape), testSetFor(networkOf(shape), 1, 1)));
    const regression = regressionNetworkOf();
    await proven(await saleCase(regression, targetSetFor(regression, 4)));
  });

  it("proves a larger network on two threads, which one thread verifies", async () => {
    const shape = { inputBits: 8, weightBits: 8, layers: [dense(64, 24, "relu", 8, 4), dense(24, 10, "none")] };
    const larger = networkOf(shape);
    const { statement, witness } = await saleCase(larger, testSetFor(larger, 60, 50), { modelSalt: SALT });
    const two = await createKernels({ threads: 2 });
    try {
      const bytes = await libraWith(() => Promise.resolve(two)).prove(statement, witness);
      await libra.verify(statement, bytes);
    } finally {
      await two.dispose();
    }
  });

  it("proves drawn rows, all of which must be right", async () => {
    const { dealId, ciphertext } = sale.statement;
    const core = { ...sale.statement.core, sampledRows: 2 };
    const statement = saleStatement(core, dealId, ciphertext, testSet, [2, 0]);
    await proven({ ...sale, statement });
    const wrong = saleStatement(core, dealId, ciphertext, testSet, [2, 4]);
    expect(await refusal(libra.prove(wrong, sale.witness))).to.be.instanceOf(ThresholdError);
  });

  it("says what it does, step by step", async () => {
    const steps: string[] = [];
    await libra.prove(sale.statement, sale.witness, (step) => steps.push(step));
    expect(steps[0]).to.equal("witness");
    expect(steps).to.include.members(["committing to words", "activations", "keystream", "weights"]);
  });

  describe("refuses to prove", () => {
    it("one row more than are right, and squared errors beyond the bound", async () => {
      const more = await saleCase(network, testSet, { threshold: 4 });
      expect(await refusal(libra.prove(more.statement, more.witness))).to.be.instanceOf(ThresholdError);
      const regression = regressionNetworkOf();
      const rows = targetSetFor(regression, 4);
      const { core } = (await saleCase(regression, rows)).statement;
      const less = await saleCase(regression, rows, { errorBound: core.errorBound - 1n });
      expect(await refusal(libra.prove(less.statement, less.witness))).to.be.instanceOf(ErrorBoundError);
    });

    it("with a wrong salt, none, or keys that do not open the seal", async () => {
      for (const modelSalt of [reduce(1n), undefined]) {
        const error = await refusal(libra.prove(sale.statement, { ...sale.witness, modelSalt }));
        expect(error).to.be.instanceOf(ModelCommitmentError);
      }
      for (const name of ["key", "opening", "secret"] as const) {
        const secrets = { ...sale.witness.secrets, [name]: reduce(1n) };
        const error = await refusal(libra.prove(sale.statement, { ...sale.witness, secrets }));
        expect(error).to.be.instanceOf(UnsealError);
        for (const secret of Object.values(sale.witness.secrets)) expect(error.message).not.to.include(String(secret));
      }
    });

    it("a network of another shape", async () => {
      const layers = [SHAPE.layers[0]!, { ...SHAPE.layers[1]!, outputs: 5 }];
      const other = { ...sale.witness, network: networkOf({ ...SHAPE, layers }) };
      expect(await refusal(libra.prove(sale.statement, other))).to.be.instanceOf(NetworkMismatchError);
    });

    it("another network than the sealed one", async () => {
      const other = networkOf(SHAPE, 9);
      const plain = await saleCase(network, testSet, { threshold: 1 });
      const { provenRows: rows } = (await saleCase(other, testSetFor(other, 5, 5))).statement;
      const statement = { ...plain.statement, provenRows: rows };
      const error = await refusal(libra.prove(statement, { ...plain.witness, network: other }));
      expect(error).to.be.instanceOf(UnsatisfiedStatementError);
      expect((error as UnsatisfiedStatementError).constraint).to.equal("words of the ciphertext");
    });
  });

  describe("refuses a proof", () => {
    const refuses = async (statement: SaleStatement, bytes: Uint8Array, message?: string) => {
      const error = await refusal(libra.verify(statement, bytes));
      expect(error, message).to.be.instanceOf(ZkcmpError);
      return error;
    };

    it("with a bit changed anywhere", async () => {
      const places = [...Array.from({ length: 16 }, (_, i) => i), proof.length - 1];
      for (let place = 16; place < proof.length; place += 37 * FIELD_BYTES + 3) places.push(place);
      for (const place of places) {
        const changed = proof.slice();
        changed[place]! ^= 1 << (place % 8);
        const error = await refuses(sale.statement, changed, `byte ${place}`);
        expect(error instanceof ProofFormatError || error instanceof ProofRefusedError, error.message).to.be.true;
      }
    });

    it("that is shorter, longer, empty, or of another statement", async () => {
      const other = await saleCase(network, testSet);
      const otherProof = await libra.prove(other.statement, other.witness);
      for (const bytes of [proof.slice(0, -1), Uint8Array.of(...proof, 0), new Uint8Array(), otherProof]) {
        expect(await refuses(sale.statement, bytes)).to.be.instanceOf(ProofFormatError);
      }
    });

    it("with more chunks than the protocol takes, and what is not bytes", async () => {
      expect(await refuses(sale.statement, withChunks(proof, 200_000))).to.be.instanceOf(ProofFormatError);
      for (const nothing of [null, undefined, "proof", new Uint16Array(proof)]) {
        expect(await refuses(sale.statement, nothing as never)).to.be.instanceOf(ProofFormatError);
      }
    });

    it("of a wrong length before it starts any kernels", async () => {
      const asleep = libraWith(() => Promise.reject(new Error("started")));
      for (const bytes of [new Uint8Array(), proof.slice(0, -32), Uint8Array.of(...proof, ...new Uint8Array(32))]) {
        expect(await refusal(asleep.verify(sale.statement, bytes))).to.be.instanceOf(ProofFormatError);
      }
      expect((await refusal(asleep.verify(sale.statement, proof))).message).to.equal("started");
    });

    it("with two points exchanged", async () => {
      const start = proof.length - (proof.length % FIELD_BYTES);
      for (const at of [16, 16 + 40 * FIELD_BYTES, Math.floor(start / 2 / FIELD_BYTES) * FIELD_BYTES + 16]) {
        const changed = proof.slice();
        changed.set(proof.subarray(at, at + FIELD_BYTES), at + FIELD_BYTES);
        changed.set(proof.subarray(at + FIELD_BYTES, at + 2 * FIELD_BYTES), at);
        await refuses(sale.statement, changed);
      }
    });

    /** Every public datum, each changed alone with the digests that follow from it. */
    it("when any part of the statement is another one", async () => {
      const { statement } = sale;
      const { core, provenRows, ciphertext } = statement;
      const one = (value: FieldElement) => reduce(value + 1n);
      const recore = (changes: Partial<Core>): SaleStatement => {
        const changed = { ...core, ...changes };
        return { ...statement, core: changed, coreDigest: coreDigest(changed) };
      };
      const reseal = (words: readonly FieldElement[]): SaleStatement => ({
        ...recore({ ciphertextDigest: ciphertextDigest(words) }),
        ciphertext: words,
      });
      const rerow = (changes: Partial<TestSet>): SaleStatement => ({
        ...statement,
        provenRows: { ...provenRows, ...changes },
      });
      const { rows, labels } = provenRows;
      const layers = core.shape.layers;
      const flip = (value: number) => value ^ 1;
      const changes: Readonly<Record<string, SaleStatement>> = {
        "deal id": { ...statement, dealId: one(statement.dealId) },
        "rows digest": { ...statement, rowsDigest: one(statement.rowsDigest) },
        threshold: { ...statement, threshold: statement.threshold - 1 },
        "threshold above": { ...statement, threshold: statement.threshold + 1 },
        "a row": rerow({ rows: rows.with(1, rows[1]!.with(0, flip(rows[1]![0]!))) }),
        "two rows exchanged": rerow({ rows: rows.with(0, rows[1]!).with(1, rows[0]!) }),
        "a label": rerow({ labels: labels.with(0, (labels[0]! + 1) % 3) }),
        "a row less": rerow({ rows: rows.slice(0, 4), labels: labels.slice(0, 4) }),
        "a row more": rerow({ rows: [...rows, rows[0]!], labels: Uint16Array.of(...labels, labels[0]!) }),
        "first word": reseal(ciphertext.with(0, one(ciphertext[0]!))),
        "last word": reseal(ciphertext.with(-1 + ciphertext.length, one(ciphertext.at(-1)!))),
        E: recore({ keyCommitment: one(core.keyCommitment) }),
        S: recore({ bindingCommitment: one(core.bindingCommitment) }),
        M: recore({ modelCommitment: one(core.modelCommitment) }),
        "no M": recore({ modelCommitment: reduce(0n) }),
        "order hash": recore({ orderHash: core.ephemeralKey }),
        "ephemeral key": recore({ ephemeralKey: core.orderHash }),
        "test set": recore({ testSetCommitment: one(core.testSetCommitment) }),
        "rows of the core": recore({ rows: core.rows + 1 }),
        "threshold of the core": recore({ threshold: core.threshold - 1 }),
        "error bound": recore({ errorBound: core.errorBound + 1n }),
        "sampled rows": recore({ sampledRows: 1 }),
        scales: recore({ scales: core.scales.map((scale) => 2 * scale) }),
        "proof system": recore({ proofSystem: "groth16" }),
        "input bits": recore({ shape: { ...core.shape, inputBits: core.shape.inputBits + 1 } }),
        shift: recore({
          shape: { ...core.shape, layers: [{ ...layers[0]!, shift: layers[0]!.shift + 1 }, layers[1]!] },
        }),
        "bias shift": recore({
          shape: { ...core.shape, layers: [layers[0]!, { ...layers[1]!, biasShift: layers[1]!.biasShift + 1 }] },
        }),
        predicate: recore({ predicate: "squared-error" }),
      };
      for (const [name, changed] of Object.entries(changes)) await refuses(changed, proof, name);
      const forged = { ...statement, coreDigest: one(statement.coreDigest) };
      expect(await refuses(forged, proof)).to.be.instanceOf(StatementError);
      await libra.verify(statement, proof);
    });

    it("of squared errors for another target or bound", async () => {
      const regression = regressionNetworkOf();
      const { statement, witness } = await saleCase(regression, targetSetFor(regression, 3));
      const bytes = await libra.prove(statement, witness);
      await libra.verify(statement, bytes);
      const { labels } = statement.provenRows;
      await refuses(
        { ...statement, provenRows: { ...statement.provenRows, labels: labels.with(0, labels[0]! ^ 1) } },
        bytes,
      );
      for (const changes of [
        { errorBound: statement.core.errorBound - 1n },
        { reading: { ...statement.core.reading!, offset: statement.core.reading!.offset + 1 } },
      ]) {
        const core = { ...statement.core, ...changes };
        await refuses({ ...statement, core, coreDigest: coreDigest(core) }, bytes);
      }
    });
  });

  describe("refuses what a prover without checks makes", () => {
    /** A proof of forged tables: everything is done as the protocol says, but nobody looks whether it holds. */
    function forged(
      { statement, witness }: SaleCase,
      forge: (tables: SaleTables, system: SaleSystem) => void,
    ): Uint8Array {
      const data = salePublicData(statement);
      const system = saleSystemOf(statement);
      return kernels.scope(() => {
        const tables = saleTables(kernels, system, data, witness);
        forge(tables, system);
        return forgeArgument(
          kernels,
          system.argument,
          data.encoding,
          tables.tables,
          (channel, committed) => proveSale(kernels, system, data, tables, channel, committed),
          (channel) => verifySale(kernels, system, data, channel),
        );
      });
    }

    const refused = async ({ statement }: SaleCase, bytes: Uint8Array) =>
      expect(await refusal(libra.verify(statement, bytes))).to.be.instanceOf(ProofRefusedError);

    it("which is taken where nothing is forged", async () => {
      await libra.verify(
        sale.statement,
        forged(sale, () => undefined),
      );
    });

    it("of a wrong count", async () => {
      await refused(
        sale,
        forged(sale, ({ tables }, { surplus }) => void (tables[surplus.table]!.bits[0]! ^= 1)),
      );
    });

    /** The same prover for another statement: it has absorbed it, so only use of the datum refuses it. */
    it("of a false statement, whichever public datum is false", async () => {
      const { statement, witness } = sale;
      const { core, provenRows, ciphertext } = statement;
      const one = (value: FieldElement) => reduce(value + 1n);
      const recore = (changes: Partial<Core>): SaleStatement => {
        const changed = { ...core, ...changes };
        return { ...statement, core: changed, coreDigest: coreDigest(changed) };
      };
      const { rows, labels } = provenRows;
      const rerow = (changes: Partial<TestSet>): SaleStatement => ({
        ...statement,
        provenRows: { ...provenRows, ...changes },
      });
      const reseal = (words: readonly FieldElement[]): SaleStatement => ({
        ...recore({ ciphertextDigest: ciphertextDigest(words) }),
        ciphertext: words,
      });
      const [first, last] = core.shape.layers as [NetworkShape["layers"][0], NetworkShape["layers"][0]];
      const honest = salePublicData(statement);
      const honestSystem = saleSystemOf(statement);
      const lies: Readonly<Record<string, SaleStatement>> = {
        "threshold above": withThreshold(statement, statement.threshold + 1),
        "a row": rerow({ rows: rows.with(1, rows[1]!.with(0, rows[1]![0]! ^ 1)) }),
        "two rows exchanged": rerow({ rows: rows.with(0, rows[4]!).with(4, rows[0]!) }),
        "a label": rerow({ labels: labels.with(0, (labels[0]! + 1) % 3) }),
        "first word": reseal(ciphertext.with(0, one(ciphertext[0]!))),
        "last word": reseal(ciphertext.with(-1 + ciphertext.length, one(ciphertext.at(-1)!))),
        E: recore({ keyCommitment: one(core.keyCommitment) }),
        S: recore({ bindingCommitment: one(core.bindingCommitment) }),
        M: recore({ modelCommitment: one(core.modelCommitment) }),
        "bias shift": recore({
          shape: { ...core.shape, layers: [{ ...first, biasShift: first.biasShift + 1 }, last] },
        }),
      };
      for (const [name, lie] of Object.entries(lies)) {
        const system = saleSystemOf(lie);
        const data = salePublicData(lie);
        expect(system.argument.tables, name).to.deep.equal(honestSystem.argument.tables);
        const bytes = kernels.scope(() => {
          const tables = saleTables(kernels, honestSystem, honest, witness);
          return forgeArgument(
            kernels,
            system.argument,
            data.encoding,
            tables.tables,
            (channel, committed) => proveSale(kernels, system, data, tables, channel, committed),
            (channel) => verifySale(kernels, system, data, channel),
          );
        });
        const error = await libra.verify(lie, bytes).catch((refused: unknown) => refused);
        expect(error, name).to.be.instanceOf(ProofRefusedError);
      }
    });

    it("of another network", async () => {
      const plain = await saleCase(network, testSet, { threshold: 1 });
      const other = networkOf(SHAPE, 9);
      const { statement } = await saleCase(other, testSetFor(other, 5, 5));
      const lie = {
        statement: { ...plain.statement, provenRows: statement.provenRows },
        witness: { ...plain.witness, network: other },
      };
      await refused(
        lie,
        forged(lie, () => undefined),
      );
    });

    it("of a digit that is no bit, an activation that does not follow, an S-box that is none", async () => {
      await refused(
        sale,
        forged(sale, ({ tables }, { words }) => void (tables[words.table]!.bits[0]! ^= 1)),
      );
      await refused(
        sale,
        forged(sale, ({ activations }) => void ((activations[0] as Float64Array)[0]! += 1)),
      );
      await refused(
        sale,
        forged(sale, ({ tables }, { permutations }) => {
          const column = tables[permutations[0]!.table]!.wide[10] as FieldElement[];
          column[0] = reduce(column[0]! + 1n);
        }),
      );
    });
  });
});
