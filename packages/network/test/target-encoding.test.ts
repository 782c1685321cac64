import { expect } from "chai";
import fc from "fast-check";
import { createFloatNetwork, floatOutputs } from "../src/float-network.ts";
import {
  createTargetEncoding,
  encodeTarget,
  fitTargetEncoding,
  foldTarget,
  isClipped,
  middleDigit,
  TargetEncodingError,
} from "../src/target-encoding.ts";

describe("target encoding", () => {
  it("maps targets to digits in their order, to the nearest half digit, and clips", () => {
    const encoding = createTargetEncoding({ bits: 8, offset: 10, scale: 4 });
    expect([10, 10.1, 10.125, 10.25, 73.75].map((y) => encodeTarget(encoding, y))).to.deep.equal([0, 0, 1, 1, 255]);
    for (const [y, digit] of [
      [9, 0],
      [74, 255],
      [1e9, 255],
    ] as const) {
      expect(encodeTarget(encoding, y)).to.equal(digit);
      expect(isClipped(encoding, y)).to.equal(true);
    }
    for (const y of [10, 9.9, 73.75, 73.8]) expect(isClipped(encoding, y), String(y)).to.equal(false);
  });

  it("fits with a quarter of the digits to spare on either side", () => {
    const targets = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(targets, fc.integer({ min: 4, max: 16 }), (values, bits) => {
        const [low, high] = [Math.min(...values), Math.max(...values)];
        fc.pre(high - low > 1e-3);
        const encoding = fitTargetEncoding(values, bits);
        expect(encodeTarget(encoding, low)).to.be.closeTo(2 ** (bits - 2), 1);
        expect(encodeTarget(encoding, high)).to.be.closeTo(3 * 2 ** (bits - 2), 1);
        expect(values.some((value) => isClipped(encoding, value))).to.equal(false);
      }),
    );
  });

  it("is folded into a network, whose output then is the digit less the middle one", () => {
    const network = createFloatNetwork([
      { inputs: 2, outputs: 2, weights: [1, -1, 2, 0.5], biases: [0.5, -1], activation: "relu" },
      { inputs: 2, outputs: 1, weights: [3, -2], biases: [7], activation: "none" },
    ]);
    const encoding = createTargetEncoding({ bits: 8, offset: -5, scale: 3 });
    const folded = foldTarget(network, encoding);
    for (const row of [
      [0, 0],
      [3, 1],
      [10, 200],
    ]) {
      const digit = (floatOutputs(network, row)[0]! + 5) * 3;
      expect(floatOutputs(folded, row)[0]).to.be.closeTo(digit - middleDigit(encoding), 1e-9);
    }
  });

  it("refuses what is none", () => {
    for (const wrong of [
      { bits: 1, offset: 0, scale: 1 },
      { bits: 17, offset: 0, scale: 1 },
      { bits: 8, offset: NaN, scale: 1 },
      { bits: 8, offset: 0, scale: 0 },
      { bits: 8, offset: 0, scale: Infinity },
    ]) {
      expect(() => createTargetEncoding(wrong)).to.throw(TargetEncodingError);
    }
    const encoding = createTargetEncoding({ bits: 8, offset: 0, scale: 1 });
    expect(() => encodeTarget(encoding, NaN)).to.throw(TargetEncodingError, "finite");
    for (const targets of [[], [5, 5]]) expect(() => fitTargetEncoding(targets, 8)).to.throw(TargetEncodingError);
    const classifier = createFloatNetwork([
      { inputs: 1, outputs: 2, weights: [1, 2], biases: [0, 0], activation: "none" },
    ]);
    expect(() => foldTarget(classifier, encoding)).to.throw(TargetEncodingError, "2 outputs");
  });
});
