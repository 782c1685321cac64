import { expect } from "chai";
import { createNetwork } from "../src/network.ts";
import { errorReport, scoreRegression, scoreTargets, squaredError } from "../src/regression-score.ts";
import { ScoreError } from "../src/score.ts";
import { createTestSet } from "../src/testset.ts";

const SHAPE = {
  inputBits: 4,
  weightBits: 8,
  layers: [{ inputs: 1, outputs: 1, activation: "none", shift: 0, biasShift: 0 } as const],
};
/** z = 10 x, read as digit = z / 10 + 3: one digit for each input above 3. */
const READING = { multiplier: 10, offset: 3 };
const NETWORK = createNetwork(SHAPE, [{ weights: [10], biases: [0] }], [1], READING);

const setOf = (labels: readonly number[]) =>
  createTestSet({ inputBits: 4, classes: 16, rows: labels.map((_, i) => [i]), labels });

describe("regression score", () => {
  it("sums squared errors in units of the output", () => {
    // Digits 3, 4, 5 are right; 4, 4, 3 are off by 1, 0, 2.
    expect(squaredError(NETWORK, READING, setOf([3, 4, 5]))).to.equal(0n);
    expect(squaredError(NETWORK, READING, setOf([4, 4, 3]))).to.equal(500n);
  });

  it("gives the least bound that a proof exists for, rounded up", () => {
    const off = createNetwork(SHAPE, [{ weights: [10], biases: [1] }], [1], READING);
    expect(scoreRegression(NETWORK, setOf([4, 4, 3])).errorBound).to.equal(5n);
    // Errors of 1/10 digit on three rows: 3 / 100, which no integer bound below 1 covers.
    expect(scoreRegression(off, setOf([3, 4, 5]))).to.deep.include({ squaredError: 3n, errorBound: 1n });
  });

  it("gives RMSE and R^2 in real units", () => {
    const inDigits = scoreRegression(NETWORK, setOf([4, 4, 3]));
    expect(inDigits.rmse).to.be.closeTo(Math.sqrt(5 / 3), 1e-12);
    expect(inDigits.rSquared).to.be.closeTo(1 - 5 / (2 / 3), 1e-12);
    const inUnits = scoreRegression(NETWORK, setOf([4, 4, 3]), 4);
    expect(inUnits.rmse).to.be.closeTo(inDigits.rmse / 4, 1e-12);
    expect(inUnits.rSquared).to.be.closeTo(inDigits.rSquared, 1e-12);
    expect(scoreRegression(NETWORK, setOf([3, 4, 5]))).to.include({ rmse: 0, rSquared: 1 });
  });

  it("scores any predictions, and sets two scores side by side", () => {
    const float = scoreTargets([1, 2], [1, 4]);
    expect(float).to.deep.equal({ rows: 2, rmse: Math.sqrt(2), rSquared: 1 - 4 / 4.5 });
    expect(errorReport(float, scoreTargets([1, 4], [1, 4])).join("\n")).to.match(/RMSE +1\.4142 +0\.0000/);
    expect(scoreTargets([1, 2], [3, 3]).rSquared).to.equal(-Infinity);
  });

  it("refuses what cannot be scored", () => {
    expect(() => scoreTargets([], [])).to.throw(ScoreError);
    expect(() => scoreTargets([1], [1, 2])).to.throw(ScoreError);
    const unread = createNetwork(SHAPE, [{ weights: [10], biases: [0] }], [1]);
    expect(() => scoreRegression(unread, setOf([3]))).to.throw(ScoreError, "reads");
    const wide = { ...SHAPE, layers: [{ ...SHAPE.layers[0]!, outputs: 2 }] };
    const classifier = createNetwork(wide, [{ weights: [1, 2], biases: [0, 0] }], [1]);
    expect(() => scoreRegression(classifier, setOf([3]))).to.throw(ScoreError, "2 outputs");
    const other = createTestSet({ inputBits: 5, classes: 16, rows: [[1]], labels: [1] });
    expect(() => scoreRegression(NETWORK, other)).to.throw(ScoreError, "5-bit");
  });
});
