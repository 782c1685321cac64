import { expect } from "chai";
import fc from "fast-check";
import { fitsDouble, layerBounds } from "../src/bounds.ts";
import { forwardBigints } from "../src/inference.ts";
import { createNetwork } from "../src/network.ts";
import type { Activation, LayerShape, NetworkShape } from "../src/shape.ts";
import { networks, rowsFor, shapes } from "./arbitrary.ts";
import { thrown } from "./thrown.ts";

function layer(inputs: number, outputs: number, activation: Activation, shift = 0, biasShift = 0): LayerShape {
  return { inputs, outputs, activation, shift, biasShift };
}

describe("bounds", () => {
  it("follows the formula on a worked example", () => {
    const shape = { inputBits: 8, weightBits: 8, layers: [layer(196, 16, "relu", 12, 7), layer(16, 10, "none", 0, 1)] };
    // 196 * 128 * 255 + 128 * 2^7 = 6,413,824 has 23 bits; (2^23 - 1) >> 12 = 2047; 16 * 128 * 2047 + 128 * 2 has 22.
    expect(layerBounds(shape)).to.deep.equal([
      { inputMax: 255n, zMax: 6_413_824n, magnitudeBits: 23, hMax: 2047n },
      { inputMax: 2047n, zMax: 4_192_512n, magnitudeBits: 22, hMax: 4_194_303n },
    ]);
  });

  it("lets a square layer reach 2^(2B)", () => {
    const shape = { inputBits: 4, weightBits: 4, layers: [layer(3, 2, "square"), layer(2, 2, "none")] };
    const [first, last] = layerBounds(shape);
    expect(first).to.include({ zMax: 368n, magnitudeBits: 9, hMax: 1n << 18n });
    expect(last?.zMax).to.equal(2n * 8n * (1n << 18n) + 8n);
  });

  it("holds for every network and row", () => {
    fc.assert(
      fc.property(
        networks().chain((network) => fc.tuple(fc.constant(network), rowsFor(network))),
        ([network, row]) => {
          const bounds = layerBounds(network.shape);
          forwardBigints(network, row).forEach(({ z, h }, index) => {
            const { zMax, hMax, magnitudeBits } = bounds[index] as (typeof bounds)[0];
            for (const value of z) {
              expect(value <= zMax && value >= -zMax).to.equal(true);
              expect(BigInt.asIntN(magnitudeBits + 1, value)).to.equal(value);
            }
            for (const value of h) expect(value <= hMax).to.equal(true);
          });
        },
      ),
    );
  });

  it("is reached by the worst weights and row", () => {
    const shape: NetworkShape = { inputBits: 3, weightBits: 3, layers: [layer(5, 1, "none", 0, 2)] };
    const network = createNetwork(shape, [{ weights: [-4, -4, -4, -4, -4], biases: [-4] }], [1]);
    expect(forwardBigints(network, [7, 7, 7, 7, 7])[0]?.z[0]).to.equal(-(layerBounds(shape)[0]?.zMax ?? 0n));
  });

  it("accepts 2^250 and refuses more", () => {
    const linear = (biasShift: number): NetworkShape => ({
      inputBits: 1,
      weightBits: 2,
      layers: [layer(1, 1, "none", 0, biasShift)],
    });
    expect(layerBounds(linear(248))[0]?.magnitudeBits).to.equal(250);
    expect(thrown(() => layerBounds(linear(249))).message).to.match(/Layer 1 can reach 2\^251/);
    const squared = (biasShift: number): NetworkShape => ({
      inputBits: 1,
      weightBits: 2,
      layers: [layer(1, 1, "square", 0, biasShift), layer(1, 1, "none")],
    });
    expect(thrown(() => layerBounds(squared(124))).message).to.match(/Layer 1 can reach 2\^252/);
    expect(thrown(() => layerBounds(squared(123))).message).to.match(/Layer 2 can reach 2\^252/);
  });

  it("refuses a shift that leaves nothing", () => {
    const dead = (shift: number): NetworkShape => ({
      inputBits: 1,
      weightBits: 2,
      layers: [layer(1, 1, "relu", shift), layer(1, 1, "none")],
    });
    expect(layerBounds(dead(2))[0]?.hMax).to.equal(1n);
    expect(thrown(() => layerBounds(dead(3))).message).to.match(/shifts 3 bits away/);
  });

  it("finds doubles exact only below 2^53", () => {
    fc.assert(
      fc.property(shapes({ maxBiasShift: 24 }), (shape) => {
        const largest = layerBounds(shape).flatMap(({ zMax, hMax }) => [zMax, hMax]);
        expect(fitsDouble(shape)).to.equal(largest.every((value) => value < 2n ** 53n));
      }),
    );
  });

  it("does not trust doubles where only the values before a shift are too large", () => {
    const tall = (biasShift: number): NetworkShape => ({
      inputBits: 8,
      weightBits: 8,
      layers: [layer(4, 2, "relu", 40, biasShift), layer(2, 2, "none")],
    });
    expect(fitsDouble(tall(45))).to.equal(true);
    expect(fitsDouble(tall(46))).to.equal(false);
  });
});
