import type { Deal } from "./escrow-contract.ts";
import { redeemMargin } from "./seller/redeem.ts";

/**
 * A stretch of a deal's time. `funding`: the buyer may fund. `redeeming`: the seller may show the key. `margin`: the
 * escrow still takes the key, and an honest seller's tool does not show it any more. `refund`: the buyer may take the
 * price back, until the key comes.
 */
export type WindowName = "funding" | "redeeming" | "margin" | "refund";

export interface DealWindow {
  readonly name: WindowName;
  /** Unix seconds. */
  readonly from: number;
  /** Unix seconds, the first that does not belong to it; null for one without an end. */
  readonly until: number | null;
}

/** Where a deal stands in time. All times in unix seconds of the chain's clock. */
export interface DealTimes {
  readonly offered: number;
  /** The last second in which it may be funded. */
  readonly fundableUntil: number;
  /** null before. */
  readonly funded: number | null;
  /** From then on the seller's tool keeps the key; null before funding. */
  readonly marginFrom: number | null;
  /** From then on the buyer may take the price back; null before funding. */
  readonly refundableFrom: number | null;
  /** In order of time, without gaps. */
  readonly windows: readonly DealWindow[];
  /** The one that is open; null where nothing can happen any more, or nobody funded in time. */
  readonly current: WindowName | null;
  /** Seconds until the open window ends; null for one without an end, and where none is open. */
  readonly left: number | null;
  /** Whether less than an hour, or less than a quarter of the open window, is left. */
  readonly near: boolean;
}

/**
 * The windows of a deal.
 * @param deal as the contract stores it, in any state but "none"
 * @param offered time of the block with the offer
 * @param now the chain's time
 */
export function dealTimes(deal: Deal, offered: number, now: number): DealTimes {
  const { fundableUntil, timeToRedeem, state } = deal;
  const wasFunded = deal.refundableFrom !== 0;
  const refundableFrom = wasFunded ? deal.refundableFrom : null;
  const funded = refundableFrom === null ? null : refundableFrom - timeToRedeem;
  const marginFrom = refundableFrom === null ? null : refundableFrom - redeemMargin(timeToRedeem);
  const windows: DealWindow[] =
    refundableFrom === null
      ? [{ name: "funding", from: offered, until: fundableUntil + 1 }]
      : [
          { name: "funding", from: offered, until: funded },
          { name: "redeeming", from: funded!, until: marginFrom },
          { name: "margin", from: marginFrom!, until: refundableFrom },
          { name: "refund", from: refundableFrom, until: null },
        ];
  const isOpen = state === "offered" || state === "funded";
  // A funded deal's first window is over whatever the clock of the pending block says.
  const candidates = state === "funded" ? windows.slice(1) : windows;
  const open = isOpen
    ? (candidates.find(({ from, until }, i) => (i === 0 || now >= from) && (until === null || now < until)) ?? null)
    : null;
  const left = open === null || open.until === null ? null : open.until - now;
  const near = left !== null && left < Math.max(3600, (open!.until! - open!.from) / 4);
  return {
    ...{ offered, fundableUntil, funded, marginFrom, refundableFrom },
    ...{ windows, current: open?.name ?? null, left, near },
  };
}
