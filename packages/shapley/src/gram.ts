import { roundBounds } from "./bounds.ts";
import type { RoundShape } from "./round-shape.ts";
import type { Samples } from "./samples.ts";

/**
 * All that training and loss need of a set of rows, exactly. With x_0 = X the intercept's column, x_j and y_c the signed
 * values: A = sum x x^T, B = sum x y^T, and the sum of all y^2. Gram matrices of disjoint sets of rows add up.
 */
export interface Gram {
  readonly count: number;
  /** A, d x d, symmetric. */
  readonly features: readonly (readonly bigint[])[];
  /** B, d x k. */
  readonly targets: readonly (readonly bigint[])[];
  /** Sum of y_c^2 over rows and outputs. */
  readonly squares: bigint;
}

/** The Gram matrix of no rows. */
export function emptyGram(shape: RoundShape): Gram {
  return gramOf(shape, { rows: [] });
}

/**
 * The Gram matrix of encoded rows.
 * @param samples rows that `checkSamples` accepts
 */
export function gramOf(shape: RoundShape, samples: Samples): Gram {
  const d = shape.features + 1;
  const halfRange = Number(roundBounds(shape).halfRange);
  const width = d + shape.outputs;
  // Products are below 2^30 and a round has at most 2^20 rows, so sums in doubles are exact.
  const sums = new Float64Array(width * width);
  const values = new Float64Array(width);
  values[0] = halfRange;
  for (const row of samples.rows) {
    for (let j = 1; j < width; j++) values[j] = row[j - 1]! - halfRange;
    for (let j = 0; j < width; j++) {
      const value = values[j]!;
      for (let l = j; l < width; l++) sums[j * width + l]! += value * values[l]!;
    }
  }
  const sum = (j: number, l: number): bigint => BigInt(sums[Math.min(j, l) * width + Math.max(j, l)]!);
  const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
  return {
    count: samples.rows.length,
    features: range(d).map((j) => range(d).map((l) => sum(j, l))),
    targets: range(d).map((j) => range(shape.outputs).map((c) => sum(j, d + c))),
    squares: range(shape.outputs).reduce((total, c) => total + sum(d + c, d + c), 0n),
  };
}

/** The Gram matrix of both sets of rows together. */
export function addGrams(a: Gram, b: Gram): Gram {
  const add = (x: Gram["features"], y: Gram["features"]): bigint[][] =>
    x.map((row, j) => row.map((value, l) => value + y[j]![l]!));
  return {
    count: a.count + b.count,
    features: add(a.features, b.features),
    targets: add(a.targets, b.targets),
    squares: a.squares + b.squares,
  };
}
