import { InvalidArgumentError } from "@commander-js/extra-typings";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { expect } from "chai";
import {
  parseAddress,
  parseAmount,
  parseClasses,
  parseCount,
  parseDealId,
  parseDuration,
  parseErrorBound,
  parseInputBits,
  parseIntegerFrom,
  parseLabel,
  parseNames,
  parseNumbers,
  parsePercent,
  parsePositive,
  parsePower,
  parseRange,
  parseRowRange,
  parseSeed,
  parseShare,
  parseTargetBits,
  parseWeightBits,
} from "../src/option-value.ts";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

const fromTwoToFive = parseIntegerFrom(2, 5);

/** A range beside one that was given before. */
const secondRange = (text: string) => parseRange(text, { y: [0, 1] });

const accepted: readonly (readonly [parse: (text: string) => unknown, text: string, value: unknown])[] = [
  [parseCount, "1", 1],
  [fromTwoToFive, "2", 2],
  [fromTwoToFive, "5", 5],
  [parseNames, "a, b c,d", ["a", "b c", "d"]],
  [parseLabel, "second-2_b", "second-2_b"],
  [parseSeed, `0x${"0A".repeat(32)}`, `0x${"0a".repeat(32)}`],
  [secondRange, "x=-1.5..2e3", { y: [0, 1], x: [-1.5, 2000] }],
  [secondRange, "a=b=1..2", { y: [0, 1], "a=b": [1, 2] }],
  [parseCount, "4294967295", 4294967295],
  [parseAddress, ADDRESS, ADDRESS.toLowerCase()],
  [parseAddress, ADDRESS.toLowerCase(), ADDRESS.toLowerCase()],
  [parseDealId, "0x0a", 10n],
  [parseDealId, "12", 12n],
  [parseDuration, "90m", 5400],
  [parseDuration, "1.5h", 5400],
  [parseDuration, "2d", 172800],
  [parseAmount, "0.25", "0.25"],
  [parseAmount, "1000wei", "1000wei"],
  [parseInputBits, "16", 16],
  [parseWeightBits, "2", 2],
  [parseRowRange, "3-7", { first: 3, last: 7 }],
  [parseNumbers, "0.5,-1", [0.5, -1]],
  [parseShare, "0.95", 0.95],
  [parsePercent, "10%", 1_000],
  [parsePercent, "12.5 %", 1_250],
  [parsePercent, "0.01%", 1],
  [parsePercent, "0.1%", 10],
  [parsePercent, "0.29%", 29],
  [parsePercent, "57.03%", 5_703],
  [parsePercent, "99.99%", 9_999],
  [parsePower, "14", 14],
  [parseClasses, "3", ["0", "1", "2"]],
  [parseClasses, "no, yes", ["no", "yes"]],
  [parseErrorBound, "18446744073709551615", 2n ** 64n - 1n],
  [parseErrorBound, "0", 0n],
  [parsePositive, "3.5", 3.5],
  [parseTargetBits, "16", 16],
];

const refused: readonly (readonly [parse: (text: string) => unknown, texts: readonly string[]])[] = [
  [parseCount, ["0", "-1", "1.5", "1e3", "", "4294967296", "x"]],
  [parseAddress, ["0x70997970C51812dc3A010C7d01b50e0d17dc79c8", "0x12", "alice.eth", ""]],
  [parseDealId, ["", "0x", "abc", FIELD_ORDER.toString(), `0x${"f".repeat(64)}`, "-1"]],
  [parseDuration, ["", "5", "0s", "h", "1w", "-1h"]],
  [parseAmount, ["", "0", "0.0", "0wei", "1.5wei", "-1", "1e18", "1,5", "0x10"]],
  [parseInputBits, ["0", "17", "8.5"]],
  [parseWeightBits, ["1", "17", ""]],
  [parseRowRange, ["0-3", "5-4", "5", "a-b"]],
  [parseNumbers, ["", "1;2", "x"]],
  [parseShare, ["0", "1.01", "", "x"]],
  [parsePercent, ["", "%", "10", "0%", "0.00%", "100%", "100.00%", "0.001%", "12.345%", "-1%", "1e1%", ".5%", "1,5%"]],
  [parseErrorBound, ["", "-1", "1.5", "1e3", "18446744073709551616", "x"]],
  [parsePositive, ["", "0", "-1", "x", "Infinity"]],
  [parseTargetBits, ["1", "17", "8.5", ""]],
  [parsePower, ["7", "23", "x"]],
  [parseClasses, ["1", "257", "a", "a,a", "a,,b"]],
  [fromTwoToFive, ["1", "6", "2.5", "", "x"]],
  [parseNames, ["", "a,a", "a,,b"]],
  [parseLabel, ["", "a b", "../x", "a".repeat(65)]],
  [parseSeed, ["", "0x", "0a".repeat(32), `0x${"0a".repeat(31)}`, `0x${"0a".repeat(33)}`, `0x${"g".repeat(64)}`]],
  [secondRange, ["x", "x=1", "x=2..1", "x=1..1", "x=a..b", "=1..2"]],
];

describe("option values", () => {
  for (const [parse, text, value] of accepted) {
    it(`${parse.name} reads "${text}"`, () => {
      expect(parse(text)).to.deep.equal(value);
    });
  }

  for (const [parse, texts] of refused) {
    it(`${parse.name} refuses ${texts.map((text) => `"${text}"`).join(", ")}`, () => {
      for (const text of texts) expect(() => parse(text), text).to.throw(InvalidArgumentError);
    });
  }
});
