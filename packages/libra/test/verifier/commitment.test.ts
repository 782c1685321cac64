import { FIELD_ORDER, type FieldElement, integerToBytes, reduce } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { type CommitmentKey, keyGen } from "@zkcmp/libra/commitment";
import { ProofFormatError, ProofRefusedError } from "@zkcmp/libra/proof";
import { commit, type CommitmentOpening, open } from "@zkcmp/libra/prover/commitment";
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

  it("refuses an opening of values that are not those committed to", () => {
    const other = { ...opening, values: opening.values.with(100, reduce(opening.values[100]! + 1n)) };
    refused(opening.commitment, point, open(kernels, key, other, point).proof);
    const blindings = opening.blindings.with(1, reduce(opening.blindings[1]! + 1n));
    refused(opening.commitment, point, open(kernels, key, { ...opening, blindings }, point).proof);
  });
});
