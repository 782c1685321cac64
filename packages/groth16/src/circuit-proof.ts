import type { Progress } from "@zkcmp/sale/proof-system";
import { type KeyedCircuit, ProvingKeyError } from "./circuit-check.ts";
import { compileNamedCircuit, type NamedCircuit } from "./circuit-compilation.ts";
import { hashFile } from "./new-file.ts";
import { type ProofWithSignals, prove } from "./prove.ts";
import { calculateWitness, type CircuitInputs } from "./witness-calculator.ts";

/** A circuit that can be compiled, with the verified key to use for it. */
export interface ProvableCircuit extends KeyedCircuit {
  readonly circuit: NamedCircuit;
}

/** What proving needs beside. */
export interface ProvingOptions {
  /** The key's file. */
  readonly zkeyPath?: string | undefined;
  readonly buildFolder?: string | undefined;
}

/**
 * Proves a circuit with the key file that was named. The proof is not verified: do so with checkCircuitProof,
 * against the statement as the verifier sees it.
 * @param inputs gives the circuit's inputs, once key and circuit are known to be right
 * @throws {ProvingKeyError} if the file is missing or not the key's, or the circuit compiled here is not the key's
 * @throws UnsatisfiedCircuitError, CircuitInputError, ProvingError
 */
export async function proveCircuit(
  { circuit, key }: ProvableCircuit,
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
