import { FIELD_ORDER, type FieldElement, integerToBytes, multiply, reduce } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { beginOpening, type CommitmentKey, keyGen, openingAt, valueGenerators } from "@zkcmp/libra/commitment";
import { encodeKnownValue, KNOWN_VALUE_BYTES } from "@zkcmp/libra/known-value";
import { extensionAt, innerProduct } from "@zkcmp/libra/multilinear";
import { encodeProof, ProofFormatError, ProofRefusedError } from "@zkcmp/libra/proof";
import { commit, type CommitmentOpening, open } from "@zkcmp/libra/prover/commitment";
import { proveKnownValue } from "@zkcmp/libra/prover/known-value";
import { proveLinearForm } from "@zkcmp/libra/prover/linear-form";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import { createProverTable } from "@zkcmp/libra/prover/table";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { combineConstraints } from "@zkcmp/libra/verifier/relation";
import { verify } from "@zkcmp/libra/verifier/commitment";
import { expect } from "chai";
import { elements } from "../random.ts";

const HEADER = 16;

describe("polynomial commitment: verify", function () {
  this.timeout(20_000);
  let kernels: Kernels;
  let key: CommitmentKey;
  let opening: CommitmentOpening;
  let proof: Uint8Array;
  const point = elements("point", 7);

  before(async () => {
    kernels = await createKernels({ threads: 1 });
    key = keyGen(kernels, 7);
    opening = commit(kernels, key, elements("values", 128));
    proof = open(kernels, key, opening, point).proof;
  });
  after(() => kernels.dispose());

  const refused = (commitment: Uint8Array, at: readonly FieldElement[], bytes: Uint8Array) =>
    expect(() => verify(kernels, key, commitment, at, bytes)).to.throw(ProofRefusedError);

  it("takes what was opened and nothing about other polynomials or points", () => {
    verify(kernels, key, opening.commitment, point, proof);
    refused(commit(kernels, key, opening.values).commitment, point, proof);
    point.forEach((x, i) => refused(opening.commitment, point.with(i, reduce(x + 1n)), proof));
    expect(() => verify(kernels, key, opening.commitment, point.slice(1), proof)).to.throw(RangeError);
  });

  it("refuses a commitment with any row exchanged, negated or neutral", () => {
    const { commitment } = opening;
    refused(Uint8Array.of(...commitment.slice(32), ...commitment.slice(0, 32)), point, proof);
    for (const row of [0, 1]) {
      refused(commitment.with(32 * row, commitment[32 * row]! ^ 0x80), point, proof);
      refused(Uint8Array.from(commitment).fill(0, 32 * row, 32 * row + 32), point, proof);
    }
  });

  it("refuses a proof with any word changed, and any that is longer or shorter", () => {
    for (let start = HEADER; start < proof.length; start += 32) {
      const changed = proof.with(start + 31, proof[start + 31]! ^ 1);
      expect(() => verify(kernels, key, opening.commitment, point, changed), `byte ${start}`).to.throw(
        /refused|no Libra proof/,
      );
    }
    const last = Uint8Array.from(proof);
    last.set(integerToBytes(FIELD_ORDER, 32), proof.length - 32);
    for (const bytes of [last, proof.slice(1), proof.slice(0, -32), Uint8Array.of(...proof, 0), new Uint8Array(0)]) {
      expect(() => verify(kernels, key, opening.commitment, point, bytes)).to.throw(ProofFormatError);
    }
    for (let i = 0; i < HEADER; i++) {
      expect(() => verify(kernels, key, opening.commitment, point, proof.with(i, proof[i]! ^ 1))).to.throw(
        ProofFormatError,
      );
    }
  });

  it("refuses counts of anything but one message, though the length is borne out by them", () => {
    const recounted = (counts: readonly number[], at: number, more: number) => {
      const longer = Buffer.concat([proof.subarray(0, at), new Uint8Array(32 * more), proof.subarray(at)]);
      const bytes = Uint8Array.from(longer);
      counts.forEach((count, i) => new DataView(bytes.buffer).setUint32(4 + 4 * i, count));
      return bytes;
    };
    const [chunksEnd, scalarsEnd] = [HEADER + 32, proof.length - KNOWN_VALUE_BYTES];
    verify(kernels, key, opening.commitment, point, recounted([1, 1, 0], chunksEnd, 0));
    const others = [
      recounted([2, 1, 0], chunksEnd, 1),
      recounted([1, 2, 0], scalarsEnd, 1),
      recounted([1, 1, 1], scalarsEnd, 2),
    ];
    for (const bytes of others) {
      expect(() => verify(kernels, key, opening.commitment, point, bytes)).to.throw(ProofFormatError, "something else");
    }
  });

  it("refuses what is not bytes", () => {
    for (const nothing of [null, undefined, "proof", [...proof]]) {
      const given = nothing as never;
      expect(() => verify(kernels, key, opening.commitment, point, given)).to.throw(ProofFormatError, "Uint8Array");
      expect(() => verify(kernels, key, given, point, proof)).to.throw(ProofFormatError, "2 points");
    }
  });

  /** An opening of a commitment to the value that holds 777 times another generator beside, on which all else is done as it should be. */
  function openImpure(of: CommitmentKey, values: readonly FieldElement[], at: readonly FieldElement[], free: number) {
    const { commitment, blindings } = commit(kernels, of, values);
    const transcript = beginOpening(of, commitment, at);
    const value = extensionAt(values, at);
    const extra = reduce(free === 0 ? 0n : 777n);
    const [valueBlinding] = systemRandomness.elements(1) as [FieldElement];
    const points = [valueGenerators(kernels, of), kernels.viewPoints(of.generators.vector, free, 1)];
    const scalars = kernels.fromField([value, valueBlinding, extra]);
    const sum = kernels.multiScalar(kernels.concatPoints(points), scalars);
    const impure = kernels.compress(kernels.fromPoints([sum]));

    const received = new VerifierMessages(transcript, [impure]);
    received.receive(1, "value");
    const ofValue = valueGenerators(kernels, of);
    const knownValue = proveKnownValue(kernels, systemRandomness, transcript, ofValue, value, valueBlinding);
    const { sizes, weights, form } = combineConstraints(kernels, transcript, of.argument, received, [
      openingAt(of, at),
    ]);
    const vector = kernels.zeros(sizes.length);
    const weight = kernels.element(weights, of.rows);
    const table = createProverTable(kernels, of.argument.tables[0]!, {
      bits: new Uint8Array(values.length),
      wide: [values],
    });
    const columns = table.combineCommitmentRows(of.columns, kernels.view(weights, 0, of.rows));
    kernels.addScaled(kernels.view(vector, sizes.messages, of.columns), reduce(1n), columns);
    kernels.write(vector, 0, 1, [multiply(weight, value)]);
    kernels.write(vector, free, 1, [reduce(kernels.element(vector, free) + weight * extra)]);
    const witness = {
      values: vector,
      blinding: innerProduct(kernels.toField(weights), [...blindings, valueBlinding]),
    };
    const { generators } = of;
    const opened = encodeProof({
      counts: { rows: 0, columns: of.columns, chunks: 1, messages: 1, products: 0 },
      rows: new Uint8Array(0),
      chunks: impure,
      factors: null,
      opening: proveLinearForm(kernels, systemRandomness, transcript, generators, form, witness, sizes.halvings),
    });
    return { commitment, bytes: Buffer.concat([opened, encodeKnownValue(knownValue)]) };
  }

  it("refuses commitments to the value that hold a generator which no constraint reads", () => {
    const columnBehind = (of: CommitmentKey) => of.generators.vector.length - 1;
    const zeros = (count: number) => new Array<FieldElement>(count).fill(reduce(0n));
    const small = keyGen(kernels, 3);
    const large = keyGen(kernels, 18);
    const cases: readonly (readonly [string, CommitmentKey, readonly FieldElement[], number])[] = [
      ["a column behind a small polynomial", small, elements("at", 3), columnBehind(small)],
      ["padding of the opening", large, elements("at", 18), 1],
      ["a column without weight at the point", key, zeros(7), columnBehind(key)],
    ];
    for (const [name, of, at, free] of cases) {
      const values = elements("impure", 8).concat(zeros(2 ** of.variables - 8));
      const pure = openImpure(of, values, at, 0);
      verify(kernels, of, pure.commitment, at, pure.bytes);
      const { commitment, bytes } = openImpure(of, values, at, free);
      expect(() => verify(kernels, of, commitment, at, bytes), name)
        .to.throw(ProofRefusedError)
        .with.property("step", "the value's commitment holds something other than a value");
    }
  });

  it("refuses an opening of values that are not those committed to", () => {
    const other = { ...opening, values: opening.values.with(100, reduce(opening.values[100]! + 1n)) };
    refused(opening.commitment, point, open(kernels, key, other, point).proof);
    const blindings = opening.blindings.with(1, reduce(opening.blindings[1]! + 1n));
    refused(opening.commitment, point, open(kernels, key, { ...opening, blindings }, point).proof);
  });
});
