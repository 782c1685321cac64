import { outputs } from "./inference.ts";
import type { Network } from "./network.ts";
import { type OutputReading, readOutput, targetOutput } from "./output-reading.ts";
import { ScoreError } from "./score.ts";
import { outputCount } from "./shape.ts";
import type { TestSet } from "./testset.ts";

/** How well predictions meet real-valued targets. */
export interface RegressionScore {
  readonly rows: number;
  /** Square root of the mean squared error, in units of the targets. */
  readonly rmse: number;
  /** 1 - (squared error) / (squared distance of the targets from their mean); NaN where all targets are equal. */
  readonly rSquared: number;
}

/** The score of an integer network, with the integers that a proof is about. */
export interface QuantisedRegressionScore extends RegressionScore {
  /** Sum over the rows of (output - target)^2 in units of the output. */
  readonly squaredError: bigint;
  /** The smallest bound, in squared digits, that a proof for this network and these rows exists for. */
  readonly errorBound: bigint;
}

/**
 * What the sale's predicate bounds: the sum over all rows of (z - multiplier (digit - offset))^2, exactly.
 * @throws InferenceError when a row does not fit
 */
export function squaredError(network: Network, reading: OutputReading, set: TestSet): bigint {
  return set.rows.reduce((sum, row, i) => {
    const error = outputs(network, row)[0]! - targetOutput(reading, set.labels[i]!);
    return sum + error * error;
  }, 0n);
}

/**
 * Scores an integer regression network on a test set whose labels are target digits.
 * @param digitsPerUnit digits in one real unit of the target, its encoding's scale; by default the score is in digits
 * @throws ScoreError when the network has several outputs or no reading, or its input bits differ
 */
export function scoreRegression(network: Network, set: TestSet, digitsPerUnit = 1): QuantisedRegressionScore {
  const { reading, shape } = network;
  if (outputCount(shape) !== 1 || reading === undefined) {
    throw new ScoreError(
      outputCount(shape) === 1
        ? "The network does not say how its output reads as a target"
        : `The network has ${outputCount(shape)} outputs, a regression network has one`,
      "Import it with `zkcmp network import --predicate squared-error`, or score it as a classifier",
    );
  }
  if (set.inputBits !== shape.inputBits) {
    throw new ScoreError(
      `The test set has ${set.inputBits}-bit inputs, the network takes ${shape.inputBits} bits`,
      "Encode the rows with the encoding that the network was made for",
    );
  }
  const predictions = set.rows.map((row) => readOutput(reading, outputs(network, row)[0]!) / digitsPerUnit);
  const sum = squaredError(network, reading, set);
  const unit = BigInt(reading.multiplier) ** 2n;
  return {
    ...scoreTargets(
      predictions,
      Array.from(set.labels, (digit) => digit / digitsPerUnit),
    ),
    squaredError: sum,
    errorBound: (sum + unit - 1n) / unit,
  };
}

/** @throws ScoreError for no rows or another count */
export function scoreTargets(predictions: ArrayLike<number>, targets: ArrayLike<number>): RegressionScore {
  const rows = targets.length;
  if (rows === 0 || predictions.length !== rows) {
    throw new ScoreError(`There are ${predictions.length} predictions for ${rows} targets`, "Give one for each row");
  }
  const values = Array.from(targets);
  const mean = values.reduce((sum, value) => sum + value, 0) / rows;
  const squares = (differences: readonly number[]): number => differences.reduce((sum, value) => sum + value ** 2, 0);
  const error = squares(values.map((value, i) => predictions[i]! - value));
  return { rows, rmse: Math.sqrt(error / rows), rSquared: 1 - error / squares(values.map((value) => value - mean)) };
}

/** Lines of text that set the float error beside the quantised one. */
export function errorReport(float: RegressionScore, quantised: RegressionScore): string[] {
  const line = (name: string, left: string, right: string): string =>
    `${name.padEnd(5)}  ${left.padStart(12)}  ${right.padStart(12)}`;
  return [
    line("", "float", "quantised"),
    line("RMSE", float.rmse.toPrecision(5), quantised.rmse.toPrecision(5)),
    line("R^2", float.rSquared.toFixed(4), quantised.rSquared.toFixed(4)),
    `Over ${quantised.rows} rows.`,
  ];
}
