import type { JsonRpcApiProvider } from "ethers";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { findLogs, type RawLog } from "./event-logs.ts";

/** An event of a contract, and when its block was made. */
export interface ListedEvent<T> {
  readonly event: T;
  /** Unix seconds. */
  readonly time: number;
}

/** Requests to a node at the same time. */
const CONCURRENCY = 8;

/**
 * All events of one kind, the newest first. What a node gives that is not of this contract and kind, cannot be read, or is no
 * part of the chain any more, is left out: it must not keep the others from being seen.
 * @param query.fromBlock the contract's first block, or an earlier one
 * @throws {NodeError}, {RpcError}
 */
export async function listEvents<T>(
  provider: JsonRpcApiProvider,
  query: { readonly address: Address; readonly topic: Hex; readonly fromBlock: number },
  parse: (log: RawLog) => T,
): Promise<ListedEvent<T>[]> {
  const { address, topic, fromBlock } = query;
  const logs = await findLogs(provider, { address, topics: [topic], fromBlock, isComplete: () => false });
  const seen = new Map<string, { log: RawLog; event: T }>();
  for (const log of logs) {
    try {
      if (log.address.toLowerCase() !== address || log.topics[0] !== topic || log.removed === true) continue;
      if (![log.blockNumber, log.logIndex].every((each) => Number.isSafeInteger(Number(each)))) continue;
      // Ids are used once, so the same words twice are the same event.
      seen.set(`${log.topics.join()} ${log.data}`, { log, event: parse(log) });
    } catch {
      // Not what the contract writes.
    }
  }
  const numbers = [...new Set([...seen.values()].map(({ log }) => Number(log.blockNumber)))];
  const blocks = new Map(await eachOf(numbers, async (number) => [number, await provider.getBlock(number)] as const));
  const order = ({ log }: { log: RawLog }): [number, number] => [Number(log.blockNumber), Number(log.logIndex)];
  return [...seen.values()]
    .sort((a, b) => order(b)[0] - order(a)[0] || order(b)[1] - order(a)[1])
    .flatMap(({ log, event }) => {
      const block = blocks.get(Number(log.blockNumber));
      return block?.hash === log.blockHash ? [{ event, time: block.timestamp }] : [];
    });
}

/** Reads something for every item, a few at a time, in the items' order. */
export async function eachOf<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const reader = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await read(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, reader));
  return results;
}
