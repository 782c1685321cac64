import type { Gram } from "./gram.ts";

/** Coefficients of a model, d x k, in units of 2^-fractionBits; row 0 belongs to the intercept. */
export type Coefficients = readonly (readonly bigint[])[];

/**
 * The sum of squared errors, sum over rows and outputs of (2^f y - x . theta)^2, from the rows' Gram matrix; without the
 * ridge's term. Exact and never negative.
 */
export function lossOf(gram: Gram, theta: Coefficients, fractionBits: number): bigint {
  return (gram.squares << BigInt(2 * fractionBits)) - utilityOf(gram, theta, fractionBits);
}

/**
 * v = loss(0) - loss(theta): by how much a model lowers the validation loss against predicting the public offset, which is
 * what the zero model does and the empty coalition has.
 */
export function utilityOf(validation: Gram, theta: Coefficients, fractionBits: number): bigint {
  const { features, targets } = validation;
  const d = features.length;
  const outputs = targets[0]!.length;
  let total = 0n;
  for (let c = 0; c < outputs; c++) {
    for (let j = 0; j < d; j++) {
      const coefficient = theta[j]![c]!;
      const row = features[j]!;
      // theta^T G theta by its upper triangle: the diagonal once, everything else twice.
      let cross = 0n;
      for (let l = j + 1; l < d; l++) cross += row[l]! * theta[l]![c]!;
      total += coefficient * (((targets[j]![c]! << BigInt(fractionBits)) - cross) * 2n - row[j]! * coefficient);
    }
  }
  return total;
}
