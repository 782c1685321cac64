import { expect } from "chai";
import fc from "fast-check";
import type { FloatLayer } from "../src/float-network.ts";
import { roundBiases, roundWeights } from "../src/rounding.ts";

function layer(weights: readonly number[], inputs: number): FloatLayer {
  const outputs = weights.length / inputs;
  return {
    inputs,
    outputs,
    weights: Float64Array.from(weights),
    biases: new Float64Array(outputs),
    activation: "none",
  };
}

const number = fc.double({ min: -100, max: 100, noNaN: true });
const bits = fc.integer({ min: 2, max: 16 });

describe("rounding", () => {
  it("keeps weights symmetric and inside their bits", () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), bits, (weights, weightBits) => {
        const { integers, scale } = roundWeights(layer(weights, 1), Float64Array.of(1), weightBits);
        expect(scale).to.be.greaterThan(0);
        for (const value of integers) expect(Math.abs(value)).to.be.at.most(2 ** (weightBits - 1) - 1);
      }),
    );
  });

  it("keeps every weight within half a step when nothing is clipped", () => {
    const weights = Array.from({ length: 101 }, (_, i) => (i - 50) / 50);
    const { integers, scale, clipped } = roundWeights(layer(weights, 1), Float64Array.of(1), 16);
    expect(clipped).to.equal(0);
    integers.forEach((value, i) => expect(value * scale).to.be.closeTo(weights[i] as number, scale / 2 + 1e-12));
  });

  it("clips a lone large weight where that makes the others finer", () => {
    const weights = [1, ...Array.from({ length: 200 }, (_, i) => Math.sin(i) / 4)];
    const { clipped, scale } = roundWeights(layer(weights, 1), Float64Array.of(1), 3);
    expect(clipped).to.be.greaterThan(0);
    expect(scale).to.be.lessThan(1 / 3);
  });

  it("does not spend its steps on an input that is never used", () => {
    const weights = [2, 0.5, -0.25];
    const { integers, scale } = roundWeights(layer(weights, 3), Float64Array.of(0, 1, 1), 4);
    const plain = roundWeights(layer(weights, 3), Float64Array.of(1, 1, 1), 4);
    expect(scale).to.be.lessThan(plain.scale);
    expect(integers[0]).to.equal(7);
  });

  it("rounds a layer of zeros", () => {
    expect([...roundWeights(layer([0, 0], 1), Float64Array.of(0), 8).integers]).to.deep.equal([0, 0]);
  });

  it("takes the smallest bias shift that fits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 }),
        bits,
        (biases, weightBits) => {
          const { integers, biasShift } = roundBiases(Float64Array.from(biases), weightBits);
          const limit = 2 ** (weightBits - 1) - 1;
          integers.forEach((value, i) => {
            expect(Math.abs(value)).to.be.at.most(limit);
            expect(value * 2 ** biasShift).to.be.closeTo(biases[i] as number, 2 ** biasShift / 2);
          });
          const overflows = biases.some((bias) => Math.abs(Math.round(bias / 2 ** (biasShift - 1))) > limit);
          expect(biasShift === 0 || overflows).to.equal(true);
        },
      ),
    );
  });
});
