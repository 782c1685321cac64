import { isOpenable, roundBounds } from "@zkcmp/shapley/bounds";
import { expect } from "chai";
import { RoundError } from "../../src/rounds/round-error.ts";
import { checkRidge, smallestPassingRidge } from "../../src/rounds/slack-check.ts";
import { samples, SHAPE } from "./fixture.ts";

const VALIDATION = samples(8, 9);

/** Targets that hardly differ from the offset: a small loss. */
const FLAT = { rows: Array.from({ length: 8 }, (_, i) => Uint16Array.of(100 + i, 128 + (i === 0 ? 1 : 0))) };

describe("the ridge of a round", () => {
  it("passes from the smallest one on up to the shape's limit", () => {
    const smallest = smallestPassingRidge(SHAPE, VALIDATION)!;
    const { minRidgeBits, maxRidgeBits } = roundBounds(SHAPE);
    expect(smallest).to.be.within(minRidgeBits, maxRidgeBits);
    for (let bits = smallest; bits <= maxRidgeBits; bits++) checkRidge(SHAPE, bits, VALIDATION);
    if (smallest > minRidgeBits) expect(() => checkRidge(SHAPE, smallest - 1, VALIDATION)).to.throw(RoundError);
  });

  it("is refused outside the limits, with the ones that pass", () => {
    const smallest = smallestPassingRidge(SHAPE, VALIDATION)!;
    const advice = new RegExp(
      `outside the limits.*--ridge-bits from ${smallest} to ${roundBounds(SHAPE).maxRidgeBits}`,
    );
    expect(() => checkRidge(SHAPE, 2, VALIDATION)).to.throw(RoundError, advice);
  });

  it("is refused where the contract would refuse it", () => {
    const coarse = { ...SHAPE, fractionBits: 24 };
    const { minRidgeBits } = roundBounds(coarse);
    expect(isOpenable(coarse, minRidgeBits)).to.equal(false);
    expect(() => checkRidge(coarse, minRidgeBits, VALIDATION)).to.throw(RoundError, /the contract refuses/);
  });

  it("is refused for validation rows of little loss, though the contract would take it", () => {
    const coarse = { ...SHAPE, fractionBits: 24 };
    const { maxRidgeBits } = roundBounds(coarse);
    expect(isOpenable(coarse, maxRidgeBits)).to.equal(true);
    expect(() => checkRidge(coarse, maxRidgeBits, FLAT)).to.throw(
      RoundError,
      /given these validation rows.*fraction bits/,
    );
  });

  it("says so where nothing helps", () => {
    const constant = { rows: [Uint16Array.of(100, 128)] };
    expect(smallestPassingRidge(SHAPE, constant)).to.equal(null);
    expect(() => checkRidge(SHAPE, 12, constant)).to.throw(RoundError, /targets differ/);
  });
});
