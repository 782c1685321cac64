import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { type Bundle, decodeBundle } from "@zkcmp/sale/bundle";
import type { Hex } from "@zkcmp/sale/hex";
import { commitKey } from "@zkcmp/sale/seal";
import { checkEscrowCode } from "../escrow-check.ts";
import { EscrowContract, escrowCalls } from "../escrow-contract.ts";
import { chainTime, waitFor, type Waiting } from "../network-connection.ts";
import { nameOf, type Party, requireChain, sendAs } from "../party.ts";
import type { PurchaseRecord } from "../purchase-record.ts";
import { type MinedTransaction, minedTransaction } from "../transaction.ts";

/** There is no key or no refund to be had, or not yet; says from when on. */
export class SettlementError extends ZkcmpError {}

/**
 * Waits for the key, checks that it opens E, and keeps it.
 * @param waiting timeout 0 looks once
 * @returns what `unsealNetwork` needs besides the X25519 key
 * @throws {SettlementError} if the deal was refunded, or is not funded; {WaitingError}
 */
export async function awaitKey(
  { connection, journal }: Pick<Party, "connection" | "journal">,
  orderHash: Hex,
  waiting: Waiting = {},
): Promise<{ key: FieldElement; opening: FieldElement; bundle: Bundle }> {
  const purchase = await journal.purchase(orderHash);
  const { order } = purchase.signedOrder;
  if (purchase.bundle === undefined) {
    throw new SettlementError(`the ${nameOf(order)} has no bundle yet`, "Verify and fund it first.");
  }
  const bundle = decodeBundle(await journal.kept(purchase.bundle, "the bundle"));
  if (purchase.redeemed !== undefined) return { ...purchase.redeemed, bundle };
  requireChain(connection, order);
  const escrow = new EscrowContract(connection.provider, order.escrow);
  const dealId = dealOf(purchase);
  const event = await waitFor(connection, waiting, "the seller's key", async () => {
    const { state, refundableFrom } = await escrow.deal(dealId);
    if (state === "redeemed") return escrow.redeemed(dealId);
    if (state !== "funded") {
      throw new SettlementError(
        `the deal is ${state}: no key will come`,
        state === "offered" ? "Fund it first." : "See `zkcmp status`.",
      );
    }
    if ((await chainTime(connection)) >= refundableFrom) {
      throw new SettlementError("the seller has not shown the key in time", "Take the price back: `zkcmp refund`.");
    }
    return null;
  });
  const { key, opening } = event;
  if (commitKey(key, opening) !== bundle.core.keyCommitment) {
    throw new SettlementError("the node shows a key that does not open E", "Ask another node.");
  }
  // The record is locked only now: a refund must be possible while another command waits.
  await journal.withPurchase(orderHash, (record) => record.write({ redeemed: { key, opening } }));
  return { key, opening, bundle };
}

/**
 * Takes the price back. Again: returns the same transaction.
 * @returns "credited" if the account or the token refused the payment: then it waits for a withdrawal
 * @throws {SettlementError} before refundableFrom, or if the key was shown
 * @throws {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function refundPurchase(
  party: Party,
  orderHash: Hex,
  waiting: Waiting = {},
): Promise<{ transaction: MinedTransaction; paid: "paid" | "credited" }> {
  const { connection, journal } = party;
  return journal.withPurchase(orderHash, async (purchase) => {
    const { signedOrder, refund } = purchase.value;
    const { order } = signedOrder;
    requireChain(connection, order);
    const dealId = dealOf(purchase.value);
    const escrow = new EscrowContract(connection.provider, order.escrow);
    let transaction = await minedTransaction(connection, refund);
    if (transaction === null) {
      await checkEscrowCode(connection, order.escrow, journal);
      const { state, refundableFrom } = await escrow.deal(dealId);
      if (state !== "funded") {
        throw new SettlementError(
          `the deal is ${state}, there is nothing to take back`,
          state === "redeemed" ? "The key is on chain: `zkcmp unseal`." : "See `zkcmp status`.",
        );
      }
      if ((await chainTime(connection)) < refundableFrom) {
        throw new SettlementError(
          `the refund opens at ${new Date(1000 * refundableFrom).toISOString()}`,
          "Wait until then, or until the seller shows the key.",
        );
      }
      transaction = await sendAs(
        party,
        { to: order.escrow, data: escrowCalls.refund(dealId), value: 0n },
        { ...waiting, what: "the refund", record: refund, write: (record) => purchase.write({ refund: record }) },
      );
    }
    return { transaction, paid: await escrow.payoutOf(transaction.hash, order.buyer) };
  });
}

function dealOf({ revealed, signedOrder }: PurchaseRecord): FieldElement {
  if (revealed !== undefined) return revealed.dealId;
  throw new SettlementError(`the ${nameOf(signedOrder.order)} has no deal yet`, "See `zkcmp status`.");
}
