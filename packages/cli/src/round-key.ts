import { type Connection, isDevelopmentChain } from "@zkcmp/chain/network-connection";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { describePreflight, preflight, PreflightError } from "@zkcmp/groth16/preflight";
import { listTrustedKeys } from "@zkcmp/groth16/trust-store";
import { type RoundCircuit, roundCircuit } from "@zkcmp/shapley/round-circuit";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { foreseenSize } from "./circuit-size.ts";
import { KeyError, RefusedError } from "./cli-error.ts";
import { trustStorePath } from "./proof-systems.ts";
import type { Session } from "./session.ts";

/**
 * The trust store, with a key for the circuit of a round in it: on development chains the development key is made if there is
 * none; everywhere else the key must have been verified with `zkcmp setup key verify`.
 */
export async function roundTrust(session: Session, connection: Connection, shape: RoundShape): Promise<string> {
  const trustStore = trustStorePath(session);
  const circuit = roundCircuit(shape);
  const isKnown = (await listTrustedKeys(trustStore)).some(({ circuit: name }) => name === circuit.name);
  if (!isKnown && isDevelopmentChain(connection.chainId)) await makeDevelopmentKey(session, circuit);
  return trustStore;
}

/** The development key's file, made if there is none. */
export async function makeDevelopmentKey(session: Session, circuit: RoundCircuit) {
  foreseenProof(circuit);
  const key = await developmentKey(circuit, trustStorePath(session), { progress: session.output.progress });
  session.output.note("The round uses a development key, under which anyone can forge: for development chains only.");
  return key;
}

/** The proving key to use: the one that is named, on development chains their own. @throws {KeyError} */
export async function roundProvingKey(
  session: Session,
  connection: Connection,
  shape: RoundShape,
  provingKey: string | undefined,
): Promise<string> {
  if (provingKey !== undefined) return provingKey;
  if (isDevelopmentChain(connection.chainId)) {
    return (await developmentKey(roundCircuit(shape), trustStorePath(session), { progress: session.output.progress }))
      .zkeyPath;
  }
  throw new KeyError("no proving key was named", "Name the key file of the round's circuit: --proving-key.");
}

/** What proving will take, before it begins. @throws {RefusedError} if it is too much for this computer */
export function foreseenProof(circuit: RoundCircuit): string {
  try {
    return describePreflight(preflight(foreseenSize(circuit)));
  } catch (error) {
    if (!(error instanceof PreflightError)) throw error;
    throw new RefusedError(
      `this computer is too small for the circuit: ${describePreflight(error.preflight)}`,
      "Use a computer with more memory, or a round with fewer providers, rows or features.",
      { cause: error },
    );
  }
}
