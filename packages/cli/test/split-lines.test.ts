import { NO_SPLIT } from "@zkcmp/sale/deal";
import { ETHER } from "@zkcmp/sale/order";
import { expect } from "chai";
import { formatShare, rewardsLines, splitJson, splitLines } from "../src/split-lines.ts";

const ORDER = { price: 10n ** 18n, token: ETHER };
const SPLIT = { rewards: `0x${"ab".repeat(20)}`, round: 18n, basisPoints: 1_250 } as const;

describe("split lines", () => {
  it("say who gets what of a price", () => {
    expect(splitLines(ORDER, NO_SPLIT, "0x12")).to.deep.equal(["1.0 ether to 0x12"]);
    const [rest, share, late] = splitLines(ORDER, SPLIT, "0x12");
    expect(rest).to.equal("0.875 ether to 0x12");
    expect(share).to.equal(
      `0.125 ether (12.5 %) to the data providers of the round 0x${"0".repeat(38)}12 in the rewards contract ${SPLIT.rewards}`,
    );
    expect(late).to.match(/30 days before the end of the round's claims goes to the buyer/);
  });

  it("warn of a rewards contract that is not known, or was not looked at", () => {
    expect(rewardsLines(SPLIT, true)).to.deep.equal([]);
    expect(rewardsLines(NO_SPLIT, null)).to.deep.equal([]);
    expect(rewardsLines(SPLIT, false)[0]).to.match(/none that this version/);
    expect(rewardsLines(SPLIT, null)[0]).to.match(/not checked/);
  });

  it("are an object in JSON, or null", () => {
    expect(splitJson(ORDER, NO_SPLIT)).to.equal(null);
    expect(splitJson(ORDER, SPLIT)).to.deep.equal({
      rewards: SPLIT.rewards,
      roundId: `0x${"0".repeat(38)}12`,
      basisPoints: 1_250,
      share: 125n * 10n ** 15n,
    });
  });

  it("write a share as a percentage", () => {
    expect([1, 10, 100, 1_250, 9_999].map(formatShare)).to.deep.equal(["0.01 %", "0.1 %", "1 %", "12.5 %", "99.99 %"]);
  });
});
