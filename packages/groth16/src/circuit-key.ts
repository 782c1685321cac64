import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { Progress } from "@zkcmp/sale/proof-system";
import { DEVELOPMENT_KEY_SUFFIX, writeDevelopmentKey } from "./development-key.ts";
import { FileExistsError, hashFile } from "./new-file.ts";
import { readProvingKey } from "./proving-key.ts";
import { compileNamedCircuit, DEFAULT_BUILD_FOLDER, type NamedCircuit } from "./circuit-compilation.ts";
import { addTrustedKey, listTrustedKeys, type TrustedKey } from "./trust-store.ts";
import { checkVerificationKey } from "./verification-key.ts";

/** A circuit's key as a deal or a round names it. */
export interface CircuitKey {
  readonly r1csSha256: Hex;
  readonly zkeySha256: Hex;
}

/** No key for the circuit has been verified here. */
export class CircuitKeyMissingError extends ZkcmpError {
  constructor(circuit: string) {
    super(
      `there is no verified key for the circuit ${circuit}`,
      "Make one with the other party (`zkcmp setup --help`), or `zkcmp setup development` on a development chain.",
    );
  }
}

/** Several keys for one circuit have been verified here. */
export class CircuitKeyAmbiguousError extends ZkcmpError {
  constructor(circuit: string, count: number) {
    super(`there are ${count} verified keys for the circuit ${circuit}`, "Name the one to use by its SHA-256.");
  }
}

/** The key as it stands in the core of a deal. */
export function keyFilesOf(key: CircuitKey): Readonly<Record<string, Hex>> {
  return { "constraint system": key.r1csSha256, "proving key": key.zkeySha256 };
}

/**
 * Makes the development key of a circuit, or finds it made, and records it as such. Anyone can forge under it: it is for
 * development chains, and verifiers refuse it elsewhere.
 * @returns the key and the path of its file
 */
export async function developmentKey(
  circuit: NamedCircuit,
  trustStore: string,
  options: { readonly buildFolder?: string; readonly progress?: Progress } = {},
): Promise<CircuitKey & { readonly zkeyPath: string }> {
  const { buildFolder = DEFAULT_BUILD_FOLDER, progress = () => undefined } = options;
  progress("compile");
  const { r1csPath, r1csSha256 } = await compileNamedCircuit(circuit, buildFolder);
  await mkdir(`${buildFolder}/keys`, { recursive: true });
  const zkeyPath = `${buildFolder}/keys/${circuit.name}-${r1csSha256.slice(0, 16)}${DEVELOPMENT_KEY_SUFFIX}`;
  if (!existsSync(zkeyPath)) {
    progress("setup", 0);
    try {
      await writeDevelopmentKey(r1csPath, zkeyPath, (done) => progress("setup", done));
    } catch (error) {
      // Another process was faster. Its key is as good: both were made for the same file with the same public delta.
      if (!(error instanceof FileExistsError)) throw error;
    }
  }
  const zkeySha256 = await hashFile(zkeyPath, "sha256");
  const { verificationKey } = await readProvingKey(zkeyPath);
  addTrustedKey(trustStore, {
    circuit: circuit.name,
    r1csSha256,
    zkeySha256,
    verificationKey: await checkVerificationKey(verificationKey, {
      development: true,
      publicCount: circuit.publicCount,
    }),
    provenance: { kind: "development" },
  });
  return { r1csSha256: `0x${r1csSha256}`, zkeySha256: `0x${zkeySha256}`, zkeyPath };
}

/**
 * The one verified key of a circuit in the trust store.
 * @param development whether development keys count
 * @throws {CircuitKeyMissingError} if there is none
 * @throws {CircuitKeyAmbiguousError} if there are several
 */
export function trustedKey(circuit: NamedCircuit, trustStore: string, development: boolean): CircuitKey {
  const keys = listTrustedKeys(trustStore).filter(
    (key: Pick<TrustedKey, "circuit" | "provenance">) =>
      key.circuit === circuit.name && (development || key.provenance.kind !== "development"),
  );
  if (keys.length > 1) throw new CircuitKeyAmbiguousError(circuit.name, keys.length);
  const [key] = keys;
  if (key === undefined) throw new CircuitKeyMissingError(circuit.name);
  return { r1csSha256: `0x${key.r1csSha256}`, zkeySha256: `0x${key.zkeySha256}` };
}
