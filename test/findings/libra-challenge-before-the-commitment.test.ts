import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector } from "@zkcmp/field/kernels/kernels";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { message } from "@zkcmp/libra/affine-form";
import { openingGenerators } from "@zkcmp/libra/generators";
import type { LinearFormProof } from "@zkcmp/libra/linear-form";
import { ProofRefusedError } from "@zkcmp/libra/proof";
import { proveLinearForm } from "@zkcmp/libra/prover/linear-form";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import { Transcript } from "@zkcmp/libra/transcript";
import { verifyLinearForm } from "@zkcmp/libra/verifier/linear-form";
import { VerifierMessages } from "@zkcmp/libra/verifier/messages";
import { verifyProducts } from "@zkcmp/libra/verifier/products";
import { expect } from "chai";

/**
 * The attack: the public Libra code draws rho, the weight of the sumcheck against its mask, before it commits to the mask. Whoever knows
 * that weight first chooses the mask last, so that the sum of both is right and neither is. Here the mask of the opening, A
 * and w, answers to a challenge e: with e known, A = <x^, generators> + phi H - e P and w = <a, x^> - e value make the opening of any
 * commitment P to any value, for x^ and phi out of the air.
 * Refused because e is hashed from A and w. So are the point of the products from the products' masks, and what combines the
 * constraints from everything.
 */
describe("finding: challenge before the commitment that it answers", function () {
  this.timeout(30_000);

  const kernels = createReferenceKernels();
  const LENGTH = 64;
  const MESSAGES = 8;
  const generators = openingGenerators(kernels, MESSAGES, LENGTH - MESSAGES);
  const form = kernels.fromField(Array.from({ length: LENGTH }, (_, i) => reduce(BigInt(i + 1))));

  function commit(vector: FieldVector, blinding: FieldElement) {
    const points = kernels.concatPoints([generators.vector, generators.blinding]);
    const scalars = kernels.zeros(LENGTH + 1);
    kernels.addScaled(scalars, reduce(1n), vector);
    kernels.write(scalars, LENGTH, 1, [blinding]);
    return kernels.fromPoints([kernels.multiScalar(points, scalars)]);
  }

  const secret = kernels.fromField(systemRandomness.elements(LENGTH));
  const [blinding] = systemRandomness.elements(1) as [FieldElement];
  const commitment = commit(secret, blinding);
  const truth = kernels.innerProduct(form, secret);
  const lie = reduce(truth + 1n);

  function statementOf(value: FieldElement) {
    return { generators, commitments: commitment, weights: kernels.fromField([reduce(1n)]), form, value };
  }

  /** A proof for the value that is right if e is the challenge; its masked vector and its blinding are anything. */
  function forgeWith(e: FieldElement, value: FieldElement): LinearFormProof {
    const rest = systemRandomness.elements(LENGTH);
    const [shownBlinding] = systemRandomness.elements(1) as [FieldElement];
    const masked = kernels.fromField(rest);
    const points = kernels.concatPoints([commit(masked, shownBlinding), commitment]);
    const first = kernels.multiScalar(points, kernels.fromField([reduce(1n), reduce(-e)]));
    return {
      first: kernels.compress(kernels.fromPoints([first])),
      formValue: reduce(kernels.innerProduct(form, masked) - multiply(e, value)),
      blinding: shownBlinding,
      halvings: [],
      rest,
    };
  }

  /** The textbook's two equations, for a challenge that the verifier has from somewhere. */
  function equationsHold(proof: LinearFormProof, e: FieldElement, value: FieldElement): boolean {
    const masked = kernels.fromField(proof.rest);
    const points = kernels.concatPoints([kernels.decompress(proof.first), commitment]);
    const left = kernels.multiScalar(points, kernels.fromField([reduce(1n), e]));
    const [right] = kernels.toPoints(commit(masked, proof.blinding));
    const formFits = kernels.innerProduct(form, masked) === reduce(proof.formValue + e * value);
    return left.x === right!.x && left.y === right!.y && formFits;
  }

  function verify(proof: LinearFormProof, value: FieldElement, transcript = new Transcript()): void {
    verifyLinearForm(kernels, transcript, statementOf(value), proof, kernels.decompress(proof.first));
  }

  it("opens any commitment to any value where the challenge comes first", () => {
    const e = new Transcript().challenge("opening mask");
    expect(equationsHold(forgeWith(e, lie), e, lie)).to.equal(true);
  });

  it("opens nothing to the verifier of this project, whatever challenge the prover hopes for", () => {
    const e = new Transcript().challenge("opening mask");
    const forged = forgeWith(e, lie);
    expect(() => verify(forged, lie)).to.throw(ProofRefusedError);
    // Nor with the challenge that the first forgery would have had: the mask that fits it has another.
    const next = new Transcript();
    next.absorb("opening mask", forged.first);
    expect(() => verify(forgeWith(next.challenge("opening mask"), lie), lie)).to.throw(ProofRefusedError);
  });

  it("opens to the true value alone", () => {
    const opened = { values: secret, blinding };
    const prove = () => proveLinearForm(kernels, systemRandomness, new Transcript(), generators, form, opened, 0);
    verify(prove(), truth);
    expect(() => verify(prove(), lie)).to.throw(ProofRefusedError);
  });

  it("draws the products' point from the commitment to the products' masks", () => {
    const points = [1, 2].map((content) => {
      const transcript = new Transcript();
      const messages = new VerifierMessages(transcript, [new Uint8Array(32), new Uint8Array(32).fill(content)]);
      messages.receive(3, "factors");
      messages.requireProduct(message(0), message(1), message(2), "a b = c");
      let drawn = 0n;
      verifyProducts(transcript, messages, (z) => {
        drawn = z;
        return { left: reduce(0n), right: reduce(0n) };
      });
      return drawn;
    });
    expect(points[0]).to.not.equal(points[1]);
  });
});
