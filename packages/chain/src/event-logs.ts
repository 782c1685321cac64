import type { JsonRpcApiProvider } from "ethers";
import type { Address } from "@zkcmp/sale/order";
import { NodeError, RpcError } from "./json-rpc.ts";

/** A log as a node gives it. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly logIndex: string;
  /** Whether the block is no part of the chain any more. */
  readonly removed?: boolean;
}

/** What to look for, and how far back it can be. */
export interface LogQuery {
  readonly address: Address;
  /** As in eth_getLogs. */
  readonly topics: unknown;
  /** Unix seconds: older blocks hold nothing. */
  readonly oldest?: number;
  /** Earlier blocks hold nothing. */
  readonly fromBlock?: number;
  /** Whether these logs, the oldest first, are all that there are. */
  readonly isComplete: (logs: readonly RawLog[]) => boolean;
}

/** Blocks of one eth_getLogs, at most and at least. */
const LARGEST_WINDOW = 40_000;
const SMALLEST_WINDOW = 100;

/**
 * Logs of a contract, the oldest first. Many nodes answer for a limited number of blocks only: where the whole chain is
 * refused, windows are searched from the newest block backwards, smaller ones as long as they are refused, too.
 * @throws {NodeError}, {RpcError}
 */
export async function findLogs(provider: JsonRpcApiProvider, query: LogQuery): Promise<RawLog[]> {
  const { address, topics, oldest = 0, fromBlock = 0 } = query;
  const ask = async (from: number, to: number | "latest"): Promise<RawLog[]> =>
    (await provider.send("eth_getLogs", [
      { address, topics, fromBlock: hexOf(from), toBlock: to === "latest" ? to : hexOf(to) },
    ])) as RawLog[];
  try {
    return await ask(fromBlock, "latest");
  } catch (error) {
    if (!(error instanceof RpcError || error instanceof NodeError)) throw error;
  }
  let width = LARGEST_WINDOW;
  let to = await provider.getBlockNumber();
  let found: RawLog[] = [];
  while (to >= fromBlock && ((await provider.getBlock(to))?.timestamp ?? 0) >= oldest) {
    const from = Math.max(fromBlock, to - width + 1);
    try {
      found = [...(await ask(from, to)), ...found];
      if (query.isComplete(found)) break;
      to = from - 1;
    } catch (error) {
      if (!(error instanceof RpcError) || width <= SMALLEST_WINDOW) throw error;
      width = Math.floor(width / 4);
    }
  }
  return found;
}

function hexOf(block: number): string {
  return `0x${block.toString(16)}`;
}
