import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import type { Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import type { MinedTransaction } from "../transaction.ts";

/** The key must not be shown now; says why and what to do. The key has not left this machine. */
export class RedeemError extends ZkcmpError {}

/** Seconds before `refundableFrom` at which the key is no longer broadcast: the larger of 1 hour and a quarter of the time to redeem. */
export function redeemMargin(timeToRedeem: number): number {
  return Math.max(3600, Math.ceil(timeToRedeem / 4));
}

/**
 * Opens the key on chain, which pays the seller. Shows the key to nobody before all of this holds: the escrow's code
 * is right, the deal is funded in the state of the `finalized` block, now + {@link redeemMargin} < refundableFrom, the
 * account can pay the gas, and the key opens E (computed here). Then the call is simulated (eth_call) and sent, both
 * to `connection.relay`: a simulation shows the key to that node. Again after a crash: finds the receipt or sends
 * the same transaction once more.
 * @param options.keyIsPublic sends once more after refundableFrom, where a copy of the key may be out already
 * @param options.raiseFee replaces a transaction that is stuck by one that pays more
 */
export async function redeemSale(
  party: Party,
  orderHash: Hex,
  options: Waiting & { readonly keyIsPublic?: boolean; readonly raiseFee?: boolean } = {},
): Promise<{ transaction: MinedTransaction; paid: "paid" | "credited" }> {
  throw new Error(`to come ${party.connection.chainId} ${orderHash} ${options.timeout}`);
}

/** Takes the account's whole credit in one token. @throws {RedeemError} if there is none */
export async function withdrawCredit(
  party: Party,
  credit: { readonly escrow: Address; readonly token: Address; readonly to: Address },
  waiting: Waiting = {},
): Promise<{ transaction: MinedTransaction; amount: bigint }> {
  throw new Error(`to come ${party.connection.chainId} ${credit.to} ${waiting.timeout}`);
}
