import type { RoundShape } from "./round-shape.ts";

/** Bits of a value that a round publishes, with its sign. */
export const VALUE_BITS = 62;

/** Bits of the model's weights. */
export const MODEL_BITS = 16;

/** The ridge is 2^l with l in 6 bits. */
const MAX_RIDGE_BITS = 63;

/** Below this many times the slack, the sum of the positive values counts as nothing and the pool is split equally. */
export const SLACK_FACTOR = 1000n;

/** A training alone is for ridges with which accepted coefficients are at most 1 / this away from the exact ones. */
const COEFFICIENT_TOLERANCE = 1000n;

/** Worst-case bounds of a round; they follow from its shape alone and hold for all data (docs/rewards.md). */
export interface RoundBounds {
  /** d, coefficients of one output: the features and the intercept. */
  readonly coefficients: number;
  /** X = 2^(b-1): a signed datum lies in [-X, X), the intercept's column is X. */
  readonly halfRange: bigint;
  /** Btheta = f + g: a coefficient lies in [-2^(Btheta-1), 2^(Btheta-1)). */
  readonly coefficientBits: number;
  /** q, low bits of a coefficient that the 16-bit model drops. */
  readonly droppedBits: number;
  /** r = ceil(log2 d), the further bits that its bias drops. */
  readonly biasDroppedBits: number;
  /** Be(s): the residual of a coalition of `size` slots lies in [-2^(Be-1), 2^(Be-1)). */
  readonly residualBits: (size: number) => number;
  /** Lmax: |v(S)| and |v(S) - v(T)| are at most this. */
  readonly largestUtility: bigint;
  /** T: a published value is floor(P! * phi / 2^T). */
  readonly valueShift: number;
  /** The least l with which |theta| stays below 2^(f+g-2) for all data. */
  readonly minRidgeBits: number;
  /** The largest l with which the residual of rounded coefficients stays within its bits for all data. */
  readonly maxRidgeBits: number;
}

/** The worst-case bounds of a shape. */
export function roundBounds(shape: RoundShape): RoundBounds {
  const { providers, rows, features, outputs, dataBits, fractionBits, integerBits, validationRows } = shape;
  const coefficients = features + 1;
  const d = BigInt(coefficients);
  const halfRange = 1n << BigInt(dataBits - 1);
  const square = halfRange * halfRange;
  const coefficientBits = fractionBits + integerBits;
  const largestPrediction = halfRange * ((1n << BigInt(fractionBits)) + (d << BigInt(coefficientBits)));
  const largestUtility = BigInt(outputs * validationRows) * largestPrediction ** 2n;
  const largestNumerator = factorial(providers) * largestUtility;
  return {
    coefficients,
    halfRange,
    coefficientBits,
    droppedBits: coefficientBits - MODEL_BITS,
    biasDroppedBits: ceilLog2(d),
    residualBits: (size) => bitLength((BigInt(rows) * square * (d * BigInt(size) + 1n) + 1n) / 2n) + 1,
    largestUtility,
    valueShift: Math.max(0, bitLength(largestNumerator) - (VALUE_BITS - 1)),
    minRidgeBits: Math.max(0, ceilLog2(BigInt(providers * rows) * square) - 2 * (integerBits - 1)),
    maxRidgeBits: Math.min(MAX_RIDGE_BITS, bitLength(BigInt(rows) * square) - 1),
  };
}

/**
 * Slack in units of a value: by dishonest rounding a prover moves any one reward by at most slack / W of the pool, W being
 * the sum of the positive values. The derivation stands in docs/rewards.md.
 * @param ridgeBits l, the ridge being 2^l; within the limits of {@link roundBounds}
 */
export function slackOf(shape: RoundShape, ridgeBits: number): bigint {
  return BigInt(shape.providers) * valueSlack(shape, ridgeBits);
}

/** sigma: how far dishonest rounding moves one value from the exact one, in units of a value. */
export function valueSlack(shape: RoundShape, ridgeBits: number): bigint {
  const { valueShift } = roundBounds(shape);
  return ceilDivide(2n * utilitySlack(shape, ridgeBits) * factorial(shape.providers), 1n << BigInt(valueShift)) + 1n;
}

/** eta: how far v(S) of any coefficients that the circuit accepts lies from v(S) of the exact ones. */
export function utilitySlack(shape: RoundShape, ridgeBits: number): bigint {
  const { providers, rows, outputs, fractionBits, validationRows } = shape;
  const { coefficients, halfRange } = roundBounds(shape);
  const d = BigInt(coefficients);
  const square = halfRange * halfRange;
  const rho = coefficientSlack(shape, ridgeBits);
  const root = ceilSqrt(ceilDivide(d * BigInt(providers * rows) * square, 1n << BigInt(ridgeBits + 2)));
  const largestError = (1n + root) * (halfRange << BigInt(fractionBits));
  const movedPrediction = d * halfRange * rho;
  return BigInt(outputs * validationRows) * (2n * largestError * movedPrediction + movedPrediction ** 2n);
}

/**
 * rho = 2^(Be(P)-1) / 2^l: the coefficients that the circuit accepts for an output are at most sqrt(d) rho away from the exact ones, in units
 * of 2^-f, because no residual is above 2^(Be-1) and every eigenvalue is at least the ridge.
 */
function coefficientSlack(shape: RoundShape, ridgeBits: number): bigint {
  return 1n << BigInt(roundBounds(shape).residualBits(shape.providers) - 1 - ridgeBits);
}

/**
 * True if the proof of a training fixes its model: accepted coefficients are at most 1/1000 away from the exact ones, sqrt(d) rho / 2^f <= 1/1000.
 * Nothing else limits the ridge of a training without validation rows; rounds have the stricter {@link isOpenable}.
 * @param ridgeBits l, the ridge being 2^l; within the limits of {@link roundBounds}
 */
export function fixesModel(shape: RoundShape, ridgeBits: number): boolean {
  const d = BigInt(roundBounds(shape).coefficients);
  return d * (COEFFICIENT_TOLERANCE * coefficientSlack(shape, ridgeBits)) ** 2n <= 1n << BigInt(2 * shape.fractionBits);
}

/** The largest sum of values: no model can lower the validation loss by more than all of it. */
export function largestTotal(shape: RoundShape): bigint {
  const { halfRange, valueShift } = roundBounds(shape);
  const { providers, outputs, fractionBits, validationRows } = shape;
  const largestLoss = BigInt(outputs * validationRows) * (halfRange << BigInt(fractionBits)) ** 2n;
  return (factorial(providers) * largestLoss) >> BigInt(valueShift);
}

/** True if the contract opens a round of this shape with the ridge 2^ridgeBits: slack can move 0.1 % of the pool at most. */
export function isOpenable(shape: RoundShape, ridgeBits: number): boolean {
  const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
  if (!Number.isInteger(ridgeBits) || ridgeBits < minRidgeBits || ridgeBits > maxRidgeBits) return false;
  return SLACK_FACTOR * slackOf(shape, ridgeBits) <= largestTotal(shape);
}

/** The smallest ridge exponent with which a round of this shape can be opened, null if none: more fraction bits are needed. */
export function smallestOpenableRidge(shape: RoundShape): number | null {
  const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
  for (let ridgeBits = minRidgeBits; ridgeBits <= maxRidgeBits; ridgeBits++) {
    if (isOpenable(shape, ridgeBits)) return ridgeBits;
  }
  return null;
}

/** n! */
export function factorial(n: number): bigint {
  let product = 1n;
  for (let i = 2; i <= n; i++) product *= BigInt(i);
  return product;
}

/** Bits of a non-negative integer; 0 has none. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

function ceilLog2(value: bigint): number {
  return bitLength(value - 1n);
}

function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** The least integer whose square is at least `value` (Newton's iteration from above). */
export function ceilSqrt(value: bigint): bigint {
  if (value <= 1n) return value;
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) break;
    root = next;
  }
  return root * root === value ? root : root + 1n;
}
