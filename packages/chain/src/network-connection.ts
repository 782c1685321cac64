import type { JsonRpcApiProvider } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";

/** A node that is reached and whose chain is known. */
export interface Connection {
  readonly provider: JsonRpcApiProvider;
  readonly chainId: number;
  /** Where a key is simulated and sent: the private relay if one was named, else the provider. */
  readonly relay: JsonRpcApiProvider;
  /** Milliseconds between two looks at the chain while waiting. */
  readonly pollInterval: number;
  close(): Promise<void>;
}

/** How to wait for the chain. */
export interface Waiting {
  readonly signal?: AbortSignal;
  /** Seconds until the wait ends with an error that says how to go on; default 600. */
  readonly timeout?: number;
  /** Told what is waited for, again at every look. */
  readonly onWait?: (what: string) => void;
}

/** The node does not answer, or answers nonsense. */
export class NodeError extends ZkcmpError {}

/** The node is on another chain than the one asked for. */
export class WrongChainError extends ZkcmpError {}

/** The node knows no final block. */
export class FinalityError extends ZkcmpError {}

/** What was waited for has not happened in time. */
export class WaitingError extends ZkcmpError {}

/**
 * Reaches a node by HTTP(S).
 * @param url JSON-RPC address of the node
 * @param options.chainId the chain that the node must be on; any if not given
 * @param options.relayUrl a private relay to which alone keys are shown (simulated and sent) before they are mined
 * @throws {NodeError} if the node does not answer
 * @throws {WrongChainError} if it is on another chain
 */
export async function connect(
  url: string,
  options: { readonly chainId?: number; readonly relayUrl?: string } = {},
): Promise<Connection> {
  throw new Error(`to come ${url} ${options.chainId}`);
}

/** Whether published accounts, development keys and blocks that are final at once are allowed: chains 31337 and 1337 only. */
export function isDevelopmentChain(chainId: number): boolean {
  return chainId === 31337 || chainId === 1337;
}

/**
 * Seconds since 1970 that a transaction sent now has to expect: the pending block's time, and off development chains
 * at least the clock of this machine.
 */
export async function chainTime(connection: Connection): Promise<number> {
  throw new Error(`to come ${connection.chainId}`);
}

/** The block tag whose state cannot change any more: `finalized`, on development chains `latest`. */
export function finalTag(connection: Connection): "finalized" | "latest" {
  return isDevelopmentChain(connection.chainId) ? "latest" : "finalized";
}

/**
 * Whether a block is final: not above the node's `finalized` block; on development chains as soon as it is mined.
 * @throws {FinalityError} if the node has no `finalized` block
 */
export async function isFinal(connection: Connection, block: { readonly blockNumber: number }): Promise<boolean> {
  throw new Error(`to come ${connection.chainId} ${block.blockNumber}`);
}

/** Waits until {@link isFinal}. @throws {WaitingError} after `waiting.timeout` */
export async function waitUntilFinal(
  connection: Connection,
  block: { readonly blockNumber: number },
  waiting: Waiting = {},
): Promise<void> {
  throw new Error(`to come ${connection.chainId} ${block.blockNumber} ${waiting.timeout}`);
}
