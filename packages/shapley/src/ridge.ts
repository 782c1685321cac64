import type { Gram } from "./gram.ts";

/**
 * The coefficients of a ridge regression, d x k: the nearest integers to the rational solution of
 * (A + 2^ridgeBits I) theta = 2^fractionBits B, halves upwards. Exact: fraction-free elimination (E. H. Bareiss, "Sylvester's
 * identity and multistep integer-preserving Gaussian elimination", Math. Comp. 22, 1968) on integers. No pivot can be zero,
 * since the matrix is positive definite and the pivots are its leading minors.
 */
export function solveRidge(gram: Gram, ridgeBits: number, fractionBits: number): bigint[][] {
  const d = gram.features.length;
  const ridge = 1n << BigInt(ridgeBits);
  const shift = BigInt(fractionBits);
  const matrix = gram.features.map((row, j) => [
    ...row.map((value, l) => (j === l ? value + ridge : value)),
    ...gram.targets[j]!.map((value) => value << shift),
  ]);
  const width = matrix[0]!.length;
  let previous = 1n;
  for (let pivotRow = 0; pivotRow < d; pivotRow++) {
    const pivots = matrix[pivotRow]!;
    const pivot = pivots[pivotRow]!;
    // Rows above the pivot too (Gauss-Jordan): at the end every row reads determinant * theta_j = numerator.
    for (let j = 0; j < d; j++) {
      if (j === pivotRow) continue;
      const row = matrix[j]!;
      const factor = row[pivotRow]!;
      for (let l = pivotRow + 1; l < width; l++) {
        row[l] = (pivot * row[l]! - factor * pivots[l]!) / previous;
      }
    }
    previous = pivot;
  }
  const determinant = previous;
  return matrix.map((row) => row.slice(d).map((numerator) => nearest(numerator, determinant)));
}

/** The integer nearest to numerator / denominator (positive), halves upwards. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  return floorDivide(2n * numerator + denominator, 2n * denominator);
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
}
