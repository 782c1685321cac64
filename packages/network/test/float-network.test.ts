import { expect } from "chai";
import fc from "fast-check";
import {
  createFloatNetwork,
  floatOutputs,
  type FloatNetwork,
  predictFloat,
  substituteInputs,
} from "../src/float-network.ts";
import type { Activation } from "../src/shape.ts";
import { thrown } from "./thrown.ts";

const hidden = {
  inputs: 2,
  outputs: 3,
  weights: [1, 2, -3, 1, 7, -8],
  biases: [1, 0, -1],
  activation: "relu" as Activation,
};
const last = {
  inputs: 3,
  outputs: 2,
  weights: [1, 2, 3, -1, -2, -3],
  biases: [5, -5],
  activation: "none" as Activation,
};

describe("float-network", () => {
  it("computes a worked example with relu and with a square", () => {
    expect([...floatOutputs(createFloatNetwork([hidden, last]), [0.5, 1])]).to.deep.equal([8.5, -8.5]);
    const squared = createFloatNetwork([{ ...hidden, activation: "square" }, last]);
    // z = 3.5, -0.5, -5.5; squares 12.25, 0.25, 30.25.
    expect([...floatOutputs(squared, [0.5, 1])]).to.deep.equal([12.25 + 0.5 + 90.75 + 5, -12.25 - 0.5 - 90.75 - 5]);
  });

  it("merges a hidden layer without activation with the next", () => {
    const merged = createFloatNetwork([{ ...hidden, activation: "none" }, last]);
    expect(merged.layers.map(({ inputs, outputs }) => [inputs, outputs])).to.deep.equal([[2, 2]]);
    // z = 3.5, -0.5, -5.5 without relu.
    expect([...floatOutputs(merged, [0.5, 1])]).to.deep.equal([3.5 - 1 - 16.5 + 5, -3.5 + 1 + 16.5 - 5]);
  });

  it("predicts the lowest index on a tie", () => {
    const constant = createFloatNetwork([
      { inputs: 1, outputs: 3, weights: [0, 0, 0], biases: [1, 2, 2], activation: "none" },
    ]);
    expect(predictFloat(constant, [9])).to.equal(1);
  });

  it("absorbs an affine map of its inputs", () => {
    const network = createFloatNetwork([hidden, last]);
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(number, number),
        fc.tuple(number, number),
        fc.tuple(number, number),
        (v, factors, offsets) => {
          const u = v.map((value, k) => value * (factors[k] as number) + (offsets[k] as number));
          expectClose(floatOutputs(substituteInputs(network, factors, offsets), v), floatOutputs(network, u));
        },
      ),
    );
    expectClose(floatOutputs(substituteInputs(network, [2], [1]), [3, 4]), floatOutputs(network, [7, 9]));
  });

  it("refuses what is no network", () => {
    const build =
      (...layers: Parameters<typeof createFloatNetwork>[0]): (() => FloatNetwork) =>
      () =>
        createFloatNetwork(layers);
    expect(thrown(build()).message).to.match(/no layers/);
    expect(thrown(build(hidden)).message).to.match(/last layer has an activation/);
    expect(thrown(build(hidden, hidden)).message).to.match(/Layer 1 has 3 outputs, but layer 2 has 2 inputs/);
    expect(thrown(build({ ...last, weights: [1] })).message).to.match(/Layer 1 has 1 weights and 2 biases/);
    expect(thrown(build({ ...last, biases: [1] })).message).to.match(/6 weights and 1 biases/);
    expect(thrown(build({ ...last, biases: [1, NaN] })).message).to.match(
      /Layer 1 has a weight or bias that is not finite/,
    );
    expect(thrown(() => floatOutputs(createFloatNetwork([last]), [1, 2])).message).to.match(
      /2 features, the network takes 3/,
    );
    expect(thrown(() => substituteInputs(createFloatNetwork([last]), [1, 2], [0])).message).to.match(/2 input factors/);
  });

  it("refuses to merge two layers into a huge one", () => {
    const narrow = {
      inputs: 20_000,
      outputs: 1,
      weights: new Float64Array(20_000),
      biases: [0],
      activation: "none" as Activation,
    };
    const wide = { ...narrow, inputs: 1, outputs: 20_000, biases: new Float64Array(20_000) };
    expect(thrown(() => createFloatNetwork([narrow, wide])).message).to.match(/merge into one of 20000 x 20000/);
  });
});

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).to.equal(expected.length);
  Array.from(actual).forEach((value, i) => expect(value).to.be.closeTo(expected[i] as number, 1e-6));
}
