import { expect } from "chai";
import { createFloatNetwork, floatOutputs, type FloatNetwork } from "../src/float-network.ts";
import { forward, outputs } from "../src/inference.ts";
import { readOutput } from "../src/output-reading.ts";
import { quantise, quantiseRegression } from "../src/quantise.ts";
import type { Activation } from "../src/shape.ts";
import { fitTargetEncoding } from "../src/target-encoding.ts";
import { thrown } from "./thrown.ts";

/** Fixed numbers between -1 and 1 that look random. */
function noise(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233));
}

function randomNetwork(widths: readonly number[], activation: Activation = "relu", size = 1 / 255): FloatNetwork {
  return createFloatNetwork(
    widths.slice(1).map((outputCount, index) => {
      const inputs = widths[index] as number;
      const isLast = index === widths.length - 2;
      const weights = noise(inputs * outputCount, index).map((value) => value * (index === 0 ? size : 1));
      return {
        inputs,
        outputs: outputCount,
        weights,
        biases: noise(outputCount, 9),
        activation: isLast ? "none" : activation,
      };
    }),
  );
}

const rows = Array.from({ length: 400 }, (_, i) => noise(6, i + 1).map((value) => Math.floor(128 + 127 * value)));
const network = randomNetwork([6, 8, 3]);

describe("quantise", () => {
  for (const weightBits of [2, 3, 4, 8, 12, 16]) {
    it(`agrees with the float network as far as ${weightBits} bits allow`, () => {
      const { network: integer, report } = quantise(network, { rows }, { inputBits: 8, weightBits });
      expect(integer.shape.weightBits).to.equal(weightBits);
      expect(report.float).to.equal(1);
      expect(report.calibrationRows).to.equal(400);
      expect(report.quantised).to.be.at.least({ 2: 0.7, 3: 0.85, 4: 0.9 }[weightBits] ?? 0.97);
    });
  }

  it("gives scales that turn integers back into real pre-activations", () => {
    for (const activation of ["relu", "square"] as const) {
      const float = randomNetwork([6, 5, 3], activation);
      const { network: integer } = quantise(float, { rows }, { inputBits: 8, weightBits: 16, shifts: [0] });
      for (const row of rows.slice(0, 20)) {
        const expected = floatOutputs(float, row);
        outputs(integer, row).forEach((value, j) => {
          expect(Number(value) * (integer.scales.at(-1) as number)).to.be.closeTo(expected[j] as number, 0.02);
        });
        const first = float.layers[0]!;
        const z = first.weights.subarray(0, 6).reduce((sum, weight, k) => sum + weight * row[k]!, first.biases[0]!);
        expect(Number(forward(integer, row)[0]?.z[0]) * integer.scales[0]!).to.be.closeTo(z, 0.02);
      }
    }
  });

  it("takes the largest shift within the tolerance of the best", () => {
    const { report } = quantise(network, { rows }, { inputBits: 8, tolerance: 0.01 });
    const [first, last] = report.layers;
    const trials = first?.trials ?? [];
    const best = Math.max(...trials.map((trial) => trial.accuracy));
    const accepted = trials.filter((trial) => trial.accuracy >= best - 0.01).map((trial) => trial.shift);
    expect(first?.shift).to.equal(Math.max(...accepted));
    expect(trials.find((trial) => trial.shift === first?.shift)?.accuracy).to.equal(report.quantised);
    expect(last).to.deep.include({ shift: 0, trials: [] });
  });

  it("takes a larger shift, and so a cheaper proof, when more may be lost", () => {
    const shiftAt = (tolerance: number): number =>
      quantise(network, { rows }, { inputBits: 8, tolerance }).report.layers[0]!.shift;
    expect(shiftAt(0.3)).to.be.greaterThan(shiftAt(0));
  });

  it("takes given shifts", () => {
    const { network: integer, report } = quantise(network, { rows }, { inputBits: 8, shifts: [3] });
    expect(integer.shape.layers.map((layer) => layer.shift)).to.deep.equal([3, 0]);
    expect(report.layers[0]?.trials).to.deep.equal([]);
  });

  it("rounds to the nearest in a rescaled layer", () => {
    // One weight and no bias: h must be round(z / 2^shift), although the integer network floors.
    const single = createFloatNetwork([
      { inputs: 1, outputs: 1, weights: [1], biases: [0], activation: "relu" },
      { inputs: 1, outputs: 2, weights: [1, -1], biases: [0, 1], activation: "none" },
    ]);
    const ramp = Array.from({ length: 256 }, (_, i) => [i]);
    const { network: integer } = quantise(single, { rows: ramp }, { inputBits: 8, shifts: [4] });
    const weight = integer.layers[0]?.weights[0] as number;
    for (const row of ramp) {
      expect(forward(integer, row)[0]?.h[0]).to.equal(BigInt(Math.round((weight * row[0]!) / 16)));
    }
  });

  it("makes the mean error of rounded weights vanish up to half a step of the bias", () => {
    // With 2 bits, the weights 0.3 become 0: without correction the mean of z would be 30 * 0.3 * 128 too small.
    const weights = Array.from({ length: 60 }, (_, k) => (k % 2 === 0 ? 1 : 0.3));
    const float = createFloatNetwork([{ inputs: 60, outputs: 1, weights, biases: [0], activation: "none" }]);
    const wide = Array.from({ length: 50 }, (_, i) => noise(60, i).map((value) => Math.floor(128 + 127 * value)));
    const { network: integer } = quantise(float, { rows: wide }, { inputBits: 8, weightBits: 2 });
    const [scale, step] = [integer.scales[0]!, 2 ** integer.shape.layers[0]!.biasShift];
    const errors = wide.map((row) => Number(outputs(integer, row)[0]) - floatOutputs(float, row)[0]! / scale);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(Math.abs(mean)).to.be.at.most(step / 2 + 1e-6);
  });

  it("aims at given labels", () => {
    const labels = rows.map(() => 2);
    const { report } = quantise(network, { rows, labels }, { inputBits: 8 });
    const share = rows.filter(
      (row) => [...floatOutputs(network, row)].indexOf(Math.max(...floatOutputs(network, row))) === 2,
    ).length;
    expect(report.float).to.equal(share / rows.length);
  });

  it("quantises several hidden layers", () => {
    const deep = randomNetwork([6, 8, 7, 3]);
    const { network: integer, report } = quantise(deep, { rows }, { inputBits: 8 });
    expect(integer.shape.layers).to.have.length(3);
    expect(report.quantised).to.be.at.least(0.97);
    expect(report.layers.slice(0, 2).every((layer) => layer.trials.length > 5)).to.equal(true);
  });

  it("gives the same network again", () => {
    const again = (): unknown => quantise(network, { rows }, { inputBits: 8 });
    expect(again()).to.deep.equal(again());
  });

  it("refuses what does not fit", () => {
    const options = { inputBits: 8 };
    expect(thrown(() => quantise(network, { rows: [] }, options)).message).to.match(/no calibration rows/);
    expect(thrown(() => quantise(network, { rows: [[1, 2]] }, options)).message).to.match(/row 1 has 2 features/);
    expect(thrown(() => quantise(network, { rows: [[1, 2, 3, 4, 5, 256]] }, options)).message).to.match(
      /feature 6 is 256/,
    );
    expect(thrown(() => quantise(network, { rows: [[1, 2, 3, 4, 5, 0.5]] }, options)).message).to.match(
      /feature 6 is 0.5/,
    );
    expect(thrown(() => quantise(network, { rows, labels: [1] }, options)).message).to.match(
      /400 calibration rows and 1 labels/,
    );
    expect(thrown(() => quantise(network, { rows, labels: rows.map(() => 3) }, options)).message).to.match(
      /label of calibration row 1 is 3/,
    );
    expect(thrown(() => quantise(network, { rows }, { ...options, shifts: [1, 2] })).message).to.match(
      /2 shifts are given for 1 hidden/,
    );
    expect(thrown(() => quantise(network, { rows }, { ...options, weightBits: 1 })).name).to.equal("ShapeError");
    expect(thrown(() => quantise(network, { rows }, { ...options, weightBits: 17 })).name).to.equal("ShapeError");
  });

  it("refuses a square network that grows past 2^250", () => {
    const deep = randomNetwork([6, 4, 4, 4, 4, 3], "square");
    expect(thrown(() => quantise(deep, { rows }, { inputBits: 8 })).message).to.match(/Layer \d can reach 2\^\d+/);
  });
});

describe("quantise a regression", () => {
  const encoded = { bits: 8, offset: -20, scale: 6 };
  for (const activation of ["relu", "square", "none"] as const) {
    const widths = activation === "none" ? [6, 1] : [6, 8, 1];
    const regression = randomNetwork(widths, activation === "none" ? "relu" : activation);
    const targets = rows.map((row, i) => floatOutputs(regression, row)[0]! + 0.1 * Math.sin(i));
    const target = fitTargetEncoding(targets, 8);

    it(`keeps R^2 and says how the output reads, ${activation} layers`, () => {
      const { network: integer, report } = quantiseRegression(regression, { rows, targets }, target, {
        inputBits: 8,
        // Squares of products of 16 bits are too fine for a multiplier that is a safe integer.
        weightBits: activation === "square" ? 8 : 16,
      });
      expect(report.quantised).to.be.at.least(report.float - 0.03);
      const { multiplier, offset } = integer.reading!;
      expect(offset).to.equal(128);
      expect(integer.scales.at(-1)).to.be.closeTo(1 / (multiplier * target.scale), 1e-12);
      // The integers themselves read as the float network's answers, to a fraction of a digit in the mean.
      const errors = rows.map((row) => {
        const digit = (floatOutputs(regression, row)[0]! - target.offset) * target.scale;
        return (readOutput(integer.reading!, outputs(integer, row)[0]!) - digit) ** 2;
      });
      const mean = targets.reduce((a, b) => a + b, 0) / rows.length;
      const spread = rows.map((row) => ((floatOutputs(regression, row)[0]! - mean) * target.scale) ** 2);
      const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
      expect(sum(errors)).to.be.below(0.03 * sum(spread) + rows.length);
    });
  }

  it("has a reading that does not follow from the biases, which it would show", () => {
    const options = { inputBits: 8, weightBits: 16 };
    const [first, ...others] = [0, 5, -9].map((shift) => {
      const moved = createFloatNetwork([
        { inputs: 6, outputs: 1, weights: noise(6, 1), biases: [shift], activation: "none" },
      ]);
      const targets = rows.map((row) => floatOutputs(moved, row)[0]!);
      return quantiseRegression(moved, { rows, targets }, encoded, options).network.reading;
    });
    for (const other of others) expect(other).to.deep.equal(first);
  });

  it("refuses what cannot be read in whole output units, and what is no regression", () => {
    const fine = { bits: 16, offset: 0, scale: 1000 };
    const steep = createFloatNetwork([
      { inputs: 6, outputs: 1, weights: noise(6, 1), biases: [0], activation: "none" },
    ]);
    const targets = rows.map((row) => floatOutputs(steep, row)[0]!);
    const options = { inputBits: 8, weightBits: 4 };
    expect(thrown(() => quantiseRegression(steep, { rows, targets }, fine, options)).message).to.contain(
      "more than one target digit",
    );
    const few = { rows, targets: [1] };
    expect(thrown(() => quantiseRegression(steep, few, encoded, options)).message).to.contain("1 targets");
    const classes = { rows, targets };
    expect(thrown(() => quantiseRegression(network, classes, encoded, options)).message).to.contain("3 outputs");
  });
});
