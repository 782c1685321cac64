import { ZkcmpError } from "@zkcmp/field/error";
import type { Address } from "@zkcmp/sale/order";
import type { Connection } from "./network-connection.ts";

/** The chain of a folder, run in this process: chain id 31337, ModelEscrow deployed, development accounts funded. */
export interface EmbeddedChain extends Connection {
  readonly escrow: Address;
  /** Moves the chain's clock ahead of the wall clock, for good, and mines a block. */
  advanceTime(seconds: number): Promise<void>;
}

/** The file of the embedded chain is damaged, made by another version, or held by another process. */
export class EmbeddedChainError extends ZkcmpError {}

/**
 * Opens the embedded chain of a folder, or starts it. Every mined transaction is in `HOME/embedded-chain.json`, and
 * is mined again, with the same timestamp, when the chain is opened the next time. Several processes may have it open at once.
 * @param home the folder, such as `journal.home`
 */
export async function openEmbeddedChain(home: string): Promise<EmbeddedChain> {
  throw new EmbeddedChainError(home, "to come");
}
