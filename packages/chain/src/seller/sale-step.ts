import type { Deal } from "../escrow-contract.ts";
import type { SaleRecord } from "../sale-record.ts";
import { redeemMargin } from "./redeem.ts";

/**
 * What a seller does next, or waits for.
 * ```text
 * offer -> offer-final -> test-set -> (root -> nonce ->) proof -> payment -> payment-final -> redeem -> redeemed
 *                                                                 funding-over   redeem-late, refund-open -> refunded
 * ```
 */
export type SaleStep =
  | "offer"
  | "offer-again"
  | "funding-over"
  | "offer-final"
  | "test-set"
  | "root"
  | "nonce"
  | "proof"
  | "payment"
  | "payment-final"
  | "redeem"
  | "redeem-late"
  | "refund-open"
  | "redeemed"
  | "refunded"
  | "cancelled";

/** A deal as the chain shows it. */
export interface SeenDeal {
  /** null before the offer. */
  readonly deal: Deal | null;
  /** Whether its state is that of the `finalized` block. */
  readonly final: boolean;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
}

/** The step at which a sale stands, from what the journal remembers and the chain shows. */
export function saleStep(sale: SaleRecord, { deal, final, now }: SeenDeal): SaleStep {
  const sampled = sale.signedOrder.order.sampledRows > 0;
  if (deal === null || deal.state === "none") return sale.offer === undefined ? "offer" : "offer-again";
  switch (deal.state) {
    case "offered":
      if (now > deal.fundableUntil) return "funding-over";
      if (!final) return "offer-final";
      if (sale.testSet === undefined) return "test-set";
      if (sampled && sale.rootSignature === undefined) return "root";
      if (sampled && sale.nonce === undefined) return "nonce";
      return sale.bundle === undefined ? "proof" : "payment";
    case "funded":
      if (now >= deal.refundableFrom) return "refund-open";
      if (now >= lastRedemption(deal)) return "redeem-late";
      return final ? "redeem" : "payment-final";
    default:
      return deal.state;
  }
}

/** Unix seconds from which on the seller's tool no longer shows the key of a funded deal. */
export function lastRedemption({ refundableFrom, timeToRedeem }: Deal): number {
  return refundableFrom - redeemMargin(timeToRedeem);
}
