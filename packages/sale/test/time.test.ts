import { expect } from "chai";
import { formatSpan, formatTime, isoTime } from "../src/time.ts";

describe("time", () => {
  it("is written in UTC", () => {
    expect(formatTime(1_700_000_000)).to.equal("2023-11-14 22:13:20 UTC");
  });

  it("that is in no calendar is a number, since others choose it", () => {
    expect(isoTime(1_700_000_000)).to.equal("2023-11-14T22:13:20.000Z");
    for (const seconds of [Number.MAX_SAFE_INTEGER, 2 ** 64, 8_640_000_000_001, -(2 ** 53), NaN]) {
      expect(isoTime(seconds), String(seconds)).to.equal(null);
      expect(formatTime(seconds)).to.equal(`second ${seconds} of unix time`);
    }
    expect(formatTime(8_640_000_000_000)).to.equal("+275760-09-13 00:00:00 UTC");
  });

  for (const [seconds, text] of [
    [0, "0 s"],
    [-5, "0 s"],
    [59, "59 s"],
    [3600, "1 h"],
    [90_061, "1 d 1 h"],
    [86_460, "1 d 1 min"],
    [3661, "1 h 1 min"],
  ] as const) {
    it(`a span of ${seconds} s is ${text}`, () => {
      expect(formatSpan(seconds)).to.equal(text);
    });
  }
});
