import type { DealTimes, WindowName } from "@zkcmp/chain/deal-times";
import type { AxisEvent, AxisWindow } from "../../components/time-axis.tsx";
import type { Deal } from "@zkcmp/chain/escrow-contract";
import type { Order } from "@zkcmp/sale/order";
import { formatSpan } from "@zkcmp/sale/time";

/** A share as a percentage. */
export function percent(share: number): string {
  return Number.isNaN(share) ? "–" : `${(share * 100).toFixed(2)} %`;
}

/** The state as badges show it: an offer that nobody can fund any more is expired. */
export function shownState(state: Deal["state"], { current }: Pick<DealTimes, "current">): string {
  return state === "offered" && current === null ? "expired" : state;
}

/** What the order asks of a network, in a few words. */
export function goalWords(
  order: Pick<Order, "predicate" | "threshold" | "rows" | "errorBound" | "sampledRows">,
): string {
  const { predicate, threshold, rows, errorBound, sampledRows } = order;
  if (predicate === "squared-error") return `squared errors ≤ ${errorBound}`;
  const share = `${threshold} of ${rows} (${percent(threshold / rows)})`;
  return sampledRows === 0 ? `≥ ${share}` : `claims ${share}, ${sampledRows} drawn`;
}

/** How long the open window still is, and for what. */
export function timeLeftWords(state: Deal["state"], { current, left }: Pick<DealTimes, "current" | "left">): string {
  switch (current) {
    case "funding":
      return `${formatSpan(left!)} to fund`;
    case "redeeming":
      return `${formatSpan(left!)} to redeem`;
    case "margin":
      return `${formatSpan(left!)} until the refund`;
    case "refund":
      return "refund open";
    case null:
      return state === "offered" ? "funding is over" : state === "cancelled" ? "over" : "settled";
  }
}

/** What the windows are called. */
const WINDOW_NAMES: Readonly<Record<WindowName, string>> = {
  funding: "Buyer may fund",
  redeeming: "Seller shows the key",
  margin: "Seller’s margin",
  refund: "Buyer may take the refund",
};

/** What can happen in the open window, for all who look. */
export function windowSentence(state: Deal["state"], times: DealTimes): string {
  const { current, left } = times;
  switch (current) {
    case "funding":
      return `The buyer may lock the price now: ${formatSpan(left!)} are left.`;
    case "redeeming":
      return `The price is locked. The seller has ${formatSpan(left!)} to show the key safely; it opens the network and pays the seller.`;
    case "margin":
      return `The refund opens in ${formatSpan(left!)}. The escrow still takes the key, but a careful seller does not show it any more: whoever sees it too late could have network and refund.`;
    case "refund":
      return "The buyer may take the price back at any time. Until that is done, the escrow would still take the key.";
    case null:
      break;
  }
  const ends: Readonly<Record<string, string>> = {
    offered: "Nobody funded it in time. Nothing was paid.",
    redeemed: "The seller has shown the key and was paid. The deal is over.",
    refunded: "No key came in time, and the buyer has the price back. The deal is over.",
    cancelled: "The seller took the offer back before it was funded. Nothing was paid.",
  };
  return ends[state] ?? "";
}

/**
 * A deal's windows for the axis. Those of a deal that is over end when it was, as far as that is known, and none is open.
 * @param redeemedAt unix seconds; null where it was not redeemed
 */
export function axisWindows(
  state: Deal["state"],
  { windows }: Pick<DealTimes, "windows">,
  redeemedAt: number | null,
  now: number,
): AxisWindow[] {
  const isOver = state !== "offered" && state !== "funded";
  const end = redeemedAt ?? now;
  return windows
    .filter(({ from }) => !isOver || from <= end)
    .map(({ name, from, until }) => ({
      from,
      until: isOver && (until === null || until > end) ? Math.max(from + 1, end) : until,
      label: WINDOW_NAMES[name],
      tone: name === "funding" || name === "refund" ? "buyer" : name === "redeeming" ? "seller" : "plain",
    }));
}

/** The moments of a deal, in order of time. @param redeemedAt unix seconds; null where it was not redeemed */
export function axisEvents(times: DealTimes, redeemedAt: number | null): AxisEvent[] {
  const { offered, fundableUntil, funded, marginFrom, refundableFrom } = times;
  const events: [number | null, string][] = [
    [offered, "Offered"],
    [funded === null ? fundableUntil : null, "Fundable until"],
    [funded, "Funded"],
    [redeemedAt, "Key shown"],
    [redeemedAt === null ? marginFrom : null, "The seller’s margin begins"],
    [redeemedAt === null ? refundableFrom : null, "Refund from"],
  ];
  return events.flatMap(([at, label]) => (at === null ? [] : [{ at, label }])).toSorted((a, b) => a.at - b.at);
}
