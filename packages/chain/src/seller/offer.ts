import type { FieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import type { Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import type { MinedTransaction } from "../transaction.ts";

/**
 * Offers the sealed network on chain and waits until the offer is mined. Again: returns the same offer. The buyer reveals D
 * once the offer is final (`waitUntilFinal`).
 * @throws {OfferError} if the order is not the buyer's, is for another chain, or its times do not fit
 * @throws {EscrowCodeError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function offerSale(
  party: Party,
  orderHash: Hex,
  waiting: Waiting = {},
): Promise<{ dealId: FieldElement; transaction: MinedTransaction }> {
  throw new Error(`to come ${party.connection.chainId} ${orderHash} ${waiting.timeout}`);
}

/** Takes the offer back. Again: returns the same transaction. @throws {OfferError} unless the deal stands as offered */
export async function cancelSale(party: Party, orderHash: Hex, waiting: Waiting = {}): Promise<MinedTransaction> {
  throw new Error(`to come ${party.connection.chainId} ${orderHash} ${waiting.timeout}`);
}
