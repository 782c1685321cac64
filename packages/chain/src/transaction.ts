import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";

/** A transaction of the journal, written down before it is broadcast. All attempts share one nonce, so at most one is mined. */
export interface TransactionRecord {
  readonly from: Hex;
  readonly nonce: number;
  /** Signed transactions, the newest last. */
  readonly attempts: readonly { readonly hash: Hex; readonly raw: Hex }[];
}

/** A mined transaction. */
export interface MinedTransaction {
  readonly hash: Hex;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
  /** Wei paid for gas. */
  readonly fee: bigint;
}

/** The account cannot pay value and gas; says how much is missing. Nothing was sent. */
export class OutOfFundsError extends ZkcmpError {}

/** A transaction was mined and failed, or another one took its nonce. */
export class TransactionError extends ZkcmpError {}
