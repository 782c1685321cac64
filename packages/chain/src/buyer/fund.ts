import { ZkcmpError } from "@zkcmp/field/error";
import type { Bundle } from "@zkcmp/sale/bundle";
import type { Hex } from "@zkcmp/sale/hex";
import type { VerificationReport } from "@zkcmp/sale/verification";
import type { OfferedEvent } from "../escrow-contract.ts";
import type { Journal } from "../journal.ts";
import type { Connection, Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import type { MinedTransaction } from "../transaction.ts";

/** The deal must not be paid; says why. Nothing was spent. */
export class FundingError extends ZkcmpError {}

/** Keeps a bundle's text on disk, for {@link fundPurchase} and for unsealing. @returns its SHA-256 */
export async function keepBundle(journal: Journal, text: string): Promise<Hex> {
  throw new Error(`to come ${journal.home} ${text}`);
}

/**
 * Compares a bundle with the chain: escrow code, signatures (plain or ERC-1271), state Offered, every field of the offer, deal id,
 * seller, digest of the core, final. Call it before `verifyBundle({ ..., signaturesCheckedOnChain: true })`.
 * @throws {FundingError}, {EscrowCodeError}, {OrderError}, {SamplingError} naming what differs
 */
export async function checkOffer(connection: Connection, journal: Journal, bundle: Bundle): Promise<OfferedEvent> {
  throw new Error(`to come ${connection.chainId} ${journal.home} ${bundle.dealId}`);
}

/**
 * Locks the price. Only with bundle, X25519 key and D on disk, a complete report, D revealed to this very deal, and
 * the offer as {@link checkOffer} wants it. Tokens are approved for exactly the price, or permitted (ERC-2612).
 * Again after a crash: finds the receipt or sends the same transaction once more; never pays twice.
 * @param verified the bundle and what `verifyBundle` said about it
 * @throws {FundingError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function fundPurchase(
  party: Party,
  orderHash: Hex,
  verified: { readonly bundle: Bundle; readonly report: VerificationReport },
  options: Waiting & { readonly permit?: boolean } = {},
): Promise<{ transaction: MinedTransaction; refundableFrom: number }> {
  throw new Error(`to come ${party.connection.chainId} ${orderHash} ${verified.bundle.dealId} ${options.timeout}`);
}
