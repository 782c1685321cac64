import { expect } from "chai";
import fc from "fast-check";
import { createFloatNetwork } from "../src/float-network.ts";
import { isRight, outputs } from "../src/inference.ts";
import { createNetwork } from "../src/network.ts";
import { accuracyReport, score, scoreFloat, scorePredictions, wilsonInterval } from "../src/score.ts";
import { createTestSet } from "../src/testset.ts";
import { networks, rowsFor } from "./arbitrary.ts";
import { thrown } from "./thrown.ts";

describe("score", () => {
  const result = scorePredictions([0, 1, 1, 2, 2, 0], [0, 1, 2, 2, 2, 1], 4);

  it("counts rows, classes and confusions", () => {
    expect(result).to.include({ rows: 6, right: 4, accuracy: 4 / 6, largestClassShare: 0.5 });
    expect(result.classes.slice(0, 3)).to.deep.equal([
      { rows: 1, right: 1, accuracy: 1 },
      { rows: 2, right: 1, accuracy: 0.5 },
      { rows: 3, right: 2, accuracy: 2 / 3 },
    ]);
    expect(result.classes[3]).to.deep.equal({ rows: 0, right: 0, accuracy: NaN });
    expect(result.confusion).to.deep.equal([
      [1, 0, 0, 0],
      [1, 1, 0, 0],
      [0, 1, 2, 0],
      [0, 0, 0, 0],
    ]);
  });

  it("counts exactly the rows that the proof counts", () => {
    const cases = networks().chain((network) =>
      fc.tuple(fc.constant(network), fc.array(rowsFor(network), { minLength: 1 })),
    );
    fc.assert(
      fc.property(cases, fc.nat(), ([network, rows], seed) => {
        const classes = network.shape.layers.at(-1)?.outputs ?? 0;
        const labels = rows.map((_, i) => (seed + i) % classes);
        const set = createTestSet({ inputBits: network.shape.inputBits, classes, rows, labels });
        const right = rows.filter((row, i) => isRight(outputs(network, row), labels[i] as number)).length;
        expect(score(network, set).right).to.equal(right);
      }),
    );
  });

  it("scores a float network by the same rule", () => {
    const network = createFloatNetwork([
      { inputs: 1, outputs: 2, weights: [0, 1], biases: [0.5, 0], activation: "none" },
    ]);
    expect(scoreFloat(network, [[0], [1], [0.5]], [0, 1, 0], 2).right).to.equal(3);
  });

  it("gives Wilson's interval", () => {
    // Worked by hand from the formula at z = 1.96: (0.9 + 0.019208) / 1.038416 -+ 1.96 / 1.038416 * sqrt(0.0009 + 0.00009604).
    const [low, high] = wilsonInterval(90, 100, 1.96);
    expect(low).to.be.closeTo(0.82563, 1e-5);
    expect(high).to.be.closeTo(0.94477, 1e-5);
    expect(wilsonInterval(0, 10)[0]).to.equal(0);
    expect(wilsonInterval(10, 10)[1]).to.equal(1);
    expect(wilsonInterval(0, 10)[1]).to.be.closeTo(0.27753, 1e-5);
  });

  it("keeps the share inside the interval and the interval inside [0, 1]", () => {
    const counts = fc
      .integer({ min: 1, max: 100_000 })
      .chain((rows) => fc.tuple(fc.integer({ min: 0, max: rows }), fc.constant(rows)));
    fc.assert(
      fc.property(counts, ([right, rows]) => {
        const [low, high] = wilsonInterval(right, rows);
        expect(low).to.be.within(0, right / rows);
        expect(high).to.be.within(right / rows, 1);
      }),
    );
  });

  it("reports float beside quantised, overall and per class", () => {
    const float = scorePredictions([0, 1, 2, 2, 2, 1], [0, 1, 2, 2, 2, 1], 4);
    const lines = accuracyReport(float, result, ["cat", "dog", "owl", "yak"]);
    expect(lines[3]).to.match(/^owl +3 +100\.00 % +66\.67 %$/);
    expect(lines[4]).to.match(/^yak +0 +- +-$/);
    expect(lines[5]).to.match(/^all +6 +100\.00 % +66\.67 %$/);
    expect(lines.slice(6).join(" ")).to.match(
      /4 of 6 rows right, 95 % interval .* largest class would be right on 50\.00 %/,
    );
  });

  it("refuses what cannot be scored", () => {
    const shape = {
      inputBits: 8,
      weightBits: 8,
      layers: [{ inputs: 1, outputs: 2, activation: "none", shift: 0, biasShift: 0 }],
    } as const;
    const network = createNetwork(shape, [{ weights: [1, 2], biases: [0, 0] }], [1]);
    const set = { inputBits: 8, classes: 2, rows: [[1]], labels: [1] };
    expect(thrown(() => score(network, createTestSet({ ...set, classes: 3 }))).message).to.match(
      /2 outputs, the rows have 3 classes/,
    );
    expect(thrown(() => score(network, createTestSet({ ...set, inputBits: 9 }))).message).to.match(
      /9-bit inputs, the network takes 8/,
    );
    expect(thrown(() => score(network, createTestSet({ ...set, rows: [[1, 2]] }))).message).to.match(/2 features/);
    expect(thrown(() => scorePredictions([], [], 2)).message).to.match(/0 predictions/);
    expect(thrown(() => scorePredictions([1], [1, 1], 2)).message).to.match(/1 predictions for 2 labels/);
    expect(thrown(() => scorePredictions([2], [1], 2)).message).to.match(/Row 1 has a class out of range/);
    expect(thrown(() => scorePredictions([1], [2], 2)).message).to.match(/Row 1 has a class out of range/);
    expect(thrown(() => wilsonInterval(2, 1)).message).to.match(/2 of 1/);
  });
});
