import { type JsonRpcApiProvider, Transaction, type TransactionReceipt } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import { type Hex, hexSchema } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import * as z from "zod";
import { type Account, hasKey, type KeyAccount, NotSentError, type WalletAccount, walletAddress } from "./account.ts";
import { type AskedCall, differenceFrom, findSent, shownTransaction } from "./asked-call.ts";
import { explainRevert } from "./escrow-contract.ts";
import { NodeError, RpcError } from "./json-rpc.ts";
import { type Connection, finalTag, pause, waitFor, type Waiting, WaitingError } from "./network-connection.ts";

/**
 * A transaction of the journal, written down before it is broadcast, or before a wallet is asked for it. What is signed here
 * shares one nonce, so at most one attempt is ever mined, however often they are sent. A wallet chooses the nonce itself.
 */
export interface TransactionRecord {
  readonly from: Address;
  readonly nonce: number;
  /** Transactions, the newest last. */
  readonly attempts: readonly Attempt[];
  /** What a wallet was asked for and has not refused, the newest last; only in the records of wallets. */
  readonly asked?: readonly AskedCall[] | undefined;
}

interface Attempt {
  readonly hash: Hex;
  /** Where it was signed here. */
  readonly raw?: Hex | undefined;
  /** The nonce that a wallet gave it, once a node has shown it. */
  readonly nonce?: number | undefined;
}

const nonceSchema = z.int().min(0);

export const transactionSchema = z
  .strictObject({
    from: hexSchema(20),
    nonce: nonceSchema,
    attempts: z.array(
      z.strictObject({ hash: hexSchema(32), raw: hexSchema().optional(), nonce: nonceSchema.optional() }),
    ),
    asked: z
      .array(
        z.strictObject({
          to: hexSchema(20),
          data: hexSchema(),
          value: z.string().regex(/^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/) as z.ZodType<Hex, string>,
          block: z.int().min(0),
          nonce: nonceSchema,
        }),
      )
      .optional(),
  })
  .refine(({ attempts, asked }) => asked !== undefined || attempts.every(({ raw }) => raw !== undefined), {
    message: "a transaction that no wallet was asked for is signed",
    path: ["attempts"],
  });

/** What {@link transactionSchema} reads. */
export function transactionToJson({ attempts, asked, ...rest }: TransactionRecord): z.input<typeof transactionSchema> {
  return { ...rest, attempts: [...attempts], asked: asked && [...asked] };
}

/** The record of a step for which certainly nothing was sent. */
export function nothingSent(from: Address): TransactionRecord {
  return { from, nonce: 0, attempts: [] };
}

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
  /**
   * Writes down what is about to be broadcast, or asked of a wallet; nothing is sent before it returns. Without a record where a wallet
   * has certainly sent nothing.
   */
  readonly write?: (record: TransactionRecord | undefined) => Promise<void>;
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

/** A wallet was asked, and nobody knows what became of it. To ask again could send the same twice. */
export class UnansweredError extends WaitingError {
  override readonly mayAskAgain = true;

  constructor(what: string, since: number, reason = "has given no answer") {
    super(
      `the wallet was asked for ${what} at block ${since} and ${reason}; the chain shows nothing of it so far`,
      "Look into the wallet. If it still asks, answer there; if it has sent it, wait: either way begin the step again, which finds it. " +
        "Only if the wallet shows no such request, or says that it was cancelled, ask it again: were both sent, the escrow " +
        "would refuse the second, which costs its gas, but a payment into a round would be made twice.",
    );
  }
}

/** The wallet's node and the one that everything was checked with do not see the same contract. Nothing was asked or sent. */
export class OtherCodeError extends TransactionError {
  constructor(address: Address) {
    super(
      `at ${address} the wallet sees another contract than the node does that this was checked with: one of the two is wrong`,
      "Send nothing before you know which: do not use a node that somebody else named to you. If the contract is a minute old, try again.",
    );
  }
}

/** The wallet has sent something else than it was asked for. */
export class SwappedCallError extends TransactionError {
  readonly mayAskAgain = true;

  constructor(what: string, hash: Hex, difference: string) {
    super(
      `the wallet says that ${hash} is ${what}, but it is something else: ${difference}`,
      "Do not use this wallet any more before you know why. If it was you who changed it there, ask again.",
    );
  }
}

/**
 * The receipt of a recorded transaction that was mined and succeeded; also of one that a wallet sent without telling, or under
 * another hash than it told.
 * @returns null if it was not mined, or failed
 */
export async function minedTransaction(
  connection: Connection,
  record: TransactionRecord | undefined,
): Promise<MinedTransaction | null> {
  if (record === undefined) return null;
  if (record.asked !== undefined) {
    const outcome = await outcomeOf(connection, record, record.asked);
    return outcome.kind === "mined" ? summaryOf(outcome.receipt) : null;
  }
  const receipt = await receiptOf(connection, record);
  return receipt?.status === 1 ? summaryOf(receipt) : null;
}

/**
 * Sends a call and waits until it is mined. An account with a key signs it, has it written down, and broadcasts it; a wallet is
 * asked, which is written down before. With the record of an earlier run it first looks for what became of that one, and sends the
 * very same transaction again if there is nothing: a new one is signed, or asked for, only where the old one can never be mined
 * any more.
 * @throws {OutOfFundsError}, {EscrowRevertError} before anything is sent
 * @throws {TransactionError} if it was mined and failed, or the node refuses it
 * @throws {NotSentError} if a wallet refuses, {UnansweredError} if it was asked before and may still send it
 * @throws {WaitingError} if it is not mined in time
 */
export async function sendTransaction(
  connection: Connection,
  wallet: Account,
  call: Call,
  sending: Sending = { what: "the transaction" },
): Promise<MinedTransaction> {
  const { what, record } = sending;
  const isOpen = record !== undefined && (record.attempts.length > 0 || (record.asked ?? []).length > 0);
  if (isOpen && record.from !== walletAddress(wallet)) {
    throw new TransactionError(
      `${what} was begun with the account ${record.from}, not with ${walletAddress(wallet)}`,
      "Use that account.",
    );
  }
  const earlier = isOpen ? record : undefined;
  if (earlier?.asked !== undefined) {
    const mined = await awaitAsked(connection, { ...earlier, asked: earlier.asked }, sending);
    if (mined !== null) return mined;
    const asked = sending.askAgain === true ? earlier.asked : [];
    return hasKey(wallet)
      ? sendSigned(connection, wallet, call, { ...sending, record: undefined })
      : askWallet(connection, wallet, call, sending, asked);
  }
  if (!hasKey(wallet) && earlier === undefined) return askWallet(connection, wallet, call, sending, []);
  return sendSigned(connection, wallet, call, { ...sending, record: earlier });
}

/** For an account with a key; a wallet only where what was signed elsewhere with its key is to be sent once more. */
async function sendSigned(
  connection: Connection,
  wallet: Account,
  call: Call,
  sending: Sending,
): Promise<MinedTransaction> {
  const lockAccount = sending.lockAccount ?? ((work) => work());
  const record = await lockAccount(async () => {
    const current = await stillPossible(connection, sending.record, sending.what);
    if (current !== null && (await receiptOf(connection, current)) !== null) return current;
    if (!hasKey(wallet) && (current === null || sending.raiseFee === true)) return null;
    const next =
      current === null
        ? await signAnew(connection, wallet as KeyAccount, call, sending)
        : sending.raiseFee === true
          ? await signHigher(connection, wallet as KeyAccount, current, sending)
          : current;
    if (next !== current) await sending.write?.(next);
    await broadcast(connection, next, sending);
    return next;
  });
  if (record === null) {
    if (sending.raiseFee === true) throw onlyTheWallet(sending.what);
    return askWallet(connection, wallet as WalletAccount, call, sending, []);
  }
  const hash = record.attempts.at(-1)!.hash;
  const receipt = await waitFor(connection, sending, `${sending.what} (${hash}) to be mined`, async () => {
    const found = await receiptOf(connection, record);
    if (found === null) await stillPossible(connection, record, sending.what);
    return found;
  });
  if (receipt.status !== 1) throw await failureOf(connection, receipt, sending);
  return summaryOf(receipt);
}

function onlyTheWallet(what: string): TransactionError {
  return new TransactionError(
    `${what} was sent by a wallet, which alone can pay more for it`,
    "Choose there to speed it up, then begin the step again without a higher fee: it is found under its new hash.",
  );
}

type WalletRecord = TransactionRecord & { readonly asked: readonly AskedCall[] };

/** What became of what a wallet was asked for. */
type Outcome =
  | { readonly kind: "mined" | "failed"; readonly receipt: TransactionReceipt }
  /** The wallet gave the hash of something else. */
  | { readonly kind: "swapped"; readonly hash: Hex; readonly difference: string }
  /** Another transaction of the account has taken its nonce: cancelled in the wallet. */
  | { readonly kind: "replaced"; readonly nonce: number; readonly isFinal: boolean }
  /** Known to a node, or to the wallet alone. */
  | { readonly kind: "waiting"; readonly isShown: boolean; readonly attempts: readonly Attempt[] }
  | { readonly kind: "unanswered" };

async function outcomeOf(
  connection: Connection,
  { from, attempts }: TransactionRecord,
  asked: readonly AskedCall[],
): Promise<Outcome> {
  const { provider } = connection;
  // Counted before anything is looked for: in the other order a block in between would look like a lost nonce.
  const next = await provider.getTransactionCount(from, "latest");
  const failed = new Map<string, TransactionReceipt>();
  let swapped: Outcome | null = null;
  let isShown = false;
  const known: Attempt[] = [];
  for (const attempt of attempts) {
    const shown = await shownTransaction(connection, attempt.hash);
    const differences = shown === null ? [] : asked.map((each) => differenceFrom(from, each, shown));
    if (shown === null || !differences.includes(null)) {
      if (shown !== null) swapped ??= { kind: "swapped", hash: attempt.hash, difference: differences.at(-1)! };
      known.push(attempt);
      continue;
    }
    known.push({ ...attempt, nonce: shown.nonce });
    const receipt = await provider.getTransactionReceipt(attempt.hash);
    if (receipt?.status === 1) return { kind: "mined", receipt };
    if (receipt === null) isShown = true;
    else failed.set(receipt.hash, receipt);
  }
  for (const each of asked) {
    for (const { hash } of await findSent(connection, from, each)) {
      const receipt = await provider.getTransactionReceipt(hash);
      if (receipt?.status === 1) return { kind: "mined", receipt };
      if (receipt !== null) failed.set(receipt.hash, receipt);
    }
  }
  if (isShown) return { kind: "waiting", isShown, attempts: known };
  // Where it was asked for twice, one failure does not tell what became of the other.
  if (failed.size >= asked.length) return { kind: "failed", receipt: [...failed.values()].at(-1)! };
  if (swapped !== null) return swapped;
  const nonces = known.flatMap(({ nonce }) => (nonce === undefined ? [] : [nonce]));
  const nonce = Math.max(...nonces);
  if (nonces.length === asked.length && next > nonce) {
    return {
      kind: "replaced",
      nonce,
      isFinal: (await provider.getTransactionCount(from, finalTag(connection))) > nonce,
    };
  }
  return known.length > 0 ? { kind: "waiting", isShown: false, attempts: known } : { kind: "unanswered" };
}

/** Seconds to look for what a wallet was asked before, where it has told no hash. */
const UNANSWERED_PATIENCE = 15;

/**
 * Waits for what a wallet was asked for in an earlier run.
 * @returns null if it can be asked again
 */
async function awaitAsked(
  connection: Connection,
  record: WalletRecord,
  sending: Sending,
): Promise<MinedTransaction | null> {
  const outcome = await outcomeOf(connection, record, record.asked);
  const mayAskAgain =
    outcome.kind === "failed" ||
    (outcome.kind === "replaced" && outcome.isFinal) ||
    (sending.askAgain === true && !(outcome.kind === "mined" || (outcome.kind === "waiting" && outcome.isShown)));
  if (mayAskAgain) return null;
  if (sending.raiseFee === true && outcome.kind !== "mined") throw onlyTheWallet(sending.what);
  const receipt = await awaitMined(connection, record, sending);
  return receipt.status === 1 ? summaryOf(receipt) : null;
}

/** Looks until what the wallet was asked for is mined. */
async function awaitMined(connection: Connection, record: WalletRecord, sending: Sending): Promise<TransactionReceipt> {
  const { what, timeout = 600 } = sending;
  const hash = record.attempts.at(-1)?.hash;
  let written = record;
  let isShown = false;
  const look = async (): Promise<TransactionReceipt | null> => {
    const outcome = await outcomeOf(connection, written, written.asked);
    switch (outcome.kind) {
      case "mined":
      case "failed":
        return outcome.receipt;
      case "swapped":
        throw new SwappedCallError(what, outcome.hash, outcome.difference);
      case "replaced":
        throw new TransactionError(
          `another transaction of ${record.from} has taken the nonce ${outcome.nonce} of ${what}: it was cancelled in the wallet`,
          outcome.isFinal
            ? "Begin the step again if you want it after all."
            : "Nothing of it was done. Wait until the other one is final (a quarter of an hour) to begin the step again.",
        );
      case "waiting": {
        isShown = outcome.isShown;
        const isNew = outcome.attempts.some(({ nonce }, i) => nonce !== written.attempts[i]!.nonce);
        // A cancellation can be told from a delay only by who has known the nonce.
        if (isNew) await sending.write?.((written = { ...written, attempts: outcome.attempts }));
        return null;
      }
      case "unanswered":
        return null;
    }
  };
  try {
    if (hash !== undefined) return await waitFor(connection, sending, `${what} (${hash}) to be mined`, look);
    const patience = Math.min(timeout, UNANSWERED_PATIENCE);
    return await waitFor(
      connection,
      { ...sending, timeout: patience },
      `${what}, for which a wallet was asked before`,
      look,
    );
  } catch (error) {
    if (!(error instanceof WaitingError)) throw error;
    if (hash === undefined) throw new UnansweredError(what, record.asked[0]!.block);
    if (!isShown) error.mayAskAgain = true;
    throw error;
  }
}

/** @param earlier what the wallet was asked for before and may still send */
async function askWallet(
  connection: Connection,
  wallet: WalletAccount,
  call: Call,
  sending: Sending,
  earlier: readonly AskedCall[],
): Promise<MinedTransaction> {
  const { what } = sending;
  if (sending.through !== undefined && sending.through !== connection.provider) {
    throw new TransactionError(
      `a wallet sends through a node of its own, so ${what} cannot go through a relay`,
      "Do it without a relay, or with a keystore.",
    );
  }
  const from = walletAddress(wallet);
  await refuseContract(connection, from, what);
  const { gasLimit } = await costOf(connection, from, call, sending);
  await wallet.prepare(connection.chainId);
  await requireSameCode(connection, wallet, call.to);
  const lockAccount = sending.lockAccount ?? ((work) => work());
  const record = await lockAccount(async () => {
    const block = await connection.provider.getBlockNumber();
    const nonce = await connection.provider.getTransactionCount(from, "latest");
    const asked = { to: call.to, data: call.data, value: hexOf(call.value), block, nonce };
    const record: WalletRecord = { from, nonce: earlier[0]?.nonce ?? nonce, attempts: [], asked: [...earlier, asked] };
    try {
      await sending.write?.(record);
    } catch (error) {
      // The wallet was not asked. What can be written of that is, and if nothing can, it can be asked again.
      await forget(record, sending).catch(() => undefined);
      throw error;
    }
    return record;
  });
  const { to, data, value } = call;
  const asking = wallet.sendTransaction({ to, data, value, gasLimit, chainId: connection.chainId });
  const told = await hashOf(connection, asking, record, sending);
  const sent: WalletRecord = { ...record, attempts: [{ hash: told }] };
  await sending.write?.(sent);
  const receipt = await awaitMined(connection, sent, sending);
  if (receipt.status !== 1) throw await failureOf(connection, receipt, sending);
  return summaryOf(receipt);
}

/**
 * All checks of a contract were made with one node, whose address may come from a link: the wallet's own node must see the same
 * contract.
 */
async function requireSameCode({ provider }: Connection, wallet: WalletAccount, to: Address): Promise<void> {
  const seen = await wallet.codeAt(to);
  if (seen === null || seen === (await provider.getCode(to)).toLowerCase()) return;
  throw new OtherCodeError(to);
}

/** The wallet has not sent, and will not send, the newest of what it was asked for. */
async function forget({ asked, ...rest }: WalletRecord, { write }: Sending): Promise<void> {
  const left = asked.slice(0, -1);
  await write?.(left.length === 0 ? undefined : { ...rest, asked: left });
}

/** The hash that the wallet tells, or, where its answer is lost, the one that the chain shows. */
async function hashOf(
  connection: Connection,
  asking: Promise<Hex>,
  record: WalletRecord,
  sending: Sending,
): Promise<Hex> {
  const { what, signal, onWait } = sending;
  const since = record.asked.at(-1)!.block;
  const found = async (): Promise<Hex | null> => {
    const outcome = await outcomeOf(connection, record, record.asked);
    return outcome.kind === "mined" || outcome.kind === "failed" ? (outcome.receipt.hash as Hex) : null;
  };
  const answer = asking.then(
    (hash) => ({ hash, error: undefined }),
    (error: unknown) => ({ hash: undefined, error }),
  );
  for (;;) {
    const answered = await Promise.race([answer, pause(connection.pollInterval, signal)]);
    if (answered?.hash !== undefined) return answered.hash;
    if (answered !== undefined) {
      const { error } = answered;
      if (error instanceof NotSentError) {
        await forget(record, sending);
        throw error;
      }
      const hash = await found();
      if (hash !== null) return hash;
      if (!(error instanceof ZkcmpError)) throw error;
      throw new UnansweredError(what, since, `has given no hash (${error.problem})`);
    }
    if (signal?.aborted === true) throw new UnansweredError(what, since);
    onWait?.(`the wallet to send ${what}`);
    try {
      const hash = await found();
      if (hash !== null) return hash;
    } catch (error) {
      // The wallet's answer is worth more than a look at the chain.
      if (!(error instanceof RpcError || error instanceof NodeError)) throw error;
    }
  }
}

/** A contract's wallet sends by others' transactions: what became of a call could not be told from them. */
async function refuseContract({ provider }: Connection, from: Address, what: string): Promise<void> {
  const code = await provider.getCode(from);
  // An account that has only handed its actions to a contract (EIP-7702) still sends transactions of its own.
  if (code === "0x" || /^0xef0100[0-9a-f]{40}$/i.test(code)) return;
  throw new TransactionError(
    `${from} is a contract, and ${what} has to be sent by a plain account`,
    "Use an account of the wallet that has a key of its own.",
  );
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
  const from = walletAddress(wallet);
  const { gasLimit, fees } = await costOf(connection, from, call, sending);
  const nonce = await connection.provider.getTransactionCount(from, "pending");
  const { to, data, value } = call;
  return {
    from,
    nonce,
    attempts: [await signed(wallet, { chainId: connection.chainId, to, data, value, gasLimit, nonce, ...fees })],
  };
}

/** Gas and fees of a call that the account can pay and the contract accepts. */
async function costOf(
  connection: Connection,
  from: Address,
  call: Call,
  sending: Sending,
): Promise<{ gasLimit: bigint; fees: Fees }> {
  const { what } = sending;
  const balance = await connection.provider.getBalance(from);
  if (balance < call.value) throw new OutOfFundsError(from, call.value, balance, what);
  const gasLimit = call.gasLimit ?? (await estimateGas(connection.provider, from, call, sending));
  return { gasLimit, fees: await requireFunds(connection, from, { value: call.value, gasLimit, what }) };
}

/** The same call with the same nonce, for at least an eighth more, which nodes ask for in a replacement. */
async function signHigher(
  connection: Connection,
  wallet: KeyAccount,
  record: TransactionRecord,
  { what }: Sending,
): Promise<TransactionRecord> {
  const old = Transaction.from(record.attempts.at(-1)!.raw!);
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
    const request = { from, to, data, value: hexOf(value) };
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

function hexOf(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}
