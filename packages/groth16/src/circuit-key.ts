import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { Progress } from "@zkcmp/sale/proof-system";
import { DEVELOPMENT_KEY_SUFFIX, writeDevelopmentKey } from "./development-key.ts";
import { FileExistsError, hashFile } from "./new-file.ts";
import { readProvingKey } from "./proving-key.ts";
import { compileNamedCircuit, DEFAULT_BUILD_FOLDER, type NamedCircuit } from "./circuit-compilation.ts";
import { addTrustedKey } from "./trust-store.ts";
import type { CircuitKey } from "./trusted-circuit-key.ts";
import { checkVerificationKey } from "./verification-key.ts";

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
  await addTrustedKey(trustStore, {
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
