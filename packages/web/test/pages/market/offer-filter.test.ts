import type { DealTimes } from "@zkcmp/chain/deal-times";
import type { Order } from "@zkcmp/sale/order";
import { expect } from "chai";
import { ALL_OFFERS, dealIdIn, filterOffers, type OfferFilter } from "../../../src/pages/market/offer-filter.ts";
import type { OfferRow } from "../../../src/worker/deals-desk.ts";

const id = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`;

function offer(digit: string, changes: Partial<OfferRow>, left: number | null = 100): OfferRow {
  const address = `0x${digit.repeat(40)}` as const;
  return {
    ...{
      dealId: id(digit),
      orderHash: id("e"),
      seller: address,
      buyer: `0x${"b".repeat(40)}`,
      token: `0x${"0".repeat(40)}`,
    },
    ...{ state: "offered", price: 1n, isPurchase: false, isSale: false, contradiction: null, order: null },
    times: { current: left === null ? null : "funding", left } as DealTimes,
    ...changes,
  };
}

const asked = (threshold: number): Order => ({ predicate: "accuracy", threshold, rows: 100 }) as Order;

const offers = [
  offer("1", { price: 3n, order: asked(70) }),
  offer("2", { price: 1n, isPurchase: true, order: asked(90) }, 5),
  offer("3", { price: 2n, state: "redeemed", isSale: true }, null),
  offer("4", { price: 9n }, null),
];

const shown = (filter: Partial<OfferFilter>): string[] =>
  filterOffers(offers, { ...ALL_OFFERS, ...filter }).map(({ dealId }) => dealId.slice(2, 3));

describe("filter of offers", () => {
  it("passes everything, the newest first, if nothing is asked", () => {
    expect(shown({})).to.deep.equal(["1", "2", "3", "4"]);
  });

  it("is by state as it is shown: an offer past its time is expired, not offered", () => {
    expect(shown({ state: "offered" })).to.deep.equal(["1", "2"]);
    expect(shown({ state: "expired" })).to.deep.equal(["4"]);
    expect(shown({ state: "redeemed" })).to.deep.equal(["3"]);
  });

  it("is by one's own, bought and sold", () => {
    expect(shown({ mine: true })).to.deep.equal(["2", "3"]);
  });

  it("is by a part of any id or address, in any case of letters", () => {
    expect(shown({ text: " 0x2222 " })).to.deep.equal(["2"]);
    expect(shown({ text: "BBBB" })).to.deep.equal(["1", "2", "3", "4"]);
    expect(shown({ text: id("e") })).to.have.length(4);
    expect(shown({ text: "nothing" })).to.deep.equal([]);
  });

  it("sorts what has no value to the end", () => {
    expect(shown({ sort: "price" })).to.deep.equal(["2", "3", "1", "4"]);
    expect(shown({ sort: "accuracy" })).to.deep.equal(["2", "1", "3", "4"]);
    expect(shown({ sort: "left" })).to.deep.equal(["2", "1", "3", "4"]);
  });

  it("knows a whole deal id, which may be of a deal that is not in the list", () => {
    expect(dealIdIn(` ${id("a").toUpperCase().replace("0X", "0x")} `)).to.equal(id("a"));
    expect(dealIdIn("0x1234")).to.equal(null);
  });
});
