import { toFieldElement } from "@zkcmp/field/element";
import { ETHER } from "@zkcmp/sale/order";
import { expect } from "chai";
import { dealTimes } from "../src/deal-times.ts";
import type { Deal } from "../src/escrow-contract.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const OFFERED = 1_000_000;
const FUNDED = OFFERED + DAY;

/** A deal that can be funded for a week, with a day to redeem. */
function dealIn(state: Deal["state"], changes: Partial<Deal> = {}): Deal {
  return {
    ...{
      seller: "0x01",
      buyer: "0x02",
      token: ETHER,
      price: 1n,
      basisPoints: 0,
      keyCommitment: toFieldElement(1n, "E"),
    },
    ...{ fundableUntil: OFFERED + 7 * DAY, timeToRedeem: DAY, refundableFrom: 0, state, ...changes },
  };
}

const funded = dealIn("funded", { refundableFrom: FUNDED + DAY });

describe("times of a deal", () => {
  it("may be funded up to and including the last second", () => {
    const last = dealIn("offered").fundableUntil;
    expect(dealTimes(dealIn("offered"), OFFERED, last)).to.include({ current: "funding", left: 1, near: true });
    expect(dealTimes(dealIn("offered"), OFFERED, last + 1)).to.include({ current: null, left: null, near: false });
  });

  it("has the windows of a funded deal without gaps: redeeming, the seller's margin, refund without an end", () => {
    const { windows, marginFrom, refundableFrom, funded: at } = dealTimes(funded, OFFERED, FUNDED);
    expect(at).to.equal(FUNDED);
    // A quarter of a day is more than an hour.
    expect(marginFrom).to.equal(FUNDED + 18 * HOUR);
    expect(refundableFrom).to.equal(FUNDED + DAY);
    expect(windows.map(({ name }) => name)).to.deep.equal(["funding", "redeeming", "margin", "refund"]);
    for (const [i, window] of windows.slice(1).entries()) expect(window.from).to.equal(windows[i]!.until);
    expect(windows.at(-1)!.until).to.equal(null);
  });

  it("names the window that is open, at each of its ends", () => {
    const at = (now: number) => dealTimes(funded, OFFERED, now).current;
    expect(at(FUNDED)).to.equal("redeeming");
    expect(at(FUNDED + 18 * HOUR - 1)).to.equal("redeeming");
    expect(at(FUNDED + 18 * HOUR)).to.equal("margin");
    expect(at(FUNDED + DAY - 1)).to.equal("margin");
    expect(at(FUNDED + DAY)).to.equal("refund");
    expect(at(FUNDED + 100 * DAY)).to.equal("refund");
  });

  it("knows a deal as funded though the clock of the pending block is behind", () => {
    expect(dealTimes(funded, OFFERED, FUNDED - 1).current).to.equal("redeeming");
  });

  it("warns in the last quarter of a window, and in the last hour of a short one", () => {
    const week = dealIn("offered");
    expect(dealTimes(week, OFFERED, OFFERED + 5 * DAY).near).to.equal(false);
    expect(dealTimes(week, OFFERED, OFFERED + 5.5 * DAY).near).to.equal(true);
    const short = dealIn("offered", { fundableUntil: OFFERED + 2 * HOUR });
    expect(dealTimes(short, OFFERED, OFFERED + HOUR - 60).near).to.equal(false);
    expect(dealTimes(short, OFFERED, OFFERED + HOUR + 60).near).to.equal(true);
    expect(dealTimes(funded, OFFERED, FUNDED + DAY).near, "no end, no hurry").to.equal(false);
  });

  it("is over when the deal is", () => {
    for (const state of ["redeemed", "refunded", "cancelled"] as const) {
      const { current, left } = dealTimes({ ...funded, state }, OFFERED, FUNDED + HOUR);
      expect([current, left], state).to.deep.equal([null, null]);
    }
  });
});
