import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels, RoundMessage } from "@zkcmp/field/kernels/kernels";
import type { ProverChannel } from "../channel.ts";

/** Where a product sumcheck ends: the point of the challenges and both factors' multilinear extensions there. */
export interface ProvenProduct {
  readonly point: readonly FieldElement[];
  readonly f: FieldElement;
  readonly g: FieldElement;
}

/**
 * Sends a round's polynomial p(t) = p_0 + p_1 t + p_2 t^2, p_1 being what p(0) + p(1) = claim asks for.
 * @returns the challenge and the next claim p(challenge)
 */
export function sendRound(
  channel: ProverChannel,
  { atZero, atInfinity }: RoundMessage,
  claim: FieldElement,
  name: string,
): { r: FieldElement; claim: FieldElement } {
  const linear = reduce(claim - 2n * atZero - atInfinity);
  channel.send([atZero, linear, atInfinity], name);
  const r = channel.challenge(name);
  return { r, claim: quadraticAt(atZero, linear, atInfinity, r) };
}

/** constant + linear t + square t^2 */
export function quadraticAt(
  constant: FieldElement,
  linear: FieldElement,
  square: FieldElement,
  t: FieldElement,
): FieldElement {
  return reduce(constant + multiply(t, reduce(linear + square * t)));
}

/**
 * The prover of `verifyProductSumcheck` for the sum over i of f[i] g[i] (Libra, eprint 2019/317, section 3.2): time linear
 * in the vectors' lengths.
 * @param f at most 2^variables entries, zero beyond its end; overwritten
 * @param g likewise
 * @param claim the sum
 */
export function proveProductSumcheck(
  kernels: Kernels,
  channel: ProverChannel,
  f: FieldVector,
  g: FieldVector,
  variables: number,
  claim: FieldElement,
  name: string,
): ProvenProduct {
  const point: FieldElement[] = [];
  let current = claim;
  let left = f;
  let right = g;
  for (let round = 0; round < variables; round++) {
    const half = 2 ** (variables - 1 - round);
    const sent = sendRound(channel, kernels.productRound(left, right, half), current, `${name} round ${round}`);
    current = sent.claim;
    point.push(sent.r);
    left = kernels.fold(left, half, sent.r);
    right = kernels.fold(right, half, sent.r);
  }
  return { point, f: kernels.element(left, 0), g: kernels.element(right, 0) };
}
