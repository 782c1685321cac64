import { ZkcmpError } from "@zkcmp/field/error";
import type { Progress } from "@zkcmp/sale/proof-system";
import { compileNamedCircuit, type NamedCircuit } from "./circuit-compilation.ts";
import type { CircuitKey } from "./trusted-circuit-key.ts";
import { hashFile } from "./new-file.ts";
import type { Proof } from "./proof.ts";
import { type ProofWithSignals, prove } from "./prove.ts";
import { findTrustedKey } from "./trust-store.ts";
import { checkProof } from "./verify.ts";
import { calculateWitness, type CircuitInputs } from "./witness-calculator.ts";

/** The proving key is missing, for another circuit, or not the one that was named. */
export class ProvingKeyError extends ZkcmpError {}

/** A circuit with the verified key to use for it. */
export interface KeyedCircuit {
  readonly circuit: NamedCircuit;
  /** It must be in the trust store. */
  readonly key: CircuitKey;
  readonly trustStore: string;
  /** Whether development keys are accepted: on development chains only. */
  readonly development: boolean;
}

/** What proving needs beside. */
export interface ProvingOptions {
  /** The key's file. */
  readonly zkeyPath?: string | undefined;
  readonly buildFolder?: string | undefined;
}

/**
 * Verifies a proof of a circuit under its trusted key.
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

/**
 * Proves a circuit with the key file that was named. The proof is not verified: do so with {@link checkCircuitProof},
 * against the statement as the verifier sees it.
 * @param inputs gives the circuit's inputs, once key and circuit are known to be right
 * @throws {ProvingKeyError} if the file is missing or not the key's, or the circuit compiled here is not the key's
 * @throws UnsatisfiedCircuitError, CircuitInputError, ProvingError
 */
export async function proveCircuit(
  { circuit, key }: KeyedCircuit,
  { zkeyPath, buildFolder }: ProvingOptions,
  inputs: () => CircuitInputs,
  progress: Progress = () => undefined,
): Promise<ProofWithSignals> {
  if (zkeyPath === undefined) {
    throw new ProvingKeyError("no proving key was named", "Name the key file that the setup wrote.");
  }
  if (`0x${await hashFile(zkeyPath, "sha256")}` !== key.zkeySha256) {
    throw new ProvingKeyError(
      `${zkeyPath} is not the key file that was agreed on: its SHA-256 differs`,
      "Name the key file whose hash both parties know.",
    );
  }
  progress("compile");
  const compiled = await compileNamedCircuit(circuit, buildFolder);
  if (`0x${compiled.r1csSha256}` !== key.r1csSha256) {
    throw new ProvingKeyError(
      "the circuit compiled here is not the one that the key was made for",
      "Both parties must use the same version of zkcmp.",
    );
  }
  progress("witness");
  const witness = await calculateWitness(compiled.wasmPath, inputs());
  progress("prove", 0);
  return prove(zkeyPath, witness, (done) => progress("prove", done));
}
