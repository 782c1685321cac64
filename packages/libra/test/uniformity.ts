import type { FieldElement } from "@zkcmp/field/element";

/** Low bits of a uniform element of F_r are uniform up to 2^-126. */
const BITS = 128;

/**
 * How many standard deviations the values' bits are away from uniform, independent ones: the chi-square statistic of each bit's
 * balance, over all bits, as a normal variable.
 * @param samples each the values that one proof shows, in their order
 */
export function deviation(samples: readonly (readonly FieldElement[])[]): number {
  const width = samples[0]!.length;
  let chiSquare = 0;
  for (let value = 0; value < width; value++) {
    for (let bit = 0; bit < BITS; bit++) {
      const ones = samples.reduce((sum, shown) => sum + Number((shown[value]! >> BigInt(bit)) & 1n), 0);
      chiSquare += (2 * ones - samples.length) ** 2 / samples.length;
    }
  }
  const degrees = width * BITS;
  return (chiSquare - degrees) / Math.sqrt(2 * degrees);
}
