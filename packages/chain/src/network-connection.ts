import type { JsonRpcApiProvider } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import { httpTransport, NodeError, NodeProvider, RpcError, type Transport } from "./json-rpc.ts";

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

/** How to wait for the chain, and for a wallet. */
export interface Waiting {
  readonly signal?: AbortSignal;
  /** Seconds until the wait ends with an error that says how to go on; 600 if not given, 0 looks once. */
  readonly timeout?: number;
  /** Told what is waited for, again at every look. */
  readonly onWait?: (what: string) => void;
  /**
   * Asks a wallet once more although an earlier request has no known end: if both are sent, the escrow refuses the second, and its gas
   * is lost; a payment into a round is made twice. For those who have seen in their wallet that the first is gone.
   */
  readonly askAgain?: boolean | undefined;
}

/** The node is on another chain than the one asked for. */
export class WrongChainError extends ZkcmpError {
  constructor(actual: number, expected: number, what: string) {
    super(
      `the node is on chain ${actual}, ${what} on chain ${expected}`,
      `Give the URL of a node of chain ${expected}.`,
    );
  }
}

/** The node knows no final block. */
export class FinalityError extends ZkcmpError {}

/** What was waited for has not happened in time. */
export class WaitingError extends ZkcmpError {
  /** Whether `askAgain` would help: a wallet was asked, and no node shows anything of what it should have sent. */
  mayAskAgain?: boolean;
}

const DEVELOPMENT_CHAINS: readonly number[] = [31337, 1337];

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
  const transport = httpTransport(url);
  const chainId = await chainIdOf(transport);
  if (options.chainId !== undefined && options.chainId !== chainId) {
    throw new WrongChainError(chainId, options.chainId, "the deal is");
  }
  const provider = new NodeProvider(transport, chainId);
  let relay = provider;
  if (options.relayUrl !== undefined) {
    const relayTransport = httpTransport(options.relayUrl);
    const relayChainId = await chainIdOf(relayTransport);
    if (relayChainId !== chainId)
      throw new WrongChainError(relayChainId, chainId, "and this is the relay, the node is");
    relay = new NodeProvider(relayTransport, chainId);
  }
  return {
    provider,
    chainId,
    relay,
    pollInterval: isDevelopmentChain(chainId) ? 200 : 4000,
    close: async () => {
      provider.destroy();
      if (relay !== provider) relay.destroy();
    },
  };
}

async function chainIdOf(transport: Transport): Promise<number> {
  const answer = await transport("eth_chainId", []);
  const chainId = typeof answer === "string" && /^0x[0-9a-f]{1,13}$/i.test(answer) ? Number(answer) : 0;
  if (chainId === 0) {
    throw new NodeError(
      "the node does not say which chain it is on",
      "Check that the URL is that of an Ethereum node's JSON-RPC.",
    );
  }
  return chainId;
}

/** Whether published accounts, development keys and blocks that are final at once are allowed: chains 31337 and 1337 only. */
export function isDevelopmentChain(chainId: number): boolean {
  return DEVELOPMENT_CHAINS.includes(chainId);
}

/**
 * Unix seconds that a transaction sent now has to expect: the pending block's time and, off development chains, at
 * least the clock of this machine.
 */
export async function chainTime(connection: Connection): Promise<number> {
  const latest = await timeOfBlock(connection, "latest");
  const pending = await timeOfBlock(connection, "pending");
  if (latest === null) throw new NodeError("the node knows no latest block", "Wait until it has synchronised.");
  const clock = isDevelopmentChain(connection.chainId) ? 0 : Math.floor(Date.now() / 1000);
  return Math.max(latest, pending ?? 0, clock);
}

async function timeOfBlock({ provider }: Connection, tag: "latest" | "pending"): Promise<number | null> {
  const block = (await provider.send("eth_getBlockByNumber", [tag, false])) as { timestamp: string } | null;
  return block === null ? null : Number(block.timestamp);
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
  const tag = finalTag(connection);
  let final: { number: string } | null;
  try {
    final = (await connection.provider.send("eth_getBlockByNumber", [tag, false])) as typeof final;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    final = null;
  }
  if (final === null) {
    throw new FinalityError(
      `the node does not know the block tag "${tag}"`,
      "Use a node that follows the chain's consensus: without finality a payment can still be taken back.",
    );
  }
  return block.blockNumber <= Number(final.number);
}

/**
 * Waits until a block is final.
 * @throws {WaitingError} after `waiting.timeout`
 * @throws {FinalityError} as {@link isFinal}
 */
export async function waitUntilFinal(
  connection: Connection,
  block: { readonly blockNumber: number },
  waiting: Waiting = {},
): Promise<void> {
  await waitFor(connection, waiting, `block ${block.blockNumber} to become final`, async () =>
    (await isFinal(connection, block)) ? true : null,
  );
}

/**
 * Looks at the chain until `look` gives something.
 * @param what completes the sentence "waited for ..."
 * @throws {WaitingError} after `waiting.timeout` seconds, or when `waiting.signal` is aborted
 */
export async function waitFor<T>(
  connection: Connection,
  waiting: Waiting,
  what: string,
  look: () => Promise<T | null>,
): Promise<T> {
  const timeout = waiting.timeout ?? 600;
  const end = performance.now() + 1000 * timeout;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    const aborted = waiting.signal?.aborted === true;
    if (aborted || performance.now() >= end) {
      throw new WaitingError(
        aborted ? `the wait for ${what} was interrupted` : `waited ${timeout} seconds for ${what}`,
        "Nothing is lost: run the same command again to go on.",
      );
    }
    waiting.onWait?.(what);
    await pause(connection.pollInterval, waiting.signal);
  }
}

/** Ends early when the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
    if (signal?.aborted === true) end();
  });
}
