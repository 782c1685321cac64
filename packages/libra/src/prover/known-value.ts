import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { Kernels, PointVector } from "@zkcmp/field/kernels/kernels";
import type { KnownValueProof } from "../known-value.ts";
import type { Transcript } from "../transcript.ts";
import { absorbKnownValue, drawValueChallenge } from "../verifier/known-value.ts";
import type { RandomSource } from "./random-source.ts";

/**
 * The prover's end of verifier/known-value.ts for P = value T + blinding H.
 * @param generators T and H
 */
export function proveKnownValue(
  kernels: Kernels,
  random: RandomSource,
  transcript: Transcript,
  generators: PointVector,
  value: FieldElement,
  blinding: FieldElement,
): KnownValueProof {
  const [valueMask, blindingMask] = random.elements(2) as [FieldElement, FieldElement];
  const first = kernels.scope(() => {
    const sum = kernels.multiScalar(generators, kernels.fromField([valueMask, blindingMask]));
    return kernels.compress(kernels.fromPoints([sum]));
  });
  const e = drawValueChallenge(transcript, first);
  const proof = { first, value: reduce(valueMask + e * value), blinding: reduce(blindingMask + e * blinding) };
  absorbKnownValue(transcript, proof);
  return proof;
}
