import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels, PointVector } from "@zkcmp/field/kernels/kernels";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { openingGenerators } from "@zkcmp/libra/generators";
import type { LinearFormProof } from "@zkcmp/libra/linear-form";
import { ProofFormatError, ProofRefusedError } from "@zkcmp/libra/proof";
import { proveLinearForm } from "@zkcmp/libra/prover/linear-form";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import { Transcript } from "@zkcmp/libra/transcript";
import {
  drawFormChallenge,
  drawHalvingChallenge,
  drawMaskChallenge,
  verifyLinearForm,
} from "@zkcmp/libra/verifier/linear-form";
import { concatBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";
import { ProgrammedTranscript } from "../programmed-transcript.ts";
import { elements } from "../random.ts";

const MESSAGES = 4;
const COLUMNS = 8;
const LENGTH = MESSAGES + COLUMNS;
const ONE = reduce(1n);

describe("verifyLinearForm", function () {
  this.timeout(20_000);
  const kernels = createReferenceKernels();
  const generators = openingGenerators(kernels, MESSAGES, COLUMNS);
  const form = kernels.fromField(elements("form", LENGTH));

  /** <values, generators> + blinding H */
  function commitTo(values: FieldVector, blinding: FieldElement): PointVector {
    const scalars = kernels.fromField([...kernels.toField(values), blinding]);
    const points = kernels.concatPoints([generators.vector, generators.blinding]);
    return kernels.fromPoints([kernels.multiScalar(points, scalars)]);
  }

  const values = kernels.fromField(elements("values", LENGTH));
  const [blinding] = elements("blinding", 1) as [FieldElement];
  const commitment = commitTo(values, blinding);
  const value = kernels.innerProduct(form, values);

  function prove(halvings: number, transcript = new Transcript()): LinearFormProof {
    return proveLinearForm(kernels, systemRandomness, transcript, generators, form, { values, blinding }, halvings);
  }

  function verify(
    proof: LinearFormProof,
    statement: { commitment?: PointVector; form?: FieldVector; value?: FieldElement; weight?: FieldElement } = {},
    transcript = new Transcript(),
  ): void {
    const given = {
      generators,
      commitments: statement.commitment ?? commitment,
      weights: kernels.fromField([statement.weight ?? ONE]),
      form: statement.form ?? form,
      value: statement.value ?? value,
    };
    const points = [proof.first, ...proof.halvings.flatMap(({ left, right }) => [left, right])];
    verifyLinearForm(kernels, transcript, given, proof, kernels.decompress(concatBytes(...points)));
  }

  for (const halvings of [0, 1, 2]) {
    it(`takes the form's value and no other, after ${halvings} halvings`, () => {
      const proof = prove(halvings);
      verify(proof);
      expect(() => verify(proof, { value: reduce(value + 1n) })).to.throw(ProofRefusedError);
      expect(() => verify(proof, { weight: reduce(2n) })).to.throw(ProofRefusedError);
      expect(() => verify(proof, { commitment: commitTo(values, reduce(blinding + 1n)) })).to.throw(ProofRefusedError);
      const other = kernels.copy(form);
      kernels.write(other, LENGTH - 1, 1, [ONE]);
      expect(() => verify(proof, { form: other })).to.throw(ProofRefusedError);
    });
  }

  it("refuses a proof with any part changed", () => {
    const proof = prove(2);
    const other = kernels.compress(kernels.generators("other", 1));
    const [first, second] = proof.halvings as [(typeof proof.halvings)[0], (typeof proof.halvings)[0]];
    const changed: LinearFormProof[] = [
      { ...proof, first: other },
      { ...proof, formValue: reduce(proof.formValue + 1n) },
      { ...proof, blinding: reduce(proof.blinding + 1n) },
      { ...proof, halvings: [{ ...first, left: other }, second] },
      { ...proof, halvings: [{ ...first, right: other }, second] },
      { ...proof, halvings: [first, { ...second, left: other }] },
      { ...proof, halvings: [first, { ...second, right: other }] },
      { ...proof, halvings: [second, first] },
      { ...proof, halvings: [{ left: first.right, right: first.left }, second] },
      ...proof.rest.map((entry, i) => ({ ...proof, rest: proof.rest.with(i, reduce(entry - 1n)) })),
    ];
    for (const [i, forged] of changed.entries())
      expect(() => verify(forged), `change ${i}`).to.throw(ProofRefusedError);
  });

  it("refuses an opening of another length", () => {
    const proof = prove(1);
    expect(() => verify({ ...proof, rest: proof.rest.slice(1) })).to.throw(ProofFormatError);
    expect(() => verify({ ...proof, halvings: [] })).to.throw(ProofFormatError);
  });

  it("refuses a proof of another history", () => {
    const transcript = new Transcript();
    transcript.absorb("statement", Uint8Array.of(1));
    const proof = prove(1, transcript.copy());
    verify(proof, {}, transcript);
    expect(() => verify(proof)).to.throw(ProofRefusedError);
  });

  it("draws each challenge when everything before it is said", () => {
    const [a, b] = [1, 2].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array];
    const draws: readonly (readonly ((transcript: Transcript) => FieldElement)[])[] = [
      [
        (transcript) => drawMaskChallenge(transcript, a, ONE),
        (transcript) => drawMaskChallenge(transcript, b, ONE),
        (transcript) => drawMaskChallenge(transcript, a, reduce(2n)),
      ],
      [(transcript) => drawFormChallenge(transcript, ONE), (transcript) => drawFormChallenge(transcript, reduce(2n))],
      [
        (transcript) => drawHalvingChallenge(transcript, { left: a, right: a }),
        (transcript) => drawHalvingChallenge(transcript, { left: b, right: a }),
        (transcript) => drawHalvingChallenge(transcript, { left: a, right: b }),
      ],
    ];
    for (const alternatives of draws) {
      const transcripts = alternatives.map(() => new Transcript());
      const drawn = alternatives.map((draw, i) => draw(transcripts[i]!));
      expect(new Set(drawn).size).to.equal(alternatives.length);
      expect(new Set(transcripts.map((transcript) => transcript.challenge("later"))).size).to.equal(
        alternatives.length,
      );
    }
  });

  it("refuses a commitment with a multiple of U that makes up for a wrong value", () => {
    // P' = P + u U: for one known c, u = c (value' - value) would turn one equation into the other.
    const shifted = (u: FieldElement) => {
      const points = kernels.concatPoints([commitment, generators.form]);
      return kernels.fromPoints([kernels.multiScalar(points, kernels.fromField([ONE, u]))]);
    };
    const c = reduce(123n);
    const wrong = { commitment: shifted(reduce(-c * 5n)), value: reduce(value + 5n) };
    // With c known beforehand the forgery passes: it is the order of the challenges that refuses it.
    const known = () => new ProgrammedTranscript("u", { "opening form": c });
    verify(prove(1, known()), wrong, known());
    expect(() => verify(prove(1), wrong)).to.throw(ProofRefusedError);
  });

  it("takes what a simulator makes for known challenges without any opening, of a commitment that nobody can open", () => {
    for (const halvings of [0, 2]) {
      const unknown = kernels.generators("nobody knows its discrete logarithms", 1);
      const claimed = reduce(987654321n);
      const transcript = () => new ProgrammedTranscript(`simulated ${halvings}`);
      const simulated = simulate(kernels, transcript, unknown, claimed, halvings);
      verify(simulated, { commitment: unknown, value: claimed }, transcript());
      expect(() => verify(simulated, { commitment: unknown, value: claimed })).to.throw(ProofRefusedError);
    }
  });

  /** Picks the masked vector and blinding uniformly, as a proof shows them, and solves for the mask's commitment. */
  function simulate(
    kernels: Kernels,
    transcript: () => Transcript,
    commitment: PointVector,
    value: FieldElement,
    halvings: number,
  ): LinearFormProof {
    // A proof for the vector zero shows its mask: x^ = y, phi = sigma, A = <x^, generators> + phi H, w = <form, x^>.
    const nothing = { values: kernels.zeros(LENGTH), blinding: reduce(0n) };
    const shown = proveLinearForm(kernels, systemRandomness, transcript(), generators, form, nothing, halvings);
    const e = drawMaskChallenge(transcript(), shown.first, shown.formValue);
    const points = kernels.concatPoints([kernels.decompress(shown.first), commitment]);
    const first = kernels.multiScalar(points, kernels.fromField([ONE, reduce(-e)]));
    return {
      ...shown,
      first: kernels.compress(kernels.fromPoints([first])),
      formValue: reduce(shown.formValue - e * value),
    };
  }
});
