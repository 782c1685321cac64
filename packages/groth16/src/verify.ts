import { concatBytes } from "@noble/hashes/utils.js";
import { FIELD_BYTES, FieldRangeError, integerToBytes, toFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Curve } from "ffjavascript";
import { sharedCurve } from "./curve.ts";
import { PointError, checkG1, checkG2, g1ToBytes, g2ToBytes, negateG1 } from "./points.ts";
import type { Proof } from "./proof.ts";
import type { CheckedVerificationKey } from "./verification-key.ts";

/** A proof that does not prove its statement. */
export abstract class ProofRefusedError extends ZkcmpError {}

export class SignalCountError extends ProofRefusedError {
  constructor(expected: number, actual: number) {
    super(`The statement has ${actual} public signals, the key is for ${expected}`, "Use the key of this circuit");
  }
}

/** A public signal outside [0, r), an alias of the value reduced by r. */
export class SignalNotCanonicalError extends ProofRefusedError {
  constructor(index: number) {
    super(`Public signal ${index} is not in [0, r)`, "Give every public signal in its canonical form");
  }
}

/** Everything is well formed, but the pairing equation does not hold. */
export class PairingError extends ProofRefusedError {
  constructor() {
    super("The proof does not hold for this statement under this key", "Ask the prover for a correct proof");
  }
}

/**
 * Verifies a Groth16 proof: e(A, B) = e(alpha, beta) e(IC_0 + sum of signal_i IC_i, gamma) e(C, delta)
 * (eprint 2016/260, section 3.2). Before it, everything that comes from outside must be in its one canonical form.
 * @param signals one integer in [0, r) for every public signal, in the circuit's order
 * @throws {ProofRefusedError | PointError} unless the proof is valid
 */
export async function checkProof(key: CheckedVerificationKey, signals: readonly bigint[], proof: Proof): Promise<void> {
  if (signals.length !== key.ic.length - 1) throw new SignalCountError(key.ic.length - 1, signals.length);
  const scalars = new Uint8Array(signals.length * FIELD_BYTES);
  signals.forEach((signal, i) => scalars.set(scalarBytes(signal, i), i * FIELD_BYTES));
  const curve = await sharedCurve();
  checkG1(proof.a, "A");
  checkG2(curve, proof.b, "B");
  checkG1(proof.c, "C");

  const prepared = prepare(curve, key);
  let sum = prepared.first;
  if (signals.length > 0) sum = curve.G1.add(await curve.G1.multiExpAffine(prepared.others, scalars), sum);
  const holds = await curve.pairingEq(
    g1ToBytes(curve, negateG1(proof.a)),
    g2ToBytes(curve, proof.b),
    sum,
    prepared.gamma,
    g1ToBytes(curve, proof.c),
    prepared.delta,
    prepared.alpha,
    prepared.beta,
  );
  if (!holds) throw new PairingError();
}

/** Whether checkProof passes. */
export async function isValidProof(
  key: CheckedVerificationKey,
  signals: readonly bigint[],
  proof: Proof,
): Promise<boolean> {
  try {
    await checkProof(key, signals, proof);
    return true;
  } catch (error) {
    if (error instanceof ProofRefusedError || error instanceof PointError) return false;
    throw error;
  }
}

function scalarBytes(signal: bigint, index: number): Uint8Array {
  try {
    return integerToBytes(toFieldElement(signal), FIELD_BYTES).reverse();
  } catch (error) {
    if (error instanceof FieldRangeError) throw new SignalNotCanonicalError(index);
    throw error;
  }
}

interface PreparedKey {
  readonly alpha: Uint8Array;
  readonly beta: Uint8Array;
  readonly gamma: Uint8Array;
  readonly delta: Uint8Array;
  readonly first: Uint8Array;
  readonly others: Uint8Array;
}

/** Points in the form of the kernels; conversion of thousands of input points takes longer than the rest. */
const preparedKeys = new WeakMap<CheckedVerificationKey, PreparedKey>();

function prepare(curve: Curve, key: CheckedVerificationKey): PreparedKey {
  const known = preparedKeys.get(key);
  if (known !== undefined) return known;
  const points = concatBytes(...key.ic.map((point) => g1ToBytes(curve, point)));
  const pointBytes = points.length / key.ic.length;
  const prepared: PreparedKey = {
    alpha: g1ToBytes(curve, key.alpha),
    beta: g2ToBytes(curve, key.beta),
    gamma: g2ToBytes(curve, key.gamma),
    delta: g2ToBytes(curve, key.delta),
    first: new Uint8Array(points.subarray(0, pointBytes)),
    others: new Uint8Array(points.subarray(pointBytes)),
  };
  preparedKeys.set(key, prepared);
  return prepared;
}
