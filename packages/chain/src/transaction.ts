import { type JsonRpcApiProvider, Transaction, type TransactionReceipt } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import { type Hex, hexSchema } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { z } from "zod";
import { type Account, hasKey, type KeyAccount, walletAddress } from "./account.ts";
import { explainRevert } from "./escrow-contract.ts";
import { RpcError } from "./json-rpc.ts";
import { type Connection, finalTag, waitFor, type Waiting } from "./network-connection.ts";

/**
 * A transaction of the journal, written down before it is broadcast. All attempts share one nonce, so at most one of
 * them is ever mined, however often they are sent.
 */
export interface TransactionRecord {
  readonly from: Address;
  readonly nonce: number;
  /** Signed transactions, the newest last. */
  readonly attempts: readonly { readonly hash: Hex; readonly raw: Hex }[];
}

export const transactionSchema = z.strictObject({
  from: hexSchema(20),
  nonce: z.int().min(0),
  attempts: z.array(z.strictObject({ hash: hexSchema(32), raw: hexSchema() })).min(1),
});

/** What is to be called. */
export interface Call {
  readonly to: Address;
  readonly data: Hex;
  /** Wei. */
  readonly value: bigint;
  /** Gas; estimated by the node with a quarter on top if not given. */
  readonly gasLimit?: bigint;
}

/** A mined transaction that succeeded. */
export interface MinedTransaction {
  readonly hash: Hex;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
  /** Wei paid for gas. */
  readonly fee: bigint;
}

/** How a transaction is sent and remembered. */
export interface Sending extends Waiting {
  /** What the transaction does, for messages: "the offer". */
  readonly what: string;
  /** What an earlier run wrote down. */
  readonly record?: TransactionRecord | undefined;
  /** Writes down what is about to be broadcast; nothing is sent before it returns. */
  readonly write?: (record: TransactionRecord) => Promise<void>;
  /** Keeps other processes from taking the same nonce. */
  readonly lockAccount?: <T>(work: () => Promise<T>) => Promise<T>;
  /** Signs a waiting transaction once more with a higher fee. */
  readonly raiseFee?: boolean;
  /** Says what a refused call means; the words of ModelEscrow if not given. */
  readonly explain?: (error: RpcError, what: string) => ZkcmpError;
  /** Where it is broadcast; the connection's provider if not given. */
  readonly through?: JsonRpcApiProvider;
}

/** The account cannot pay value and gas; says how much is missing. Nothing was sent. */
export class OutOfFundsError extends ZkcmpError {
  constructor(account: Address, needed: bigint, balance: bigint, what: string) {
    super(
      `${account} has ${balance} wei, ${what} needs up to ${needed} wei with gas`,
      `Send at least ${needed - balance} wei to the account and run the same command again.`,
    );
  }
}

/** A transaction was refused by the node, was mined and failed, or lost its nonce to another one. */
export class TransactionError extends ZkcmpError {}

/**
 * The receipt of a recorded transaction that was mined and succeeded.
 * @returns null if it was not mined, or failed
 */
export async function minedTransaction(
  connection: Connection,
  record: TransactionRecord | undefined,
): Promise<MinedTransaction | null> {
  const receipt = record === undefined ? null : await receiptOf(connection, record);
  return receipt?.status === 1 ? summaryOf(receipt) : null;
}

/**
 * Signs a call, has it written down, broadcasts it and waits until it is mined. With the record of an earlier run it
 * first looks for that one's receipt, and sends the very same transaction again if there is none: a new one is
 * signed only where the old one can never be mined any more.
 * @throws {OutOfFundsError}, {EscrowRevertError} before anything is sent
 * @throws {TransactionError} if it was mined and failed, or the node refuses it
 * @throws {WaitingError} if it is not mined in time
 */
export async function sendTransaction(
  connection: Connection,
  wallet: Account,
  call: Call,
  sending: Sending = { what: "the transaction" },
): Promise<MinedTransaction> {
  if (sending.record !== undefined && sending.record.from !== walletAddress(wallet)) {
    throw new TransactionError(
      `${sending.what} was begun with the account ${sending.record.from}, not with ${walletAddress(wallet)}`,
      "Use that account.",
    );
  }
  if (!hasKey(wallet)) throw new TransactionError("wallets cannot send yet", "Use an account with a key.");
  const lockAccount = sending.lockAccount ?? ((work) => work());
  const record = await lockAccount(async () => {
    const current = await stillPossible(connection, sending.record, sending.what);
    if (current !== null && (await receiptOf(connection, current)) !== null) return current;
    const next =
      current === null
        ? await signAnew(connection, wallet, call, sending)
        : sending.raiseFee === true
          ? await signHigher(connection, wallet, current, sending)
          : current;
    if (next !== current) await sending.write?.(next);
    await broadcast(connection, next, sending);
    return next;
  });
  const hash = record.attempts.at(-1)!.hash;
  const receipt = await waitFor(connection, sending, `${sending.what} (${hash}) to be mined`, async () => {
    const found = await receiptOf(connection, record);
    if (found === null) await stillPossible(connection, record, sending.what);
    return found;
  });
  if (receipt.status !== 1) throw await failureOf(connection, receipt, sending);
  return summaryOf(receipt);
}

async function receiptOf(connection: Connection, record: TransactionRecord): Promise<TransactionReceipt | null> {
  for (const attempt of record.attempts) {
    const receipt = await connection.provider.getTransactionReceipt(attempt.hash);
    if (receipt !== null) return receipt;
  }
  return null;
}

/**
 * @returns the record, or null if a new transaction may be signed: there was none, it was mined and failed, or another
 * transaction has taken its nonce for good
 */
async function stillPossible(
  connection: Connection,
  record: TransactionRecord | undefined,
  what: string,
): Promise<TransactionRecord | null> {
  if (record === undefined) return null;
  const { provider } = connection;
  const taken = (await provider.getTransactionCount(record.from, "latest")) > record.nonce;
  // The receipt is asked for after the count: in the other order a block in between would look like a lost nonce.
  const receipt = await receiptOf(connection, record);
  if (receipt !== null) return receipt.status === 1 ? record : null;
  if (!taken) return record;
  if ((await provider.getTransactionCount(record.from, finalTag(connection))) > record.nonce) return null;
  throw new TransactionError(
    `another transaction of ${record.from} has taken the nonce ${record.nonce} of ${what}`,
    "Wait until that one is final (a quarter of an hour) and run the same command again.",
  );
}

/** What a transaction pays for its gas, in wei per unit. */
export interface Fees {
  readonly type: 0 | 2;
  readonly gasPrice?: bigint;
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
}

async function currentFees({ provider }: Connection): Promise<Fees> {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData();
  return maxFeePerGas === null || maxPriorityFeePerGas === null
    ? { type: 0, gasPrice: gasPrice ?? 0n }
    : { type: 2, maxFeePerGas, maxPriorityFeePerGas };
}

/**
 * The fees of now, if the account can pay them.
 * @throws {OutOfFundsError} if it cannot
 */
export async function requireFunds(
  connection: Connection,
  account: Address,
  { value, gasLimit = 0n, what }: Pick<Call, "value" | "gasLimit"> & { readonly what: string },
): Promise<Fees> {
  const fees = await currentFees(connection);
  const needed = value + gasLimit * (fees.maxFeePerGas ?? fees.gasPrice ?? 0n);
  const balance = await connection.provider.getBalance(account);
  if (balance < needed) throw new OutOfFundsError(account, needed, balance, what);
  return fees;
}

async function signAnew(
  connection: Connection,
  wallet: KeyAccount,
  call: Call,
  sending: Sending,
): Promise<TransactionRecord> {
  const { provider } = connection;
  const { what } = sending;
  const from = walletAddress(wallet);
  const balance = await provider.getBalance(from);
  if (balance < call.value) throw new OutOfFundsError(from, call.value, balance, what);
  const gasLimit = call.gasLimit ?? (await estimateGas(provider, from, call, sending));
  const fees = await requireFunds(connection, from, { value: call.value, gasLimit, what });
  const nonce = await provider.getTransactionCount(from, "pending");
  const { to, data, value } = call;
  return {
    from,
    nonce,
    attempts: [await signed(wallet, { chainId: connection.chainId, to, data, value, gasLimit, nonce, ...fees })],
  };
}

/** The same call with the same nonce, for at least an eighth more, which nodes ask for in a replacement. */
async function signHigher(
  connection: Connection,
  wallet: KeyAccount,
  record: TransactionRecord,
  { what }: Sending,
): Promise<TransactionRecord> {
  const old = Transaction.from(record.attempts.at(-1)!.raw);
  const { chainId, to, data, value, gasLimit, nonce } = old;
  const now = await currentFees(connection);
  const higher = (before: bigint | null, current: bigint | undefined): bigint => {
    const raised = ((before ?? 0n) * 5n) / 4n + 1n;
    return current !== undefined && current > raised ? current : raised;
  };
  const fees: Fees =
    old.type === 2
      ? {
          type: 2,
          maxFeePerGas: higher(old.maxFeePerGas, now.maxFeePerGas),
          maxPriorityFeePerGas: higher(old.maxPriorityFeePerGas, now.maxPriorityFeePerGas),
        }
      : { type: 0, gasPrice: higher(old.gasPrice, now.gasPrice) };
  const needed = value + gasLimit * (fees.maxFeePerGas ?? fees.gasPrice ?? 0n);
  const balance = await connection.provider.getBalance(record.from);
  if (balance < needed) throw new OutOfFundsError(record.from, needed, balance, what);
  const attempt = await signed(wallet, { chainId, to, data, value, gasLimit, nonce, ...fees });
  return { ...record, attempts: [...record.attempts, attempt] };
}

async function signed(
  wallet: KeyAccount,
  request: Parameters<KeyAccount["signTransaction"]>[0],
): Promise<{ hash: Hex; raw: Hex }> {
  const raw = (await wallet.signTransaction(request)) as Hex;
  return { hash: Transaction.from(raw).hash as Hex, raw };
}

async function estimateGas(
  provider: JsonRpcApiProvider,
  from: Address,
  call: Call,
  { what, explain = explainRevert }: Sending,
): Promise<bigint> {
  const { to, data, value } = call;
  try {
    const request = { from, to, data, value: `0x${value.toString(16)}` };
    const gas = BigInt((await provider.send("eth_estimateGas", [request])) as string);
    return (gas * 5n) / 4n;
  } catch (error) {
    if (error instanceof RpcError) throw explain(error, what);
    throw error;
  }
}

async function broadcast(connection: Connection, record: TransactionRecord, sending: Sending): Promise<void> {
  const { hash, raw } = record.attempts.at(-1)!;
  try {
    await (sending.through ?? connection.provider).send("eth_sendRawTransaction", [raw]);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    // A node that has it already says so in its own words; whether it has is what counts.
    const known =
      /already|known/i.test(error.reason) ||
      (await connection.provider.getTransaction(hash)) !== null ||
      (await receiptOf(connection, record)) !== null;
    if (known) return;
    throw new TransactionError(
      `the node refuses ${sending.what} (${hash}): ${error.reason}`,
      "It is written down and may be sent again by the same command; if its fee is too low, add --raise-fee.",
    );
  }
}

/** Runs the call once more in the block before, to learn why it failed. */
async function failureOf(
  connection: Connection,
  receipt: TransactionReceipt,
  { what, explain = explainRevert }: Sending,
): Promise<ZkcmpError> {
  const transaction = await connection.provider.getTransaction(receipt.hash);
  if (transaction !== null) {
    const { from, to, data, value, gasLimit } = transaction;
    const request = { from, to, data, value: `0x${value.toString(16)}`, gas: `0x${gasLimit.toString(16)}` };
    const before = `0x${(receipt.blockNumber - 1).toString(16)}`;
    try {
      await connection.provider.send("eth_call", [request, before]);
    } catch (error) {
      if (error instanceof RpcError) {
        const why = explain(error, what);
        return new TransactionError(`${what} was mined and failed: ${why.message}`, "Nothing but gas was spent.");
      }
    }
  }
  return new TransactionError(
    `${what} (${receipt.hash}) was mined and failed`,
    "Nothing but gas was spent. Look at the deal with `zkcmp status`.",
  );
}

function summaryOf(receipt: TransactionReceipt): MinedTransaction {
  return {
    hash: receipt.hash as Hex,
    blockNumber: receipt.blockNumber,
    gasUsed: receipt.gasUsed,
    fee: receipt.fee,
  };
}
