import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CompiledCircuit, compileCircuit } from "../src/compile.ts";
import { writeDevelopmentKey } from "../src/development-key.ts";
import type { G2Point } from "../src/points.ts";
import { type ProofWithSignals, prove } from "../src/prove.ts";
import { readProvingKey } from "../src/proving-key.ts";
import { type CheckedVerificationKey, checkVerificationKey } from "../src/verification-key.ts";
import { type CircuitInputs, calculateWitness } from "../src/witness-calculator.ts";

export const TOY_CIRCUITS = fileURLToPath(new URL("./circuits/", import.meta.url));
export const TOY_BUILDS = fileURLToPath(new URL("../../../build/toy-circuits/", import.meta.url));

const TOYS = {
  cubic: { component: "= Cubic()", inputs: { x: 3n } },
  mixed: {
    component: "{public [factor, unused]} = Mixed(3)",
    inputs: { factor: 7n, unused: 9n, words: [1n, 2n, 255n] },
  },
  "hash-chain": { component: "{public [salt]} = HashChain(2)", inputs: { start: 5n, salt: 6n } },
} as const satisfies Record<string, { component: string; inputs: CircuitInputs }>;

export type ToyName = keyof typeof TOYS;

export function toyInputs(name: ToyName): CircuitInputs {
  return TOYS[name].inputs;
}

/** The text of a main file. */
export function toyMain(name: ToyName): string {
  return `pragma circom 2.2.0;\ninclude "${name}.circom";\ncomponent main ${TOYS[name].component};\n`;
}

/** Compiled once and for all runs. */
export async function compileToy(name: ToyName): Promise<CompiledCircuit> {
  return compileCircuit({ name, main: toyMain(name), includes: [TOY_CIRCUITS] }, { buildFolder: TOY_BUILDS });
}

export interface ToyProof extends ProofWithSignals {
  readonly circuit: CompiledCircuit;
  readonly zkey: string;
  readonly witness: Uint8Array;
  readonly key: CheckedVerificationKey;
}

/** A valid proof of a toy statement under a development key that is written to `folder`. */
export async function proveToy(name: ToyName, folder: string): Promise<ToyProof> {
  const circuit = await compileToy(name);
  const zkey = join(folder, `${name}.development.zkey`);
  await writeDevelopmentKey(circuit.r1csPath, zkey);
  const witness = await calculateWitness(circuit.wasmPath, toyInputs(name));
  const { verificationKey, publicCount } = await readProvingKey(zkey);
  const key = await checkVerificationKey(verificationKey, { development: true, publicCount });
  return { circuit, zkey, witness, key, ...(await prove(zkey, witness)) };
}

/** A point of the twist whose order is not r. */
export const TWIST_POINT_OUTSIDE_SUBGROUP: G2Point = {
  x: [1n, 0n],
  y: [
    18278151005453108793778860132295291098363647455926340152056652516292830556603n,
    5912654199736721486680175016176231956195085055698687135131307249486702594212n,
  ],
};

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "zkcmp-groth16-"));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** The error that a promise ends in; fails the test if there is none. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("expected an error, but there was none");
}
