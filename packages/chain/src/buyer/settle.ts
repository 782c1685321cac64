import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Bundle } from "@zkcmp/sale/bundle";
import type { Hex } from "@zkcmp/sale/hex";
import type { Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import type { MinedTransaction } from "../transaction.ts";

/** There is no key and no refund to be had, or not yet; says from when on. */
export class SettlementError extends ZkcmpError {}

/**
 * Waits for the key, checks that it opens E, and keeps it.
 * @param waiting timeout 0 looks once
 * @returns what `unsealNetwork` needs besides the X25519 key
 * @throws {SettlementError} if the deal was refunded or never funded; {WaitingError}
 */
export async function awaitKey(
  party: Pick<Party, "connection" | "journal">,
  orderHash: Hex,
  waiting: Waiting = {},
): Promise<{ key: FieldElement; opening: FieldElement; bundle: Bundle }> {
  throw new Error(`to come ${party.connection.chainId} ${orderHash} ${waiting.timeout}`);
}

/** Takes the price back. Again: returns the same transaction. @throws {SettlementError} before refundableFrom, or if redeemed */
export async function refundPurchase(
  party: Party,
  orderHash: Hex,
  waiting: Waiting = {},
): Promise<{ transaction: MinedTransaction; paid: "paid" | "credited" }> {
  throw new Error(`to come ${party.connection.chainId} ${orderHash} ${waiting.timeout}`);
}
