import { expect } from "chai";
import { parseRoute, type Route, routeHref, routeTitle } from "../src/route.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
const ADDRESS = `0x${"12".repeat(20)}` as const;

const ROUTES: readonly Route[] = [
  { page: "market" },
  { page: "ask" },
  { page: "sell" },
  { page: "rounds" },
  { page: "keys" },
  { page: "purchase", orderHash: HASH },
  { page: "sale", orderHash: HASH },
  { page: "deal", dealId: HASH },
  { page: "round", rewards: ADDRESS, roundId: `0x${"34".repeat(20)}` },
];

describe("route", () => {
  it("finds every page by the link to it, each with a title of its own", () => {
    for (const route of ROUTES) expect(parseRoute(routeHref(route))).to.deep.equal(route);
    expect(new Set(ROUTES.map(routeTitle)).size).to.equal(ROUTES.length);
  });

  it("takes an empty address for the market, and letters in any case", () => {
    expect(parseRoute("")).to.deep.equal({ page: "market" });
    expect(parseRoute("#")).to.deep.equal({ page: "market" });
    expect(parseRoute("#/rounds/")).to.deep.equal({ page: "rounds" });
    expect(parseRoute(`#/deal/${HASH.toUpperCase().replace("0X", "0x")}`)).to.deep.equal({
      page: "deal",
      dealId: HASH,
    });
  });

  it("knows no page for ids that are none, parts too many and names of objects' own", () => {
    const wrong = [
      "#/deal/0x12",
      `#/deal/${ADDRESS}`,
      `#/deal/${HASH}/more`,
      `#/deal/0x${"zz".repeat(32)}`,
      `#/rounds/${HASH}/${ADDRESS}`,
      `#/rounds/${ADDRESS}`,
      "#/toString",
      "#/constructor",
      "#/nowhere",
    ];
    for (const hash of wrong) expect(parseRoute(hash), hash).to.deep.equal({ page: "unknown" });
  });
});
