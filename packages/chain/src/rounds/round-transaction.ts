import type { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { OpenRecord } from "../journal.ts";
import type { RpcError } from "../json-rpc.ts";
import type { Waiting } from "../network-connection.ts";
import { type Party, sendAs } from "../party.ts";
import { type Call, type MinedTransaction, minedTransaction } from "../transaction.ts";
import { walletAddress } from "../account.ts";
import { explainRewardsRevert } from "./rewards-contract.ts";
import { roundIdToHex } from "./round-terms.ts";
import { ROUND_TRANSACTIONS, type RoundTransaction } from "./round-record.ts";

/** One thing that an account does in a round. */
export interface RoundAction {
  readonly roundId: bigint;
  /** Tells what the account does apart from other things: letters, digits, - and _. */
  readonly name: string;
  /** For messages: "the claim". */
  readonly what: string;
  /** Says what a refused call means; the words of ShapleyRewards if not given. */
  readonly explain?: (error: RpcError, what: string) => ZkcmpError;
}

/** Works on the record of an action while nobody else can; there is an empty one if it is the first time. */
export async function withRoundTransaction<T>(
  { journal, wallet }: Party,
  { roundId, name }: RoundAction,
  work: (record: OpenRecord<RoundTransaction>) => Promise<T>,
): Promise<T> {
  const key = `${roundIdToHex(roundId)}-${walletAddress(wallet)}-${name}`;
  await journal.placeRecord(ROUND_TRANSACTIONS, key, async (existing) => existing ?? {});
  return journal.withRecord(ROUND_TRANSACTIONS, key, work);
}

/**
 * Does something that the chain shows to be undone: sends its transaction, or goes on with the one that was written down
 * and is not mined yet. A call that would be refused costs nothing, since the node tries it first.
 * @param look the chain's answer to whether it is done; null if it is not
 * @returns what `look` saw at last, with this account's last transaction for it, if there is one
 * @throws {RewardsRevertError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function doOnce<T>(
  party: Party,
  action: RoundAction,
  look: () => Promise<T | null>,
  call: () => Promise<Call>,
  waiting: Waiting,
): Promise<{ seen: T; transaction: MinedTransaction | null; sent: boolean }> {
  return withRoundTransaction(party, action, async (record) => {
    const before = await look();
    if (before !== null) {
      const transaction = await minedTransaction(party.connection, record.value.transaction);
      return { seen: before, transaction, sent: false };
    }
    const transaction = await sendRecorded(party, action, record, await call(), waiting);
    return { seen: (await look())!, transaction, sent: true };
  });
}

/** Sends a call, or goes on with the one in the record unless that is mined. */
export async function sendRecorded(
  party: Party,
  { what, explain = explainRewardsRevert }: RoundAction,
  record: OpenRecord<RoundTransaction>,
  call: Call,
  waiting: Waiting,
): Promise<MinedTransaction> {
  const earlier = record.value.transaction;
  const isOver = (await minedTransaction(party.connection, earlier)) !== null;
  return sendAs(party, call, {
    ...waiting,
    what,
    explain,
    record: isOver ? undefined : earlier,
    write: (transaction) => record.write({ transaction }),
  });
}

/** A call of a contract without value. */
export function plainCall(to: Address, data: Hex): Call {
  return { to, data, value: 0n };
}
