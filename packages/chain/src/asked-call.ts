import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { eachOf } from "./event-list.ts";
import { findLogs } from "./event-logs.ts";
import { NodeError, RpcError } from "./json-rpc.ts";
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
 * @throws {NodeError} if the node cannot tell: who took that for "nothing was sent" would pay twice
 */
export async function findSent(
  connection: Connection,
  from: Address,
  asked: AskedCall,
): Promise<readonly ShownTransaction[]> {
  const { provider } = connection;
  const latest = await provider.getBlockNumber();
  if ((await provider.getTransactionCount(from, "latest")) <= asked.nonce) return [];
  const matching = (sent: readonly ShownTransaction[]): ShownTransaction[] =>
    sent.filter((each) => each.nonce >= asked.nonce && differenceFrom(from, asked, each) === null);
  try {
    const sent = await sentSince(connection, from, asked, latest);
    if (sent !== null) return matching(sent);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return matching(await loggedSince(connection, asked));
  }
  const logged = matching(await loggedSince(connection, asked));
  if (logged.length > 0) return logged;
  throw new NodeError(
    `the node contradicts itself about what ${from} has sent since block ${asked.block}`,
    "Use a node that keeps the states of the last days, then begin the step again.",
  );
}

/**
 * All of an account's transactions from when it was asked up to a block: halves in which its nonce has not grown hold none.
 * @returns null if the node says of old blocks what cannot be: some answer for all of them with the newest state
 */
async function sentSince(
  connection: Connection,
  from: Address,
  { block: first, nonce }: AskedCall,
  last: number,
): Promise<ShownTransaction[] | null> {
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
      if (block === null) {
        throw new NodeError(`the node does not show the block ${top}`, "Use another node, then begin the step again.");
      }
      return block.transactions.map(shown).filter((each) => each.from === from);
    }
    const middle = Math.floor((below + top) / 2);
    const between = await countAt(middle);
    return [...(await search(below, before, middle, between)), ...(await search(middle, between, top, after))];
  };
  const [before, after] = [await countAt(first - 1), await countAt(last)];
  return before > nonce && before === after ? null : search(first - 1, before, last, after);
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
