import type { Deal } from "../escrow-contract.ts";
import type { PurchaseRecord } from "../purchase-record.ts";

/** What a buyer does in a deal, in this order. `sample` is there only where rows are sampled. */
export type PurchaseStepName = "reveal" | "sample" | "verify" | "fund" | "key" | "unseal" | "refund" | "withdraw";

/** `now`: the buyer's turn. `wait`: somebody else's, or the clock's. `over`: can never be done any more, or need not be. */
export type StepState = "done" | "now" | "wait" | "later" | "over";

export interface PurchaseStep {
  readonly name: PurchaseStepName;
  readonly state: StepState;
}

/** What decides where a purchase stands beside the buyer's own memory. */
export interface PurchaseSituation {
  readonly deal: Deal;
  /** Whether the offer is final: before it is, D is not shown. */
  readonly final: boolean;
  /** What the buyer's account can withdraw in the deal's token. */
  readonly credit: bigint;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
}

/**
 * Every step of a purchase and where it stands, from the journal and the chain alone, so that it is the same after a
 * reload at any moment.
 */
export function purchaseSteps(purchase: PurchaseRecord, situation: PurchaseSituation): PurchaseStep[] {
  const { deal, final, credit, now } = situation;
  const { state } = deal;
  const isSampled = purchase.nonce !== undefined;
  const fundable = state === "offered" && now <= deal.fundableUntil;
  const paid = state === "funded" || state === "redeemed" || state === "refunded";
  const isReady = !isSampled || purchase.root !== undefined;
  const before = (done: boolean, ready: boolean, turn: "now" | "wait"): StepState =>
    done ? "done" : !fundable ? "over" : ready ? turn : "later";

  const reveal = before(purchase.revealed !== undefined, true, final ? "now" : "wait");
  const sample = before(purchase.root !== undefined, reveal === "done", "now");
  const verify = before(purchase.bundle !== undefined, reveal === "done" && isReady, "now");
  const fund = before(paid, verify === "done", "now");
  const key: StepState = state === "redeemed" ? "done" : state === "funded" ? "wait" : fundable ? "later" : "over";
  const unseal: StepState = state === "redeemed" ? "now" : fundable || state === "funded" ? "later" : "over";
  const refund: StepState =
    state === "refunded"
      ? "done"
      : state === "funded"
        ? now >= deal.refundableFrom
          ? "now"
          : "later"
        : fundable
          ? "later"
          : "over";
  const withdraw: StepState = credit > 0n ? "now" : state === "refunded" || state === "redeemed" ? "over" : "later";
  return [
    { name: "reveal", state: reveal },
    ...(isSampled ? [{ name: "sample" as const, state: sample }] : []),
    { name: "verify", state: verify },
    { name: "fund", state: fund },
    { name: "key", state: key },
    { name: "unseal", state: unseal },
    { name: "refund", state: refund },
    { name: "withdraw", state: withdraw },
  ];
}
