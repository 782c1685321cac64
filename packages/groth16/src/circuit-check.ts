import { ZkcmpError } from "@zkcmp/field/error";
import type { NamedCircuit } from "./circuit-compilation.ts";
import type { Proof } from "./proof.ts";
import { findTrustedKey } from "./trust-store.ts";
import type { CircuitKey } from "./trusted-circuit-key.ts";
import { checkProof } from "./verify.ts";

/** The proving key is missing, for another circuit, or not the one that was named. */
export class ProvingKeyError extends ZkcmpError {}

/** A circuit with the verified key to use for it. */
export interface KeyedCircuit {
  readonly circuit: Pick<NamedCircuit, "name">;
  /** It must be in the trust store. */
  readonly key: CircuitKey;
  readonly trustStore: string;
  /** Whether development keys are accepted: on development chains only. */
  readonly development: boolean;
}

/**
 * Verifies a proof of a circuit under its trusted key. Neither the circuit nor the key's file is needed: what was verified
 * before says which circuit the key is for.
 * @param signals one integer in [0, r) for every public signal, in the circuit's order
 * @throws {ProvingKeyError} if the key was verified for another circuit
 * @throws KeyNotTrustedError, DevelopmentKeyError, ProofRefusedError, PointError
 */
export async function checkCircuitProof(
  { circuit, key, trustStore, development }: KeyedCircuit,
  signals: readonly bigint[],
  proof: Proof,
): Promise<void> {
  const trusted = await findTrustedKey(trustStore, key.zkeySha256.slice(2), { development });
  if (trusted.circuit !== circuit.name || `0x${trusted.r1csSha256}` !== key.r1csSha256) {
    throw new ProvingKeyError(
      `the key was verified for the circuit ${trusted.circuit}, needed is ${circuit.name}`,
      "Use the key that you made for this circuit.",
    );
  }
  await checkProof(trusted.verificationKey, signals, proof);
}
