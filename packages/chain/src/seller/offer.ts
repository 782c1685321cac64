import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { coreDigest } from "@zkcmp/sale/core";
import { dealIdOf, NO_SPLIT, type Split } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import { type Address, ETHER } from "@zkcmp/sale/order";
import { checkEscrowCode } from "../escrow-check.ts";
import { EscrowContract, escrowCalls, MAX_TIME_TO_FUND, type Terms } from "../escrow-contract.ts";
import { chainTime, isFinal, type Waiting, waitUntilFinal } from "../network-connection.ts";
import { nameOf, type Party, requireChain, sendAs } from "../party.ts";
import type { OfferRecord, SaleRecord } from "../sale-record.ts";
import { checkOrderOnChain } from "../signature.ts";
import { type MinedTransaction, minedTransaction } from "../transaction.ts";
import { walletAddress } from "../account.ts";
import { splitFor, type SplitRequest } from "./split.ts";

/** An offer cannot be made, or not taken back; says why. Nothing was sent. */
export class OfferError extends ZkcmpError {}

export interface OfferOptions extends Waiting {
  /** A share of the price for a round. */
  readonly split?: SplitRequest | undefined;
}

/**
 * Offers the sealed network on chain and waits until the offer is mined. Again: returns the same offer, with the split that it
 * has. The buyer reveals D once the offer is final (`waitUntilFinal`).
 * @throws {OfferError} if the order's times do not fit, its token is none, or it was offered with another split
 * @throws {RoundError}, {CircuitKeyMissingError}, {RewardsCodeError} if the round cannot get a share
 * @throws {OrderError} if the order is not signed by its buyer
 * @throws {WrongChainError}, {EscrowCodeError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function offerSale(
  party: Party,
  orderHash: Hex,
  { split: request, ...waiting }: OfferOptions = {},
): Promise<{ dealId: FieldElement; split: Split; transaction: MinedTransaction }> {
  const { connection, journal } = party;
  return journal.withSale(orderHash, async (sale) => {
    const { offer, signedOrder, cancelled } = sale.value;
    requireChain(connection, signedOrder.order);
    if (cancelled === true) {
      throw new OfferError(
        `the offer for the ${nameOf(orderHash)} was cancelled`,
        "Seal again: a key is offered once only.",
      );
    }
    const mined = await minedTransaction(connection, offer?.transaction);
    if (offer !== undefined) requireSameSplit(offer, request);
    if (offer !== undefined && mined !== null) {
      return { dealId: offer.dealId, split: offer.split ?? NO_SPLIT, transaction: mined };
    }

    const seller = offer?.seller ?? walletAddress(party.wallet);
    let split = offer?.split;
    if (offer === undefined && request !== undefined) {
      split = await splitFor(connection, signedOrder.order, request);
    }
    const terms = termsOf(sale.value, split ?? NO_SPLIT);
    const { chainId, escrow } = signedOrder.order;
    const dealId = dealIdOf({ ...terms, chainId, escrow, seller });
    await checkEscrowCode(connection, escrow, journal);
    await checkOrderOnChain(connection, signedOrder);
    await checkTerms(party, terms, seller);
    const transaction = await sendAs(
      party,
      { to: escrow, data: escrowCalls.offer(terms), value: 0n },
      {
        ...waiting,
        what: "the offer",
        record: offer?.transaction,
        write: (record) => sale.write({ offer: record && { seller, dealId, split, transaction: record } }),
      },
    );
    return { dealId, split: terms.split, transaction };
  });
}

/**
 * Takes the offer back and waits until that is final. Again: returns the same transaction.
 * @throws {OfferError} unless the deal stands as offered
 * @throws {TransactionError} if the buyer's funding was faster; {WaitingError}
 */
export async function cancelSale(party: Party, orderHash: Hex, waiting: Waiting = {}): Promise<MinedTransaction> {
  const { connection, journal } = party;
  return journal.withSale(orderHash, async (sale) => {
    const { offer, signedOrder, cancel } = sale.value;
    const { order } = signedOrder;
    requireChain(connection, order);
    if (offer === undefined) {
      throw new OfferError(`the ${nameOf(order)} has no offer yet`, "There is nothing to take back.");
    }
    let transaction = await minedTransaction(connection, cancel);
    if (transaction === null) {
      const { state } = await new EscrowContract(connection.provider, order.escrow).deal(offer.dealId);
      if (state !== "offered") {
        throw new OfferError(`the deal is ${state}, only an offered one can be taken back`, "See `zkcmp status`.");
      }
      transaction = await sendAs(
        party,
        { to: order.escrow, data: escrowCalls.cancel(offer.dealId), value: 0n },
        { ...waiting, what: "the cancellation", record: cancel, write: (record) => sale.write({ cancel: record }) },
      );
    }
    // Until then the chain could still forget it, and the buyer could fund.
    if (!(await isFinal(connection, transaction))) await waitUntilFinal(connection, transaction, waiting);
    if (sale.value.cancelled !== true) await sale.write({ cancelled: true });
    return transaction;
  });
}

/** A second run without a split goes on with the one that was written down; with another one it would mean another deal. */
function requireSameSplit({ split }: OfferRecord, request: SplitRequest | undefined): void {
  if (request === undefined) return;
  const { round, basisPoints } = request;
  const same = split?.rewards === round.rewards && split.round === round.roundId && split.basisPoints === basisPoints;
  if (same) return;
  throw new OfferError(
    `the seal was offered ${split === undefined ? "without a share for a round" : "with another share or round"}`,
    "Run it again without --split, or cancel the offer and seal again.",
  );
}

function termsOf({ core, signedOrder: { order } }: SaleRecord, split: Split): Terms {
  return {
    buyer: order.buyer,
    token: order.token,
    price: order.price,
    fundableUntil: order.fundableUntil,
    timeToRedeem: order.timeToRedeem,
    keyCommitment: core.keyCommitment,
    core: coreDigest(core),
    orderHash: core.orderHash,
    split,
  };
}

async function checkTerms({ connection }: Party, terms: Terms, seller: Address): Promise<void> {
  const again = "Ask the buyer for a new order.";
  if (terms.buyer === seller) {
    throw new OfferError("the order's buyer is the seller's own account", "Offer from another account.");
  }
  const now = await chainTime(connection);
  if (terms.fundableUntil <= now) {
    throw new OfferError(`the order could be funded until ${timeOf(terms.fundableUntil)} only`, again);
  }
  if (terms.fundableUntil > now + MAX_TIME_TO_FUND) {
    throw new OfferError(
      `the order may be funded until ${timeOf(terms.fundableUntil)}, more than 90 days ahead`,
      `Offer later, or ask the buyer for a new order.`,
    );
  }
  if (terms.token !== ETHER && (await connection.provider.getCode(terms.token)) === "0x") {
    throw new OfferError(`there is no token at ${terms.token} on chain ${connection.chainId}`, again);
  }
}

function timeOf(seconds: number): string {
  return new Date(1000 * seconds).toISOString();
}
