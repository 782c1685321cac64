import { ZkcmpError } from "@zkcmp/field/error";
import type { Core } from "@zkcmp/sale/core";
import type { Hex } from "@zkcmp/sale/hex";
import { RefusedError } from "@zkcmp/sale/refused-error";
import type { NamedCircuit } from "./circuit-compilation.ts";
import { listTrustedKeys } from "./trust-store.ts";

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

/** The key that the core of a deal names. @throws {RefusedError} if it names none */
export function keyNamedIn(keyFiles: Core["keyFiles"]): CircuitKey {
  const { "constraint system": r1csSha256, "proving key": zkeySha256 } = keyFiles;
  if (r1csSha256 === undefined || zkeySha256 === undefined) {
    throw new RefusedError("the core names no Groth16 key", "Refuse the deal: its proof cannot be checked.");
  }
  return { r1csSha256, zkeySha256 };
}

/**
 * The one verified key of a circuit in the trust store.
 * @param development whether development keys count
 * @throws {CircuitKeyMissingError} if there is none
 * @throws {CircuitKeyAmbiguousError} if there are several
 */
export async function trustedKey(
  circuit: Pick<NamedCircuit, "name">,
  trustStore: string,
  development: boolean,
): Promise<CircuitKey> {
  const keys = (await listTrustedKeys(trustStore)).filter(
    (key) => key.circuit === circuit.name && (development || key.provenance.kind !== "development"),
  );
  if (keys.length > 1) throw new CircuitKeyAmbiguousError(circuit.name, keys.length);
  const [key] = keys;
  if (key === undefined) throw new CircuitKeyMissingError(circuit.name);
  return { r1csSha256: `0x${key.r1csSha256}`, zkeySha256: `0x${key.zkeySha256}` };
}
