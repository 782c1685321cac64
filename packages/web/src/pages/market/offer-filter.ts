import type { OfferRow } from "../../worker/deals-desk.ts";
import { shownState } from "../deal/deal-words.ts";

/** Which offers are to be seen, and in which order. */
export interface OfferFilter {
  /** As badges show it, or "all". */
  readonly state: string;
  readonly mine: boolean;
  /** A part of a deal's id, an order's hash or an address. */
  readonly text: string;
  readonly sort: OfferSort;
}

export type OfferSort = "newest" | "price" | "accuracy" | "left";

/** Everything, the newest first. */
export const ALL_OFFERS: OfferFilter = { state: "all", mine: false, text: "", sort: "newest" };

/** The offers that pass a filter. @param offers the newest first */
export function filterOffers(offers: readonly OfferRow[], filter: OfferFilter): OfferRow[] {
  const text = filter.text.trim().toLowerCase();
  const passing = offers.filter(
    ({ state, times, isPurchase, isSale, dealId, orderHash, seller, buyer, token }) =>
      (filter.state === "all" || shownState(state, times) === filter.state) &&
      (!filter.mine || isPurchase || isSale) &&
      [dealId, orderHash, seller, buyer, token].some((hex) => hex.includes(text)),
  );
  // Those without the value stand at the end; of equals, the newest stay first.
  const rank = RANKS[filter.sort];
  return rank === null ? passing : passing.toSorted((a, b) => rank(a) - rank(b));
}

const RANKS: Readonly<Record<OfferSort, ((offer: OfferRow) => number) | null>> = {
  newest: null,
  price: ({ price }) => Number(price),
  accuracy: ({ order }) => (order === null || order.predicate !== "accuracy" ? 1 : -order.threshold / order.rows),
  left: ({ times }) => times.left ?? Number.MAX_VALUE,
};

/** The deal that a text names as a whole, or null. */
export function dealIdIn(text: string): `0x${string}` | null {
  const id = text.trim().toLowerCase();
  return /^0x[0-9a-f]{64}$/.test(id) ? (id as `0x${string}`) : null;
}
