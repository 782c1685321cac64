import { type FieldElement, fieldToBytes, reduce } from "@zkcmp/field/element";
import type { Kernels, PointVector } from "@zkcmp/field/kernels/kernels";
import { concatBytes } from "@noble/hashes/utils.js";
import type { KnownValueProof } from "../known-value.ts";
import { ProofRefusedError } from "../proof.ts";
import type { Transcript } from "../transcript.ts";
import { decompressPoints } from "./points.ts";

/** e, drawn when the masks are fixed. */
export function drawValueChallenge(transcript: Transcript, first: Uint8Array): FieldElement {
  transcript.absorb("value masks", first);
  return transcript.challenge("value masks");
}

/** Binds what follows to the shown numbers. */
export function absorbKnownValue(transcript: Transcript, { value, blinding }: KnownValueProof): void {
  transcript.absorb("masked value", concatBytes(fieldToBytes(value), fieldToBytes(blinding)));
}

/**
 * The prover knows y and rho with P = y T + rho H: P holds nothing on any other generator. It is the proof of Schnorr (CRYPTO 1989)
 * for two generators (Okamoto, CRYPTO 1992), with the transcript's challenge. The masks' commitment is K = k T + s H with
 * uniform k and s; shown are y^ = k + e y and rho^ = s + e rho, and
 *
 *   y^ T + rho^ H = K + e P
 *
 * Answers to two challenges give y and rho, so who knows none convinces with a probability of 1/r for each hash tried. y^ and rho^
 * are uniform whatever y and rho are, and K follows from them, e and P: perfect honest-verifier zero knowledge.
 *
 * @param transcript holds P already
 * @param generators T and H
 * @param commitment P, decompressed
 * @throws {ProofFormatError} if the masks' commitment is no point
 * @throws {ProofRefusedError} if the equation does not hold
 */
export function verifyKnownValue(
  kernels: Kernels,
  transcript: Transcript,
  generators: PointVector,
  commitment: PointVector,
  proof: KnownValueProof,
): void {
  const e = drawValueChallenge(transcript, proof.first);
  absorbKnownValue(transcript, proof);
  const holds = kernels.scope(() => {
    const points = kernels.concatPoints([generators, decompressPoints(kernels, proof.first), commitment]);
    const scalars = kernels.fromField([proof.value, proof.blinding, reduce(-1n), reduce(-e)]);
    const sum = kernels.multiScalar(points, scalars);
    return sum.x === 0n && sum.y === 0n;
  });
  if (!holds) throw new ProofRefusedError("the value's commitment holds something other than a value");
}
