import { expect } from "chai";
import fc from "fast-check";
import { fitsDouble } from "../src/bounds.ts";
import { forward, forwardBigints, forwardNumbers, isRight, outputs, predict } from "../src/inference.ts";
import { createNetwork } from "../src/network.ts";
import type { NetworkShape } from "../src/shape.ts";
import { networks, rowsFor } from "./arbitrary.ts";
import { thrown } from "./thrown.ts";

const shape: NetworkShape = {
  inputBits: 4,
  weightBits: 4,
  layers: [
    { inputs: 2, outputs: 3, activation: "relu", shift: 2, biasShift: 3 },
    { inputs: 3, outputs: 2, activation: "none", shift: 0, biasShift: 1 },
  ],
};
const network = createNetwork(
  shape,
  [
    { weights: [1, 2, -3, 1, 7, -8], biases: [1, 0, -1] },
    { weights: [1, 2, 3, -1, -2, -3], biases: [5, -5] },
  ],
  [1, 1],
);

describe("inference", () => {
  it("computes a worked example", () => {
    // z1 = 5 + 2*6 + 8 = 25, -15 + 6 = -9, 35 - 48 - 8 = -21; h = 25 >> 2 = 6, 0, 0; y = 6 + 10, -6 - 10.
    expect(forward(network, [5, 6])).to.deep.equal([
      { z: [25n, -9n, -21n], h: [6n, 0n, 0n] },
      { z: [16n, -16n], h: [16n, -16n] },
    ]);
    expect(outputs(network, [5, 6])).to.deep.equal([16n, -16n]);
  });

  it("squares without rescaling", () => {
    const square: NetworkShape = {
      ...shape,
      layers: [
        { inputs: 2, outputs: 1, activation: "square", shift: 0, biasShift: 0 },
        { ...shape.layers[1]!, inputs: 1 },
      ],
    };
    const squared = createNetwork(
      square,
      [
        { weights: [-1, -2], biases: [3] },
        { weights: [1, -1], biases: [0, 1] },
      ],
      [1, 1],
    );
    expect(forward(squared, [5, 6])).to.deep.equal([
      { z: [-14n], h: [196n] },
      { z: [196n, -194n], h: [196n, -194n] },
    ]);
  });

  it("gives the same integers in doubles and in BigInt wherever doubles are exact", () => {
    let exact = 0;
    const cases = networks().chain((any) => fc.tuple(fc.constant(any), rowsFor(any)));
    fc.assert(
      fc.property(cases, ([any, row]) => {
        const values = forwardBigints(any, row);
        expect(forward(any, row)).to.deep.equal(values);
        expect(outputs(any, row)).to.deep.equal(values.at(-1)?.z);
        if (!fitsDouble(any.shape)) return;
        exact += 1;
        expect(forwardNumbers(any, row)).to.deep.equal(values);
      }),
      { numRuns: 500 },
    );
    expect(exact).to.be.greaterThan(100);
  });

  it("leaves doubles where they would round", () => {
    const wide: NetworkShape = {
      inputBits: 16,
      weightBits: 16,
      layers: [
        { inputs: 1, outputs: 1, activation: "square", shift: 0, biasShift: 0 },
        { inputs: 1, outputs: 1, activation: "none", shift: 0, biasShift: 0 },
      ],
    };
    const large = createNetwork(
      wide,
      [
        { weights: [32767], biases: [1] },
        { weights: [32767], biases: [1] },
      ],
      [1, 1],
    );
    const exact = (32767n * 65535n + 1n) ** 2n * 32767n + 1n;
    expect(outputs(large, [65535])).to.deep.equal([exact]);
    expect(forwardNumbers(large, [65535]).at(-1)?.z).to.not.deep.equal([exact]);
  });

  it("refuses rows that do not fit", () => {
    expect(thrown(() => outputs(network, [1])).message).to.match(/1 features, the network takes 2/);
    expect(thrown(() => outputs(network, [1, 16])).message).to.match(/Feature 2 of the row is 16/);
    expect(thrown(() => outputs(network, [-1, 1])).message).to.match(/Feature 1 of the row is -1/);
    expect(thrown(() => outputs(network, [1, 0.5])).message).to.match(/Feature 2 of the row is 0.5/);
  });

  it("breaks ties for the lowest index", () => {
    expect(predict([1n, 3n, 3n, 2n])).to.equal(1);
    expect(isRight([1n, 3n, 3n, 2n], 1)).to.equal(true);
    expect(isRight([1n, 3n, 3n, 2n], 2)).to.equal(false);
    expect(isRight([1n, 3n, 3n, 2n], 0)).to.equal(false);
  });

  it("counts a row as right exactly when the label is the predicted class", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -3n, max: 3n }), { minLength: 1, maxLength: 6 }), (values) => {
        values.forEach((_, label) => expect(isRight(values, label)).to.equal(predict(values) === label));
      }),
    );
  });

  it("refuses a label that is no class", () => {
    for (const label of [3, -1, 0.5])
      expect(thrown(() => isRight([1n, 2n, 3n], label)).message).to.contain(`label is ${label}`);
  });
});
