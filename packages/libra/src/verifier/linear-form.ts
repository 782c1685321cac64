import { type FieldElement, fieldToBytes, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels, PointVector } from "@zkcmp/field/kernels/kernels";
import type { OpeningGenerators } from "../generators.ts";
import type { Halving, LinearFormProof } from "../linear-form.ts";
import { ProofFormatError, ProofRefusedError } from "../proof.ts";
import type { Transcript } from "../transcript.ts";

/** The prover knows x and rho with P = <x, generators> + rho H and <form, x> = value. */
export interface LinearFormStatement {
  readonly generators: OpeningGenerators;
  /** P is the sum of weights[i] * commitments[i]. */
  readonly commitments: PointVector;
  readonly weights: FieldVector;
  /** As long as the generators' vector. */
  readonly form: FieldVector;
  readonly value: FieldElement;
}

/** e, drawn when the mask is fixed. */
export function drawMaskChallenge(transcript: Transcript, first: Uint8Array, formValue: FieldElement): FieldElement {
  transcript.absorb("opening mask", first);
  transcript.absorb("opening form value", fieldToBytes(formValue));
  return transcript.challenge("opening mask");
}

/** c, the weight of the form's value beside the commitment. */
export function drawFormChallenge(transcript: Transcript, blinding: FieldElement): FieldElement {
  transcript.absorb("opening blinding", fieldToBytes(blinding));
  return transcript.challenge("opening form");
}

/** r, at which one halving folds. */
export function drawHalvingChallenge(transcript: Transcript, { left, right }: Halving): FieldElement {
  transcript.absorb("opening left", left);
  transcript.absorb("opening right", right);
  return transcript.challenge("opening halving");
}

/**
 * The compressed Sigma-protocol for linear forms of Attema and Cramer (CRYPTO 2020, eprint 2020/152, sections 3 and 4),
 * made non-interactive. The transcript has to hold everything that the statement is made of.
 *
 * 1. Mask: A = <y, generators> + sigma H and w = <form, y> with uniform y, sigma; a challenge e; then the vector is
 *    x^ = y + e x with the blinding phi = sigma + e rho, and A + e P = <x^, generators> + phi H, <form, x^> = w + e value.
 *    x^ and phi are uniform whatever x and rho are, and A and w follow from them, e, P and the value: whoever picks e
 *    first makes the same transcripts without x (perfect honest-verifier zero knowledge). All below is a function of x^.
 * 2. Form: phi is shown. With Z = A + e P - phi H + c (w + e value) U the two equations are one,
 *    Z = <x^, generators> + c <form, x^> U: for two values of c the multiple of U has to fit the form.
 * 3. Halving, as in Bulletproofs (eprint 2017/1066, section 3): with L = <x_l, g_r> + c <x_l, a_r> U and
 *    R = <x_r, g_l> + c <x_r, a_l> U, and a challenge r,
 *      g' = (1-r) g_l + r g_r,  a' = (1-r) a_l + r a_r,  x' = r x_l + (1-r) x_r,
 *      Z' = r(1-r) Z + r^2 L + (1-r)^2 R = <x', g'> + c <a', x'> U.
 *    It is the paper's folding with the challenge (1-r)/r, all weights times r; so folded is the multilinear extension
 *    at the challenges. r(1-r), r^2 and (1-r)^2 are a basis of the quadratic polynomials, so three values of r give
 *    back Z and a vector for it.
 * 4. The rest is shown, and all equations together are one sum over points: generators are never folded, the
 *    challenges' products are scalars of that sum.
 *
 * A prover who doesn't know such x, rho convinces with a probability of about (2 + 2 * halvings) / r for each hash tried.
 * @param points the decompressed points of the proof: A, then L and R of each halving
 * @throws {ProofFormatError} if the opening does not have the generators' length
 * @throws {ProofRefusedError} if it does not fit
 */
export function verifyLinearForm(
  kernels: Kernels,
  transcript: Transcript,
  statement: LinearFormStatement,
  proof: LinearFormProof,
  points: PointVector,
): void {
  const { generators, commitments, weights, form, value } = statement;
  if (proof.rest.length * 2 ** proof.halvings.length !== generators.vector.length) {
    throw new ProofFormatError("its opening has another length");
  }
  const e = drawMaskChallenge(transcript, proof.first, proof.formValue);
  const c = drawFormChallenge(transcript, proof.blinding);
  const challenges = proof.halvings.map((halving) => drawHalvingChallenge(transcript, halving));

  const holds = kernels.scope(() => {
    const rest = kernels.fromField(proof.rest);
    const tensor = kernels.equality(challenges);
    const foldedForm = kernels.combineRows(form, rest.length, tensor);
    const formOfRest = kernels.innerProduct(foldedForm, rest);

    // What each point of the proof has been multiplied by when all halvings are done: A by `scale`.
    const halvingScalars: FieldElement[] = [];
    let scale = reduce(1n);
    for (const r of challenges.toReversed()) {
      const s = reduce(1n - r);
      halvingScalars.unshift(multiply(scale, multiply(r, r)), multiply(scale, multiply(s, s)));
      scale = multiply(scale, multiply(r, s));
    }

    const shownForm = multiply(scale, reduce(proof.formValue + e * value));
    const scalars = kernels.zeros(generators.vector.length + 2 + commitments.length + points.length);
    let position = 0;
    const place = (length: number) => kernels.view(scalars, (position += length) - length, length);
    for (const factor of kernels.toField(tensor)) kernels.addScaled(place(rest.length), reduce(-factor), rest);
    kernels.write(place(2), 0, 1, [
      reduce(-multiply(scale, proof.blinding)),
      multiply(c, reduce(shownForm - formOfRest)),
    ]);
    kernels.addScaled(place(commitments.length), multiply(scale, e), weights);
    kernels.write(place(points.length), 0, 1, [scale, ...halvingScalars]);
    const all = kernels.concatPoints([generators.vector, generators.blinding, generators.form, commitments, points]);
    const sum = kernels.multiScalar(all, scalars);
    return sum.x === 0n && sum.y === 0n;
  });
  if (!holds) throw new ProofRefusedError("the opening of the commitments does not fit");
}
