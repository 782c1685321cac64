import { ZkcmpError } from "@zkcmp/field/error";
import { type FloatNetwork, floatOutputCount, predictFloat } from "./float-network.ts";
import { outputs, predict } from "./inference.ts";
import type { Network } from "./network.ts";
import { outputCount } from "./shape.ts";
import type { TestSet } from "./testset.ts";

export interface ClassScore {
  readonly rows: number;
  readonly right: number;
  /** right / rows, or NaN for a class without rows. */
  readonly accuracy: number;
}

/** How well a classifier does on labelled rows. */
export interface Score {
  readonly rows: number;
  /** Rows whose label wins, by the rule the proof uses: this is the T to claim. */
  readonly right: number;
  readonly accuracy: number;
  readonly classes: readonly ClassScore[];
  /** confusion[label][prediction] = number of rows. */
  readonly confusion: readonly (readonly number[])[];
  /** 95 % Wilson score interval of the accuracy. */
  readonly interval: readonly [low: number, high: number];
  /** The accuracy of always answering the most frequent label: a score near it says nothing. */
  readonly largestClassShare: number;
}

/** Predictions that cannot be scored. */
export class ScoreError extends ZkcmpError {}

/**
 * Scores the integer network on a test set.
 * @throws ScoreError when classes or input bits differ; InferenceError when the rows' width differs
 */
export function score(network: Network, set: TestSet): Score {
  expectClasses(outputCount(network.shape), set.classes);
  if (set.inputBits !== network.shape.inputBits) {
    throw new ScoreError(
      `The test set has ${set.inputBits}-bit inputs, the network takes ${network.shape.inputBits} bits`,
      "Encode the rows with the encoding that the network was made for",
    );
  }
  const predictions = set.rows.map((row) => predict(outputs(network, row)));
  return scorePredictions(predictions, set.labels, set.classes);
}

/**
 * Scores a float network on rows of whatever it was trained on.
 * @throws ScoreError when the classes differ; FloatNetworkError when the rows' width differs
 */
export function scoreFloat(
  network: FloatNetwork,
  rows: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  classes: number,
): Score {
  expectClasses(floatOutputCount(network), classes);
  const predictions = rows.map((row) => predictFloat(network, row));
  return scorePredictions(predictions, labels, classes);
}

function expectClasses(outputs: number, classes: number): void {
  if (outputs !== classes) {
    throw new ScoreError(`The network has ${outputs} outputs, the rows have ${classes} classes`, "Make the two agree");
  }
}

/**
 * @param predictions, labels classes from 0 to classes - 1, one of each a row
 * @throws ScoreError for no rows, another count, or a class out of range
 */
export function scorePredictions(predictions: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Score {
  const rows = labels.length;
  if (rows === 0 || predictions.length !== rows) {
    throw new ScoreError(`There are ${predictions.length} predictions for ${rows} labels`, "Give one for each row");
  }
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < rows; i++) {
    const counts = confusion[labels[i] as number];
    const prediction = predictions[i] as number;
    if (counts?.[prediction] === undefined) {
      throw new ScoreError(`Row ${i + 1} has a class out of range`, `Classes run from 0 to ${classes - 1}`);
    }
    counts[prediction] += 1;
  }
  const perClass = confusion.map((counts, label) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const right = counts[label] as number;
    return { rows: total, right, accuracy: right / total };
  });
  const right = perClass.reduce((sum, entry) => sum + entry.right, 0);
  return {
    rows,
    right,
    accuracy: right / rows,
    classes: perClass,
    confusion,
    interval: wilsonInterval(right, rows),
    largestClassShare: Math.max(...perClass.map((entry) => entry.rows)) / rows,
  };
}

/**
 * The Wilson score interval of a proportion (E. B. Wilson, "Probable inference, the law of succession, and statistical
 * inference", 1927).
 * @param quantile of the normal distribution; the default gives 95 %
 */
export function wilsonInterval(right: number, rows: number, quantile = 1.959963984540054): [low: number, high: number] {
  if (!(rows > 0 && right >= 0 && right <= rows)) {
    throw new ScoreError(`${right} of ${rows} rows is no proportion`, "Give a count between 0 and the number of rows");
  }
  const share = right / rows;
  const square = quantile ** 2 / rows;
  const centre = (share + square / 2) / (1 + square);
  const half = (quantile / (1 + square)) * Math.sqrt((share * (1 - share)) / rows + square / (4 * rows));
  // At 0 and n the exact end is 0 or 1; rounding must not move it past the observed share.
  return [Math.max(0, Math.min(share, centre - half)), Math.min(1, Math.max(share, centre + half))];
}

/** Lines of text that set the float accuracy beside the quantised one, overall and per class. */
export function accuracyReport(float: Score, quantised: Score, classNames?: readonly string[]): string[] {
  const names = quantised.classes.map((_, label) => classNames?.[label] ?? String(label));
  const nameWidth = Math.max(5, ...names.map((name) => name.length));
  const line = (name: string, rows: string, left: string, right: string): string =>
    `${name.padEnd(nameWidth)}  ${rows.padStart(6)}  ${left.padStart(8)}  ${right.padStart(9)}`;
  const [low, high] = quantised.interval;
  return [
    line("class", "rows", "float", "quantised"),
    ...quantised.classes.map((entry, label) =>
      line(
        names[label] as string,
        String(entry.rows),
        percent(float.classes[label]?.accuracy ?? NaN),
        percent(entry.accuracy),
      ),
    ),
    line("all", String(quantised.rows), percent(float.accuracy), percent(quantised.accuracy)),
    `Quantised: ${quantised.right} of ${quantised.rows} rows right, 95 % interval ${percent(low)} to ${percent(high)}.`,
    `Always answering the largest class would be right on ${percent(quantised.largestClassShare)}.`,
  ];
}

function percent(share: number): string {
  return Number.isNaN(share) ? "-" : `${(share * 100).toFixed(2)} %`;
}
