import { join } from "node:path";
import { isDevelopmentChain } from "@zkcmp/chain/network-connection";
import { hashFile } from "@zkcmp/groth16/new-file";
import { preflight } from "@zkcmp/groth16/preflight";
import { createGroth16 } from "@zkcmp/groth16/proof-system";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { developmentKey } from "@zkcmp/groth16/circuit-key";
import { type CircuitKey, keyNamedIn, trustedKey } from "@zkcmp/groth16/trusted-circuit-key";
import { findTrustedKey } from "@zkcmp/groth16/trust-store";
import { createLibra } from "@zkcmp/libra/proof-system";
import type { NetworkShape } from "@zkcmp/network/shape";
import type { Core, ProofSystemId } from "@zkcmp/sale/core";
import type { Order } from "@zkcmp/sale/order";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { foreseenSize } from "./circuit-size.ts";
import { UsageError } from "./cli-error.ts";
import { interruptible } from "./interruption.ts";
import { foreseenLibra } from "./libra-size.ts";
import type { Session } from "./session.ts";

/** Rows that are proven: the drawn ones, or all. */
export function provenRows(order: Pick<Order, "rows" | "sampledRows">): number {
  return order.sampledRows === 0 ? order.rows : order.sampledRows;
}

/** The keys that were verified with this home. */
export function trustStorePath(session: Session): string {
  return join(session.options.home, "trusted-keys.json");
}

/** How a deal is proven: as its core says, or before there is one as the seller chooses. */
export interface ProofPlan {
  readonly proofSystem: ProofSystemId;
  readonly shape: NetworkShape;
  /** Whether the core names an M. */
  readonly committed: boolean;
  /** Once there is a core. */
  readonly keyFiles?: Core["keyFiles"];
}

export function planOf({ proofSystem, shape, modelCommitment, keyFiles }: Core): ProofPlan {
  return { proofSystem, shape, committed: modelCommitment !== 0n, keyFiles };
}

/**
 * The proof system of a deal. Libra needs nothing beside the plan. Groth16 needs a key: on development chains the circuit is
 * compiled and its development key made on demand; everywhere else the key must have been verified with `zkcmp setup key verify`.
 * @param provingKey the proving key's file. Development chains make their own.
 * @throws {UsageError} if a key is named for libra
 * @throws PreflightError, SaleTooLargeError if this computer cannot make the proof
 * @throws CircuitKeyMissingError, KeyNotTrustedError
 */
export async function proofSystemFor(
  session: Session,
  order: Order,
  plan: ProofPlan,
  provingKey?: string,
): Promise<ProofSystem> {
  if (plan.proofSystem === "groth16") return groth16For(session, order, plan, provingKey);
  if (provingKey !== undefined) {
    throw new UsageError(
      "libra has no setup and takes no proving key",
      "Leave --proving-key away, or seal with --proof-system groth16.",
    );
  }
  const { shape, committed } = plan;
  // A seal that cannot be proven would cost the seller an offer.
  if (plan.keyFiles === undefined) {
    foreseenLibra({ shape, rows: provenRows(order), predicate: order.predicate, committed });
  }
  const libra = createLibra();
  return {
    ...libra,
    // Steps without bars, which a busy thread could not move, and an end in their middle would leave the cursor hidden.
    prove: (statement, witness, progress) =>
      interruptible(() => libra.prove(statement, witness, (step) => progress?.(step))),
    verify: (statement, proof, progress) => interruptible(() => libra.verify(statement, proof, progress)),
  };
}

async function groth16For(
  session: Session,
  order: Order,
  { shape, committed, keyFiles }: ProofPlan,
  provingKey: string | undefined,
): Promise<ProofSystem> {
  const circuit = saleCircuit(shape, provenRows(order), { predicate: order.predicate, committed });
  const trustStore = trustStorePath(session);
  const development = isDevelopmentChain(order.chainId);
  if (development && provingKey === undefined) {
    preflight(foreseenSize(circuit));
    const made = await developmentKey(circuit, trustStore, { progress: session.output.progress });
    session.output.note(
      `Chain ${order.chainId} is a development chain, so the proof uses a development key, under which anyone can forge.`,
    );
    const key = keyFiles === undefined ? made : keyNamedIn(keyFiles);
    return createGroth16({ circuit, key, trustStore, development, zkeyPath: made.zkeyPath });
  }
  const key =
    keyFiles !== undefined
      ? keyNamedIn(keyFiles)
      : provingKey !== undefined
        ? await keyOfFile(provingKey, trustStore, development)
        : await trustedKey(circuit, trustStore, development);
  return createGroth16({ circuit, key, trustStore, development, zkeyPath: provingKey });
}

async function keyOfFile(path: string, trustStore: string, development: boolean): Promise<CircuitKey> {
  const zkeySha256 = await hashFile(path, "sha256");
  const { r1csSha256 } = await findTrustedKey(trustStore, zkeySha256, { development });
  return { r1csSha256: `0x${r1csSha256}`, zkeySha256: `0x${zkeySha256}` };
}
