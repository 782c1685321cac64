import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { beginOpening, check, keyGen } from "@zkcmp/libra/commitment";
import { ProofFormatError } from "@zkcmp/libra/proof";
import { commit } from "@zkcmp/libra/prover/commitment";
import { expect } from "chai";
import { elements } from "./random.ts";

describe("polynomial commitment: key and check", function () {
  this.timeout(20_000);
  const kernels = createReferenceKernels();
  const key = keyGen(kernels, 7);

  it("has a row for every 64 coefficients of a small polynomial", () => {
    expect([key.columns, key.rows]).to.deep.equal([64, 2]);
    expect(keyGen(kernels, 3)).to.include({ variables: 3, columns: 64, rows: 1 });
    for (const variables of [-1, 31, 1.5]) expect(() => keyGen(kernels, variables)).to.throw(RangeError);
  });

  it("passes commitments and refuses what is none", () => {
    const { commitment } = commit(kernels, key, elements("values", 128));
    check(kernels, key, commitment);
    const malformed = [
      commitment.slice(32),
      commitment.slice(0, 63),
      new Uint8Array(0),
      Uint8Array.of(...commitment, ...commitment.slice(0, 32)),
      Uint8Array.from(commitment).fill(0xff, 32),
      // x = 4 has no point on the curve, and a neutral point has no sign.
      Uint8Array.from(commitment).fill(0, 0, 32).with(31, 4),
      Uint8Array.from(commitment).fill(0, 0, 32).with(0, 0x80),
    ];
    for (const [i, bytes] of malformed.entries()) {
      expect(() => check(kernels, key, bytes), `case ${i}`).to.throw(ProofFormatError);
    }
  });

  it("binds the challenges of an opening to the commitment, the point and the number of variables", () => {
    const commitment = new Uint8Array(64).fill(1);
    const point = elements("point", 7);
    const challenge = (bytes: Uint8Array, at: typeof point, of = key) => beginOpening(of, bytes, at).challenge("x");
    const challenges = [
      challenge(commitment, point),
      challenge(commitment.with(63, 0), point),
      challenge(commitment, point.with(6, point[0]!)),
      challenge(commitment, point.slice(1), keyGen(kernels, 6)),
    ];
    expect(new Set(challenges).size).to.equal(challenges.length);
  });
});
