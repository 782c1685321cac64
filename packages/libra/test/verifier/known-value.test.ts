import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { PointVector } from "@zkcmp/field/kernels/kernels";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { decodeKnownValue, encodeKnownValue, type KnownValueProof } from "@zkcmp/libra/known-value";
import { ProofFormatError, ProofRefusedError } from "@zkcmp/libra/proof";
import { proveKnownValue } from "@zkcmp/libra/prover/known-value";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import { Transcript } from "@zkcmp/libra/transcript";
import { verifyKnownValue } from "@zkcmp/libra/verifier/known-value";
import { expect } from "chai";
import { ProgrammedTranscript } from "../programmed-transcript.ts";
import { elements } from "../random.ts";

const ONE = reduce(1n);

describe("verifyKnownValue", () => {
  const kernels = createReferenceKernels();
  const generators = kernels.generators("value and blinding", 2);
  const [value, blinding] = elements("value and blinding", 2) as [FieldElement, FieldElement];
  const commitTo = (y: FieldElement, rho: FieldElement) =>
    kernels.fromPoints([kernels.multiScalar(generators, kernels.fromField([y, rho]))]);
  const commitment = commitTo(value, blinding);

  const prove = (transcript = new Transcript(), y = value) =>
    proveKnownValue(kernels, systemRandomness, transcript, generators, y, blinding);
  const verify = (proof: KnownValueProof, of: PointVector = commitment, transcript = new Transcript()) =>
    verifyKnownValue(kernels, transcript, generators, of, proof);
  const refused = (proof: KnownValueProof, of?: PointVector, transcript?: Transcript) =>
    expect(() => verify(proof, of, transcript)).to.throw(ProofRefusedError);

  it("takes a known value, and no other commitment or history", () => {
    const proof = prove();
    verify(proof);
    refused(proof, commitTo(reduce(value + 1n), blinding));
    refused(proof, commitTo(value, reduce(blinding + 1n)));
    refused(prove(new Transcript(), reduce(value + 1n)));
    const history = new Transcript();
    history.absorb("statement", Uint8Array.of(1));
    refused(proof, commitment, history.copy());
    verify(prove(history.copy()), commitment, history);
  });

  it("refuses a commitment that holds anything else", () => {
    const points = kernels.concatPoints([commitment, kernels.generators("something else", 1)]);
    refused(prove(), kernels.fromPoints([kernels.multiScalar(points, kernels.fromField([ONE, reduce(5n)]))]));
  });

  it("refuses a proof with any part changed", () => {
    const proof = prove();
    refused({ ...proof, value: reduce(proof.value + 1n) });
    refused({ ...proof, blinding: reduce(proof.blinding + 1n) });
    refused({ ...proof, first: kernels.compress(commitment) });
    const off = { ...proof, first: new Uint8Array(32).with(31, 4) };
    expect(() => verify(off)).to.throw(ProofFormatError, "canonical");
  });

  it("binds later challenges to every part", () => {
    const after = (change: Partial<KnownValueProof>) => {
      const transcript = new Transcript();
      const proof = { first: kernels.compress(commitment), value: ONE, blinding: ONE, ...change };
      refused(proof, commitment, transcript);
      return transcript.challenge("later");
    };
    const first = kernels.compress(kernels.generators("other", 1));
    const challenges = [{}, { first }, { value: reduce(2n) }, { blinding: reduce(2n) }].map(after);
    expect(new Set(challenges).size).to.equal(challenges.length);
  });

  it("takes what a simulator makes for a known challenge, of a commitment that nobody can open", () => {
    const unknown = kernels.generators("nobody knows its discrete logarithms", 1);
    const e = reduce(123n);
    const known = () => new ProgrammedTranscript("known", { "value masks": e });
    const [shownValue, shownBlinding] = systemRandomness.elements(2) as [FieldElement, FieldElement];
    const points = kernels.concatPoints([generators, unknown]);
    const first = kernels.multiScalar(points, kernels.fromField([shownValue, shownBlinding, reduce(-e)]));
    const simulated = {
      first: kernels.compress(kernels.fromPoints([first])),
      value: shownValue,
      blinding: shownBlinding,
    };
    verify(simulated, unknown, known());
    refused(simulated, unknown);
  });

  it("masks the value and the blinding, each anew", () => {
    const proofs = [prove(), prove()];
    const shown = proofs.flatMap((proof) => [String(proof.first), proof.value, proof.blinding]);
    expect(new Set([...shown, value, blinding]).size).to.equal(8);
    const transcript = new Transcript();
    const masks = (chosen: FieldElement[]) =>
      proveKnownValue(kernels, { elements: () => chosen }, transcript.copy(), generators, value, blinding);
    const [k, s] = elements("masks", 2) as [FieldElement, FieldElement];
    const [first, otherValue, otherBlinding] = [masks([k, s]), masks([ONE, s]), masks([k, ONE])];
    expect(first.first).to.deep.equal(kernels.compress(commitTo(k, s)));
    expect(otherValue.first).to.deep.equal(kernels.compress(commitTo(ONE, s)));
    expect(otherBlinding.first).to.deep.equal(kernels.compress(commitTo(k, ONE)));
  });

  it("is encoded in 96 bytes, in one way", () => {
    const proof = prove();
    const bytes = encodeKnownValue(proof);
    expect(bytes.length).to.equal(96);
    expect(decodeKnownValue(bytes)).to.deep.equal(proof);
    for (const wrong of [
      bytes.slice(1),
      Uint8Array.of(...bytes, 0),
      Uint8Array.from(bytes).fill(0xff, 32, 64),
      Uint8Array.from(bytes).fill(0xff, 64),
    ]) {
      expect(() => decodeKnownValue(wrong)).to.throw(ProofFormatError);
    }
  });
});
