import { expect } from "chai";
import fc from "fast-check";
import { type NetworkShape, parameterCount, parseNetworkShape, shapeId } from "../src/shape.ts";
import { shapes } from "./arbitrary.ts";
import { thrown } from "./thrown.ts";

const digits: NetworkShape = {
  inputBits: 8,
  weightBits: 8,
  layers: [
    { inputs: 196, outputs: 16, activation: "relu", shift: 8, biasShift: 0 },
    { inputs: 16, outputs: 10, activation: "none", shift: 0, biasShift: 0 },
  ],
};

function withLayer(index: number, change: object): unknown {
  return { ...digits, layers: digits.layers.map((layer, i) => (i === index ? { ...layer, ...change } : layer)) };
}

describe("shape", () => {
  it("accepts every valid shape unchanged", () => {
    fc.assert(
      fc.property(shapes(), (shape) => {
        expect(parseNetworkShape(shape)).to.deep.equal(shape);
      }),
    );
  });

  it("counts weights and biases", () => {
    expect(parameterCount(digits)).to.equal(196 * 16 + 16 + 16 * 10 + 10);
  });

  const refused: [what: string, shape: unknown, message: RegExp][] = [
    ["widths that do not chain", withLayer(1, { inputs: 15 }), /Layer 1 has 16 outputs, but layer 2 has 15 inputs/],
    ["a last layer with an activation", withLayer(1, { activation: "relu" }), /Layer 2 is the last one/],
    ["a hidden layer without activation", withLayer(0, { activation: "none" }), /Layer 1 is a hidden layer/],
    ["a shift on a square layer", withLayer(0, { activation: "square" }), /"square" and shift 8/],
    ["a shift on the last layer", withLayer(1, { shift: 1 }), /"none" and shift 1/],
    ["an unknown activation", withLayer(0, { activation: "tanh" }), /layers\.0\.activation/],
    ["a negative shift", withLayer(0, { shift: -1 }), /layers\.0\.shift/],
    ["a fractional width", withLayer(0, { inputs: 1.5 }), /layers\.0\.inputs/],
    ["no outputs", withLayer(1, { outputs: 0 }), /layers\.1\.outputs/],
    ["an unknown field", withLayer(0, { bias: 3 }), /layers\.0/],
    ["1 weight bit", { ...digits, weightBits: 1 }, /weightBits/],
    ["17 weight bits", { ...digits, weightBits: 17 }, /weightBits/],
    ["0 input bits", { ...digits, inputBits: 0 }, /inputBits/],
    ["17 input bits", { ...digits, inputBits: 17 }, /inputBits/],
    ["no layers", { ...digits, layers: [] }, /layers/],
    ["no object", null, /the shape/],
    [
      "too many parameters",
      {
        ...digits,
        layers: [
          { inputs: 65536, outputs: 65536, activation: "relu", shift: 0, biasShift: 0 },
          { inputs: 65536, outputs: 2, activation: "none", shift: 0, biasShift: 0 },
        ],
      },
      /parameters/,
    ],
  ];
  for (const [what, shape, message] of refused) {
    it(`refuses ${what}`, () => {
      const error = thrown(() => parseNetworkShape(shape));
      expect(error.name).to.equal("ShapeError");
      expect(error.message).to.match(message);
    });
  }

  it("names shapes briefly", () => {
    expect(shapeId(digits)).to.equal("196-16-10-relu8-w8-x8");
    const [first, last] = digits.layers as [NetworkShape["layers"][0], NetworkShape["layers"][0]];
    const biased = { ...digits, layers: [{ ...first, biasShift: 7 }, last] };
    expect(shapeId(biased)).to.equal("196-16-10-relu8-w8-x8-b7.0");
    expect(shapeId({ ...digits, layers: [last] })).to.equal("16-10-w8-x8");
  });

  it("gives two shapes one name only if they are equal", () => {
    const close = shapes({ maxWidth: 2, maxHidden: 1, maxBiasShift: 1 });
    fc.assert(
      fc.property(close, close, (a, b) => {
        expect(shapeId(a) === shapeId(b)).to.equal(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 2000 },
    );
  });
});
