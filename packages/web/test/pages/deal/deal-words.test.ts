import { dealTimes } from "@zkcmp/chain/deal-times";
import type { Deal } from "@zkcmp/chain/escrow-contract";
import { expect } from "chai";
import {
  axisEvents,
  axisWindows,
  goalWords,
  shownState,
  timeLeftWords,
  windowSentence,
} from "../../../src/pages/deal/deal-words.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const OFFERED = 1_000_000;
const UNTIL = OFFERED + 7 * DAY;

function dealIn(state: Deal["state"], funded: number | null = null): Deal {
  const refundableFrom = funded === null ? 0 : funded + DAY;
  return { state, fundableUntil: UNTIL, timeToRedeem: DAY, refundableFrom } as Deal;
}

const wordsAt = (deal: Deal, now: number): string => timeLeftWords(deal.state, dealTimes(deal, OFFERED, now));

describe("words of a deal", () => {
  it("say for how long the open window still is", () => {
    const funded = dealIn("funded", OFFERED);
    expect(wordsAt(dealIn("offered"), UNTIL - 2 * HOUR + 1)).to.equal("2 h to fund");
    expect(wordsAt(dealIn("offered"), UNTIL + 1)).to.equal("funding is over");
    expect(wordsAt(funded, OFFERED)).to.equal("18 h to redeem");
    expect(wordsAt(funded, OFFERED + 20 * HOUR)).to.equal("4 h until the refund");
    expect(wordsAt(funded, OFFERED + DAY)).to.equal("refund open");
    expect(wordsAt(dealIn("redeemed", OFFERED), OFFERED)).to.equal("settled");
  });

  it("call an offer that nobody can fund expired, and nothing else", () => {
    const state = (deal: Deal, now: number): string => shownState(deal.state, dealTimes(deal, OFFERED, now));
    expect(state(dealIn("offered"), UNTIL)).to.equal("offered");
    expect(state(dealIn("offered"), UNTIL + 1)).to.equal("expired");
    expect(state(dealIn("cancelled"), UNTIL + 1)).to.equal("cancelled");
  });

  it("never say at least T of a sampled deal", () => {
    const order = { predicate: "accuracy", threshold: 180, rows: 200, errorBound: 0n, sampledRows: 0 } as const;
    expect(goalWords(order)).to.equal("≥ 180 of 200 (90.00 %)");
    expect(goalWords({ ...order, sampledRows: 86 })).to.equal("claims 180 of 200 (90.00 %), 86 drawn");
    expect(goalWords({ ...order, predicate: "squared-error", errorBound: 42n })).to.equal("squared errors ≤ 42");
  });

  it("have a sentence for every state and window", () => {
    const funded = dealIn("funded", OFFERED);
    const sentences = [
      [dealIn("offered"), OFFERED],
      [dealIn("offered"), UNTIL + 1],
      [funded, OFFERED],
      [funded, OFFERED + 20 * HOUR],
      [funded, OFFERED + DAY],
      [dealIn("redeemed", OFFERED), OFFERED],
      [dealIn("refunded", OFFERED), OFFERED + DAY],
      [dealIn("cancelled"), OFFERED],
    ].map(([deal, now]) => windowSentence((deal as Deal).state, dealTimes(deal as Deal, OFFERED, now as number)));
    expect(new Set(sentences)).to.have.length(8);
    for (const sentence of sentences) expect(sentence).to.match(/\.$/);
  });
});

describe("axis of a deal", () => {
  it("has no open window when the deal is over: they end where it did", () => {
    const deal = dealIn("redeemed", OFFERED + HOUR);
    const at = OFFERED + 3 * HOUR;
    const now = OFFERED + 5 * DAY;
    const windows = axisWindows("redeemed", dealTimes(deal, OFFERED, now), at, now);
    expect(windows.map(({ label, until }) => [label, until])).to.deep.equal([
      ["Buyer may fund", OFFERED + HOUR],
      ["Seller shows the key", at],
    ]);
  });

  it("leaves the refund without an end while it is open", () => {
    const times = dealTimes(dealIn("funded", OFFERED), OFFERED, OFFERED + 2 * DAY);
    expect(axisWindows("funded", times, null, OFFERED + 2 * DAY).at(-1)).to.include({ until: null });
  });

  it("tells the moments in order, and the end of funding only while it matters", () => {
    const labels = (deal: Deal, redeemedAt: number | null): string[] =>
      axisEvents(dealTimes(deal, OFFERED, OFFERED), redeemedAt).map(({ label }) => label);
    expect(labels(dealIn("offered"), null)).to.deep.equal(["Offered", "Fundable until"]);
    expect(labels(dealIn("funded", OFFERED + 1), null)).to.deep.equal([
      "Offered",
      "Funded",
      "The seller’s margin begins",
      "Refund from",
    ]);
    expect(labels(dealIn("redeemed", OFFERED + 1), OFFERED + HOUR)).to.deep.equal(["Offered", "Funded", "Key shown"]);
  });
});
