import { expect } from "chai";
import fc from "fast-check";
import { layerBounds } from "../src/bounds.ts";
import {
  coversTargets,
  largestTargetOutput,
  type OutputReading,
  outputReadingSchema,
  readOutput,
  targetOutput,
} from "../src/output-reading.ts";
import type { NetworkShape } from "../src/shape.ts";

const reading = fc.record({
  multiplier: fc.integer({ min: 1, max: 2 ** 30 }),
  offset: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
});
const digit = fc.integer({ min: 0, max: 2 ** 16 - 1 });

describe("output reading", () => {
  it("reads the output that it asks for as the digit", () => {
    fc.assert(fc.property(reading, digit, (r, d) => readOutput(r, targetOutput(r, d)) === d));
  });

  it("is exact where a double would not be", () => {
    const fine: OutputReading = { multiplier: Number.MAX_SAFE_INTEGER, offset: 0 };
    expect(targetOutput(fine, 65535)).to.equal((2n ** 53n - 1n) * 65535n);
  });

  it("knows the farthest of all targets", () => {
    fc.assert(
      fc.property(reading, fc.integer({ min: 1, max: 64 }), (r, digits) => {
        const all = Array.from({ length: digits }, (_, d) => targetOutput(r, d)).map((t) => (t < 0n ? -t : t));
        const farthest = all.reduce((a, b) => (a > b ? a : b));
        return largestTargetOutput(r, digits) === farthest;
      }),
    );
  });

  it("covers targets up to the bound of the output and none beyond", () => {
    const shape: NetworkShape = {
      inputBits: 4,
      weightBits: 4,
      layers: [{ inputs: 2, outputs: 1, activation: "none", shift: 0, biasShift: 0 }],
    };
    const limit = 2 ** layerBounds(shape).at(-1)!.magnitudeBits;
    expect(coversTargets(shape, { multiplier: limit, offset: 1 }, 3)).to.equal(true);
    expect(coversTargets(shape, { multiplier: limit + 1, offset: 1 }, 3)).to.equal(false);
    expect(coversTargets(shape, { multiplier: limit, offset: 1 }, 4)).to.equal(false);
    expect(coversTargets(shape, { multiplier: limit, offset: 2 }, 3)).to.equal(false);
  });

  it("is a positive integer and a digit", () => {
    const reads = (value: unknown): boolean => outputReadingSchema.safeParse(value).success;
    expect(reads({ multiplier: 1, offset: 0 })).to.equal(true);
    for (const wrong of [
      { multiplier: 0, offset: 0 },
      { multiplier: 1.5, offset: 0 },
      { multiplier: 2 ** 53, offset: 0 },
      { multiplier: 1, offset: -1 },
      { multiplier: 1, offset: 2 ** 16 },
      { multiplier: 1 },
      { multiplier: 1, offset: 0, extra: 1 },
    ]) {
      expect(reads(wrong), JSON.stringify(wrong)).to.equal(false);
    }
  });
});
