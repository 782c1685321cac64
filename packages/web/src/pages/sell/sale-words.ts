import type { SaleStep } from "@zkcmp/chain/seller/sale-step";

const TITLES: Readonly<Record<SaleStep, string>> = {
  offer: "Offer it on chain",
  "offer-again": "Offer it once more",
  "funding-over": "The time to fund is over",
  "offer-final": "Waiting for the offer to be final",
  "test-set": "Waiting for the buyer's test set",
  root: "Claim your rows",
  nonce: "Waiting for the buyer's nonce",
  proof: "Prove it",
  payment: "Waiting for the payment",
  "payment-final": "Waiting for the payment to be final",
  redeem: "Take the price",
  "redeem-late": "Too late to show the key",
  "refund-open": "The buyer may take the refund",
  redeemed: "Sold",
  refunded: "Refunded",
  cancelled: "Cancelled",
};

/** What a step is called. */
export function stepTitle(step: SaleStep): string {
  return TITLES[step];
}

/** Hundredths of a per cent in words. */
export function formatShare(basisPoints: number): string {
  return `${basisPoints / 100} %`;
}
