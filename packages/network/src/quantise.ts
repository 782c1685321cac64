import { ZkcmpError } from "@zkcmp/field/error";
import { layerBounds } from "./bounds.ts";
import {
  type FloatLayer,
  type FloatNetwork,
  floatInputCount,
  floatOutputCount,
  floatOutputs,
  predictFloat,
} from "./float-network.ts";
import { outputs, predict } from "./inference.ts";
import { createNetwork, type Network } from "./network.ts";
import { type OutputReading, readOutput } from "./output-reading.ts";
import { scoreTargets } from "./regression-score.ts";
import { type RoundedBiases, roundBiases, type RoundedWeights, roundWeights, roundWeightsTo } from "./rounding.ts";
import { foldTarget, middleDigit, type TargetEncoding } from "./target-encoding.ts";

/** Encoded rows like the ones to come. Without labels, the float network's own answers are the aim. */
export interface Calibration {
  readonly rows: readonly ArrayLike<number>[];
  readonly labels?: ArrayLike<number>;
}

export interface QuantiseOptions {
  /** Bits of the unsigned integer inputs, 1 to 16. */
  readonly inputBits: number;
  /** Bits of weights and biases, 2 to 16; 8 by default. */
  readonly weightBits?: number;
  /** The calibration accuracy that larger shifts (cheaper proofs) may cost in all, as a fraction; 0.002 by default. */
  readonly tolerance?: number;
  /** Fixed shifts, one for each hidden layer (0 for square), in the place of the search. */
  readonly shifts?: readonly number[];
}

/** Encoded rows like the ones to come, with their targets in real units. */
export interface RegressionCalibration {
  readonly rows: readonly ArrayLike<number>[];
  readonly targets: ArrayLike<number>;
}

export interface ShiftTrial {
  readonly shift: number;
  /** Share of right rows, or R^2 of a regression. */
  readonly accuracy: number;
}

export interface QuantisedLayer {
  /** Real weight = integer weight * weightScale. */
  readonly weightScale: number;
  /** Share of the weights beyond the largest integer, which were clipped to it. */
  readonly clipped: number;
  readonly shift: number;
  readonly biasShift: number;
  /** Worst-case bits of z: each of them costs constraints in every row of a proof. */
  readonly magnitudeBits: number;
  /** Calibration accuracy by shift; empty where nothing was searched. */
  readonly trials: readonly ShiftTrial[];
}

export interface QuantisationReport {
  readonly calibrationRows: number;
  /** Calibration accuracy before and after; of a regression R^2. */
  readonly float: number;
  readonly quantised: number;
  readonly layers: readonly QuantisedLayer[];
}

/** Calibration rows or options that do not fit the network. */
export class QuantiseError extends ZkcmpError {}

/** The values that a layer reads, one array a row: real value = entry * scale. */
interface Signal {
  readonly rows: readonly Float64Array[];
  readonly scale: number;
}

/** A layer with rounded weights, before its shift is chosen. */
interface Weighted {
  readonly source: FloatLayer;
  readonly weights: RoundedWeights;
  /** Real pre-activation = integer * zScale. */
  readonly zScale: number;
  /** Real biases in units of zScale, corrected for the mean error of the rounded weights. */
  readonly biases: Float64Array;
  /** Integer W x without bias, one array a row. */
  readonly products: readonly Float64Array[];
}

/**
 * Quantises a float network on encoded integers (see `foldEncoding`): symmetric weights with one scale a layer, biases
 * times 2^biasShift, hidden relu layers rescaled by powers of two. For each relu layer it tries every shift on the
 * calibration rows and keeps the largest whose accuracy is within the tolerance of the best; the layers share the
 * tolerance. Biases absorb the mean error of the rounded weights (M. Nagel et al., "Data-free quantization through
 * weight equalization and bias correction", 2019, section 4.2) and, in a rescaled layer, half a step, so that the
 * integer network's floor rounds to the nearest.
 * Time: about 20 shifts x calibration rows x weights behind the layer that is tried; 1,000 to 2,000 rows are enough.
 * @throws QuantiseError for calibration rows or shifts that do not fit
 * @throws ShapeError when weightBits or inputBits is out of range, or a worst-case bound passes 2^250
 */
export function quantise(
  network: FloatNetwork,
  calibration: Calibration,
  options: QuantiseOptions,
): { network: Network; report: QuantisationReport } {
  const { inputBits } = options;
  checkCalibration(network, calibration, inputBits);
  const floatAnswers = calibration.rows.map((row) => predictFloat(network, row));
  const labels = calibration.labels ?? floatAnswers;
  const { network: quantised, layers } = quantiseLayers(network, calibration.rows, options, (last) =>
    share(
      last.rows.map((row) => row.indexOf(Math.max(...row))),
      labels,
    ),
  );
  const answers = calibration.rows.map((row) => predict(outputs(quantised, row)));
  const report = {
    calibrationRows: labels.length,
    float: share(floatAnswers, labels),
    quantised: share(answers, labels),
    layers,
  };
  return { network: quantised, report };
}

/**
 * Quantises a float regression network on encoded integers with one output in real target units. The output's scale is
 * folded into the last layer: its weights are rounded so that `multiplier`, an integer, output units make one target digit,
 * and an output of 0 stands for the middle digit. Neither follows from biases, since both become public.
 * @throws QuantiseError as {@link quantise}, and where an output unit would be larger than a target digit
 * @throws TargetEncodingError when the network has several outputs
 */
export function quantiseRegression(
  network: FloatNetwork,
  calibration: RegressionCalibration,
  target: TargetEncoding,
  options: QuantiseOptions,
): { network: Network; report: QuantisationReport } {
  const inDigits = foldTarget(network, target);
  const { rows, targets } = calibration;
  checkCalibration(network, { rows }, options.inputBits);
  if (targets.length !== rows.length) {
    throw new QuantiseError(
      `There are ${rows.length} calibration rows and ${targets.length} targets`,
      "Give one for each",
    );
  }
  const digits = Array.from(targets, (value) => (value - target.offset) * target.scale);
  const rSquared = (predictions: readonly number[]): number => scoreTargets(predictions, digits).rSquared;
  const middle = middleDigit(target);
  const { network: quantised, layers } = quantiseLayers(
    inDigits,
    rows,
    options,
    (last) => rSquared(last.rows.map((row) => row[0]! * last.scale + middle)),
    { offset: middle, digitsPerUnit: target.scale },
  );
  const report = {
    calibrationRows: rows.length,
    float: rSquared(rows.map((row) => floatOutputs(inDigits, row)[0]! + middle)),
    quantised: rSquared(rows.map((row) => readOutput(quantised.reading!, outputs(quantised, row)[0]!))),
    layers,
  };
  return { network: quantised, report };
}

/** @param regression what the reading of the one output is made of; without it the outputs are scores of classes */
function quantiseLayers(
  network: FloatNetwork,
  rows: readonly ArrayLike<number>[],
  { inputBits, weightBits = 8, tolerance = 0.002, shifts }: QuantiseOptions,
  measure: (last: Signal) => number,
  regression?: { readonly offset: number; readonly digitsPerUnit: number },
): { network: Network; layers: QuantisedLayer[] } {
  checkShifts(network, shifts);
  const reluCount = network.layers.filter((layer) => layer.activation === "relu").length;
  let signal: Signal = { rows: rows.map((row) => Float64Array.from(row)), scale: 1 };
  const chosen = network.layers.map((source, index) => {
    const rest = network.layers.slice(index + 1);
    const isRead = regression !== undefined && rest.length === 0;
    const weighted = weigh(source, signal, weightBits, isRead ? wholeMultiplier : undefined);
    const accuracyWith = (shift: number): number =>
      measure(signalAfter(rest, activate(weighted, shift, weightBits), weightBits));
    const fixed = source.activation === "relu" ? shifts?.[index] : 0;
    const trials = fixed === undefined ? tryShifts(weighted, accuracyWith) : [];
    const shift = fixed ?? largestShift(trials, tolerance / reluCount);
    signal = activate(weighted, shift, weightBits);
    return { weighted, shift, biases: shiftedBiases(weighted, shift, weightBits), trials };
  });

  const shape = {
    inputBits,
    weightBits,
    layers: chosen.map(({ weighted: { source }, shift, biases: { biasShift } }) => {
      return { inputs: source.inputs, outputs: source.outputs, activation: source.activation, shift, biasShift };
    }),
  };
  const scales = chosen.map(({ weighted }) => weighted.zScale);
  let reading: OutputReading | undefined;
  if (regression !== undefined) {
    reading = { multiplier: Math.round(1 / scales.at(-1)!), offset: regression.offset };
    scales[scales.length - 1] = 1 / (reading.multiplier * regression.digitsPerUnit);
  }
  const quantised = createNetwork(
    shape,
    chosen.map(({ weighted, biases }) => ({ weights: weighted.weights.integers, biases: biases.integers })),
    scales,
    reading,
  );
  const bounds = layerBounds(shape);
  const layers = chosen.map(({ weighted, shift, biases, trials }, index) => ({
    weightScale: weighted.weights.scale,
    clipped: weighted.weights.clipped,
    shift,
    biasShift: biases.biasShift,
    magnitudeBits: (bounds[index] as { magnitudeBits: number }).magnitudeBits,
    trials,
  }));
  return { network: quantised, layers };
}

/** The next scale, not below the given one, with a whole number of output units to a digit. */
function wholeMultiplier(zScale: number): number {
  const multiplier = Math.floor(1 / zScale);
  if (multiplier < 1) {
    throw new QuantiseError(
      "One unit of the output would be more than one target digit",
      "Use more weight bits or fewer target bits",
    );
  }
  if (multiplier > Number.MAX_SAFE_INTEGER) {
    throw new QuantiseError(
      "The outputs are too fine to be read exactly",
      "Use fewer weight bits, or relu in the place of square",
    );
  }
  return 1 / multiplier;
}

function checkCalibration(network: FloatNetwork, { rows, labels }: Calibration, inputBits: number): void {
  const width = floatInputCount(network);
  const classes = floatOutputCount(network);
  if (rows.length === 0) throw new QuantiseError("There are no calibration rows", "Give some hundred encoded rows");
  rows.forEach((row, index) => {
    if (row.length !== width) {
      throw new QuantiseError(
        `Calibration row ${index + 1} has ${row.length} features, the network takes ${width}`,
        "Encode the rows as the network expects them",
      );
    }
    for (let k = 0; k < width; k++) {
      const value = row[k] as number;
      if (!Number.isInteger(value) || value < 0 || value >= 2 ** inputBits) {
        throw new QuantiseError(
          `Calibration row ${index + 1}, feature ${k + 1} is ${value}, not a ${inputBits}-bit unsigned integer`,
          "Encode the rows and fold the encoding into the network first",
        );
      }
    }
  });
  if (labels === undefined) return;
  if (labels.length !== rows.length) {
    throw new QuantiseError(
      `There are ${rows.length} calibration rows and ${labels.length} labels`,
      "Give one for each",
    );
  }
  const wrong = Array.from(labels).findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong !== -1) {
    throw new QuantiseError(
      `The label of calibration row ${wrong + 1} is ${labels[wrong]}`,
      `The network's classes run from 0 to ${classes - 1}`,
    );
  }
}

function checkShifts(network: FloatNetwork, shifts: readonly number[] | undefined): void {
  const hidden = network.layers.length - 1;
  if (shifts !== undefined && shifts.length !== hidden) {
    throw new QuantiseError(
      `${shifts.length} shifts are given for ${hidden} hidden layers`,
      "Give one for each hidden layer, 0 for a square layer",
    );
  }
}

/**
 * Rounds the weights of a layer and multiplies all rows by them.
 * @param adjust moves the scale of z to one that the caller can use
 */
function weigh(source: FloatLayer, signal: Signal, weightBits: number, adjust?: (zScale: number) => number): Weighted {
  const { inputs, outputs } = source;
  const means = new Float64Array(inputs);
  const meanSquares = new Float64Array(inputs);
  for (const row of signal.rows) {
    for (let k = 0; k < inputs; k++) {
      const value = row[k] as number;
      means[k] = (means[k] as number) + value / signal.rows.length;
      meanSquares[k] = (meanSquares[k] as number) + value ** 2 / signal.rows.length;
    }
  }
  const best = roundWeights(source, meanSquares, weightBits);
  const zScale = adjust?.(signal.scale * best.scale) ?? signal.scale * best.scale;
  const weights = adjust === undefined ? best : roundWeightsTo(source, zScale / signal.scale, weightBits);
  const biases = source.biases.map((bias, j) => {
    let sum = bias / zScale;
    for (let k = 0; k < inputs; k++) {
      const at = j * inputs + k;
      sum += ((source.weights[at] as number) / weights.scale - (weights.integers[at] as number)) * (means[k] as number);
    }
    return sum;
  });
  const products = signal.rows.map((row) => {
    const product = new Float64Array(outputs);
    for (let j = 0; j < outputs; j++) {
      let sum = 0;
      for (let k = 0; k < inputs; k++) sum += (weights.integers[j * inputs + k] as number) * (row[k] as number);
      product[j] = sum;
    }
    return product;
  });
  return { source, weights, zScale, biases, products };
}

function shiftedBiases(weighted: Weighted, shift: number, weightBits: number): RoundedBiases {
  const half = shift === 0 ? 0 : 2 ** (shift - 1);
  return roundBiases(
    weighted.biases.map((bias) => bias + half),
    weightBits,
  );
}

/** The layer's outputs with this shift. */
function activate(weighted: Weighted, shift: number, weightBits: number): Signal {
  const { integers, biasShift } = shiftedBiases(weighted, shift, weightBits);
  const { activation } = weighted.source;
  const apply = (z: number): number => {
    if (activation === "none") return z;
    return activation === "square" ? z * z : Math.floor(Math.max(z, 0) / 2 ** shift);
  };
  const rows = weighted.products.map((product) =>
    product.map((value, j) => apply(value + (integers[j] as number) * 2 ** biasShift)),
  );
  return { rows, scale: activation === "square" ? weighted.zScale ** 2 : weighted.zScale * 2 ** shift };
}

/** The outputs when the remaining layers are rounded too, but not rescaled. */
function signalAfter(layers: readonly FloatLayer[], signal: Signal, weightBits: number): Signal {
  return layers.reduce((current, layer) => activate(weigh(layer, current, weightBits), 0, weightBits), signal);
}

/** Every shift that leaves at least one bit of the largest value seen. */
function tryShifts(weighted: Weighted, accuracyWith: (shift: number) => number): ShiftTrial[] {
  let largest = 1;
  for (const product of weighted.products) for (const value of product) largest = Math.max(largest, value);
  const count = Math.floor(Math.log2(largest)) + 1;
  return Array.from({ length: count }, (_, shift) => ({ shift, accuracy: accuracyWith(shift) }));
}

function largestShift(trials: readonly ShiftTrial[], tolerance: number): number {
  const best = Math.max(...trials.map((trial) => trial.accuracy));
  return Math.max(...trials.filter((trial) => trial.accuracy >= best - tolerance).map((trial) => trial.shift));
}

function share(answers: readonly number[], labels: ArrayLike<number>): number {
  return answers.filter((answer, i) => answer === labels[i]).length / answers.length;
}
