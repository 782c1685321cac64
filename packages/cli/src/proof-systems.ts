import { join } from "node:path";
import { isDevelopmentChain } from "@zkcmp/chain/network-connection";
import { hashFile } from "@zkcmp/groth16/new-file";
import { preflight } from "@zkcmp/groth16/preflight";
import { createGroth16 } from "@zkcmp/groth16/proof-system";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { developmentKey, type CircuitKey, trustedKey } from "@zkcmp/groth16/circuit-key";
import { findTrustedKey } from "@zkcmp/groth16/trust-store";
import type { NetworkShape } from "@zkcmp/network/shape";
import type { Core } from "@zkcmp/sale/core";
import type { Order } from "@zkcmp/sale/order";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { foreseenSize } from "./circuit-size.ts";
import { RefusedError } from "./cli-error.ts";
import type { Session } from "./session.ts";

/** Rows of the circuit: the drawn ones, or all. */
export function provenRows(order: Pick<Order, "rows" | "sampledRows">): number {
  return order.sampledRows === 0 ? order.rows : order.sampledRows;
}

/** The keys that were verified with this home. */
export function trustStorePath(session: Session): string {
  return join(session.options.home, "trusted-keys.json");
}

export interface ProofSystemOptions {
  /** The proving key's file. Development chains make their own. */
  readonly provingKey?: string | undefined;
  /** The core, once there is one: it names the key, and whether there is an M. */
  readonly core?: Core;
  /** Before there is a core: whether it will name an M. */
  readonly committed?: boolean;
}

/**
 * The proof system of a deal. On development chains the circuit is compiled and its development key made on demand;
 * everywhere else the key must have been verified with `zkcmp setup key verify`.
 * @throws CircuitKeyMissingError, KeyNotTrustedError
 */
export async function proofSystemFor(
  session: Session,
  order: Order,
  shape: NetworkShape,
  options: ProofSystemOptions = {},
): Promise<ProofSystem> {
  const committed = options.core === undefined ? options.committed === true : options.core.modelCommitment !== 0n;
  const circuit = saleCircuit(shape, provenRows(order), { predicate: order.predicate, committed });
  const trustStore = trustStorePath(session);
  const development = isDevelopmentChain(order.chainId);
  if (development && options.provingKey === undefined) {
    preflight(foreseenSize(circuit));
    const made = await developmentKey(circuit, trustStore, { progress: session.output.progress });
    session.output.note(
      `Chain ${order.chainId} is a development chain, so the proof uses a development key, under which anyone can forge.`,
    );
    const key = options.core === undefined ? made : keyOfCore(options.core);
    return createGroth16({ circuit, key, trustStore, development, zkeyPath: made.zkeyPath });
  }
  const { provingKey } = options;
  const key =
    options.core !== undefined
      ? keyOfCore(options.core)
      : provingKey !== undefined
        ? await keyOfFile(provingKey, trustStore, development)
        : trustedKey(circuit, trustStore, development);
  return createGroth16({
    circuit,
    key,
    trustStore,
    development,
    ...(provingKey === undefined ? {} : { zkeyPath: provingKey }),
  });
}

function keyOfCore(core: Core): CircuitKey {
  const { "constraint system": r1csSha256, "proving key": zkeySha256 } = core.keyFiles;
  if (r1csSha256 === undefined || zkeySha256 === undefined) {
    throw new RefusedError("the core names no Groth16 key", "Refuse the deal: its proof cannot be checked.");
  }
  return { r1csSha256, zkeySha256 };
}

async function keyOfFile(path: string, trustStore: string, development: boolean): Promise<CircuitKey> {
  const zkeySha256 = await hashFile(path, "sha256");
  const { r1csSha256 } = await findTrustedKey(trustStore, zkeySha256, { development });
  return { r1csSha256: `0x${r1csSha256}`, zkeySha256: `0x${zkeySha256}` };
}
