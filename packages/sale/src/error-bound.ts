/**
 * The bound on the sum of squared errors that a root mean square error stands for, rounded down.
 * @param rmse in units of the targets
 * @param digitsPerUnit target digits in one such unit: the scale of the target's encoding
 */
export function errorBoundOf(rmse: number, rows: number, digitsPerUnit: number): bigint {
  return BigInt(Math.floor(rows * (rmse * digitsPerUnit) ** 2));
}

/** The inverse: the root mean square error, in units of the targets, that a bound allows. */
export function rmseOf(errorBound: bigint, rows: number, digitsPerUnit: number): number {
  return Math.sqrt(Number(errorBound) / rows) / digitsPerUnit;
}
