import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { compileCircuit, type CompiledCircuit } from "./compile.ts";
import type { SaleCircuit } from "./sale-circuit.ts";

/** Folders in which circuits/*.circom and circomlib are found. */
export const CIRCUIT_FOLDERS: readonly string[] = [
  fileURLToPath(new URL("../../../circuits", import.meta.url)),
  dirname(dirname(createRequire(import.meta.url).resolve("circomlib/package.json"))),
];

/** Where builds go unless another folder is named: `build/` at the project's root. */
export const DEFAULT_BUILD_FOLDER = fileURLToPath(new URL("../../../build", import.meta.url));

/** Compiles the sale circuit of a shape, or finds it compiled. */
export async function compileSaleCircuit(
  circuit: SaleCircuit,
  buildFolder = DEFAULT_BUILD_FOLDER,
): Promise<CompiledCircuit> {
  return compileCircuit(
    { name: circuit.name, main: circuit.source, includes: CIRCUIT_FOLDERS },
    { buildFolder: `${buildFolder}/circuits` },
  );
}
