import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { compileCircuit, type CompiledCircuit } from "./compile.ts";

/** A circuit of this project with its parameters filled in. Trusted keys are found by its name. */
export interface NamedCircuit {
  /** Template, version and parameters: two circuits of one name have the same constraints. */
  readonly name: string;
  /** The main component, circom source, which includes files of circuits/. */
  readonly source: string;
  /** Public signals, outputs and inputs. */
  readonly publicCount: number;
}

/** Folders in which circuits/*.circom and circomlib are found. */
export const CIRCUIT_FOLDERS: readonly string[] = [
  fileURLToPath(new URL("../../../circuits", import.meta.url)),
  dirname(dirname(createRequire(import.meta.url).resolve("circomlib/package.json"))),
];

/** Where builds go unless another folder is named: `build/` at the project's root. */
export const DEFAULT_BUILD_FOLDER = fileURLToPath(new URL("../../../build", import.meta.url));

/** Compiles a circuit, or finds it compiled. */
export async function compileNamedCircuit(
  circuit: NamedCircuit,
  buildFolder = DEFAULT_BUILD_FOLDER,
): Promise<CompiledCircuit> {
  return compileCircuit(
    { name: circuit.name, main: circuit.source, includes: CIRCUIT_FOLDERS },
    { buildFolder: `${buildFolder}/circuits` },
  );
}
