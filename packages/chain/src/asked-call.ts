import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { eachOf } from "./event-list.ts";
import { findLogs } from "./event-logs.ts";
import { RpcError } from "./json-rpc.ts";
import type { Connection } from "./network-connection.ts";

/** What a wallet was asked to send, written down before it was asked. */
export interface AskedCall {
  readonly to: Address;
  readonly data: Hex;
  /** Wei, in hexadecimal as JSON-RPC writes it. */
  readonly value: Hex;
  /** The newest block that the node knew: earlier ones hold nothing of it. */
  readonly block: number;
  /** The account's next nonce then: the wallet may choose a later one, no earlier one is free. */
  readonly nonce: number;
}

/** A transaction as a node shows it, waiting or mined. */
export interface ShownTransaction {
  readonly hash: Hex;
  readonly from: Address;
  readonly nonce: number;
  readonly to: Address | null;
  readonly data: Hex;
  readonly value: bigint;
}

interface RawTransaction {
  readonly hash: string;
  readonly from: string;
  readonly nonce: string;
  readonly to: string | null;
  readonly input: string;
  readonly value: string;
}

/** What the node knows under a hash, or null. */
export async function shownTransaction({ provider }: Connection, hash: Hex): Promise<ShownTransaction | null> {
  const raw = (await provider.send("eth_getTransactionByHash", [hash])) as RawTransaction | null;
  return raw === null ? null : shown(raw);
}

/** In what a transaction is not the one that was asked for, in words; null if it is. Gas, fees and nonce are the wallet's. */
export function differenceFrom(from: Address, asked: AskedCall, sent: ShownTransaction): string | null {
  if (sent.from !== from) return `it is sent by ${sent.from}, not by ${from}`;
  if (sent.to !== asked.to) return `it goes to ${sent.to ?? "a new contract"}, not to ${asked.to}`;
  if (sent.value !== BigInt(asked.value)) return `it pays ${sent.value} wei, not ${BigInt(asked.value)}`;
  return sent.data === asked.data ? null : "it calls the contract with other data";
}

/**
 * Mined transactions of an account that are what a wallet was asked for, under whatever hash. Looks through all of the account's
 * transactions since then; where the node keeps no such old states, through the logs of the called contract.
 */
export async function findSent(
  connection: Connection,
  from: Address,
  asked: AskedCall,
): Promise<readonly ShownTransaction[]> {
  const { provider } = connection;
  const latest = await provider.getBlockNumber();
  if ((await provider.getTransactionCount(from, "latest")) <= asked.nonce) return [];
  let sent: readonly ShownTransaction[];
  try {
    sent = await sentSince(connection, from, asked.block, latest);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    sent = await loggedSince(connection, asked);
  }
  return sent.filter((each) => each.nonce >= asked.nonce && differenceFrom(from, asked, each) === null);
}

/** All of an account's transactions in some blocks: halves in which its nonce has not grown hold none. */
async function sentSince(
  connection: Connection,
  from: Address,
  first: number,
  last: number,
): Promise<ShownTransaction[]> {
  const { provider } = connection;
  const countAt = (block: number): Promise<number> =>
    block < 0 ? Promise.resolve(0) : provider.getTransactionCount(from, block);
  /** Of the blocks above `below` up to `top`. */
  const search = async (below: number, before: number, top: number, after: number): Promise<ShownTransaction[]> => {
    if (before === after) return [];
    if (top - below === 1) {
      const block = (await provider.send("eth_getBlockByNumber", [`0x${top.toString(16)}`, true])) as {
        transactions: RawTransaction[];
      } | null;
      return (block?.transactions ?? []).map(shown).filter((each) => each.from === from);
    }
    const middle = Math.floor((below + top) / 2);
    const between = await countAt(middle);
    return [...(await search(below, before, middle, between)), ...(await search(middle, between, top, after))];
  };
  return search(first - 1, await countAt(first - 1), last, await countAt(last));
}

async function loggedSince(connection: Connection, { to, block }: AskedCall): Promise<ShownTransaction[]> {
  const query = { address: to, topics: [], fromBlock: block, isComplete: () => false };
  const hashes = new Set((await findLogs(connection.provider, query)).map((log) => log.transactionHash as Hex));
  const found = await eachOf([...hashes], (hash) => shownTransaction(connection, hash));
  return found.filter((each) => each !== null);
}

function shown({ hash, from, nonce, to, input, value }: RawTransaction): ShownTransaction {
  return {
    hash: hash.toLowerCase() as Hex,
    from: from.toLowerCase() as Address,
    nonce: Number(nonce),
    to: to === null ? null : (to.toLowerCase() as Address),
    data: input.toLowerCase() as Hex,
    value: BigInt(value),
  };
}
