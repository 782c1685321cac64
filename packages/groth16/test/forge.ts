import { FIELD_ORDER } from "@zkcmp/field/element";
import type { Curve } from "ffjavascript";
import { type G1Point, g1FromBytes, g1ToBytes, g2FromBytes } from "../src/points.ts";
import type { Proof } from "../src/proof.ts";
import type { VerificationKey } from "../src/verification-key.ts";

/** IC_0 + sum of signal_i IC_i, the point through which a proof sees its public signals. */
export function inputSum(curve: Curve, key: VerificationKey, signals: readonly bigint[]): G1Point {
  const { G1 } = curve;
  const sum = signals.reduce(
    (point, signal, i) => G1.add(point, G1.timesScalar(g1ToBytes(curve, key.ic[i + 1] as G1Point), signal)),
    G1.timesScalar(g1ToBytes(curve, key.ic[0] as G1Point), 1n),
  );
  return g1FromBytes(curve, G1.toAffine(sum));
}

/**
 * A proof of any public signals, without a witness, by somebody who knows alpha, beta and a point D = 1/delta * G:
 * A = a G, B = b G, C = (a b - alpha beta) D - 1/delta * inputSum, where the caller supplies 1/delta * inputSum.
 */
export function forgeProof(
  curve: Curve,
  secrets: { readonly alpha: bigint; readonly beta: bigint },
  overDelta: { readonly generator: Uint8Array; readonly inputSum: Uint8Array },
): Proof {
  const { G1, G2 } = curve;
  const [a, b] = [1234567n, 7654321n];
  const scalar = (((a * b - secrets.alpha * secrets.beta) % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;
  const c = G1.add(G1.timesScalar(overDelta.generator, scalar), G1.neg(overDelta.inputSum));
  return {
    a: g1FromBytes(curve, G1.toAffine(G1.timesScalar(G1.g, a))),
    b: g2FromBytes(curve, G2.toAffine(G2.timesScalar(G2.g, b))),
    c: g1FromBytes(curve, G1.toAffine(c)),
  };
}

/** 1/x mod r */
export function invert(x: bigint): bigint {
  let result = 1n;
  for (
    let base = x % FIELD_ORDER, rest = FIELD_ORDER - 2n;
    rest > 0n;
    rest >>= 1n, base = (base * base) % FIELD_ORDER
  ) {
    if (rest & 1n) result = (result * base) % FIELD_ORDER;
  }
  return result;
}
