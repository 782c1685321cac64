import { type FieldElement, invert, multiply, reduce } from "@zkcmp/field/element";

/**
 * The weights w with p(point) = sum of w[i] * p(i) over i = 0, ..., degree, for every polynomial p of that degree.
 * @param point none of 0, ..., degree
 */
export function lagrangeWeights(degree: number, point: FieldElement): FieldElement[] {
  // w[i] = prod over j of (point - j), divided by (point - i) i! (degree - i)! (-1)^(degree - i)
  const factorials = [reduce(1n)];
  for (let i = 1; i <= degree; i++) factorials.push(reduce(factorials[i - 1]! * BigInt(i)));
  let numerator = reduce(1n);
  const denominators = factorials.map((factorial, i) => {
    const distance = reduce(point - BigInt(i));
    numerator = multiply(numerator, distance);
    const sign = (degree - i) % 2 === 0 ? 1n : -1n;
    return reduce(sign * distance * multiply(factorial, factorials[degree - i]!));
  });
  return inverses(denominators).map((inverse) => multiply(numerator, inverse));
}

/**
 * The values at n, ..., n + count - 1 of the polynomial of degree below n that has the given values at 0, ..., n - 1,
 * by its differences: the n-th ones are zero.
 */
export function extrapolate(values: readonly FieldElement[], count: number): FieldElement[] {
  // differences[k]: the k-th difference that ends at the last known value.
  const differences: FieldElement[] = [];
  let level = [...values];
  while (level.length > 0) {
    differences.push(level.at(-1)!);
    level = level.slice(1).map((value, i) => reduce(value - level[i]!));
  }
  return Array.from({ length: count }, () => {
    for (let k = differences.length - 2; k >= 0; k--) differences[k] = reduce(differences[k]! + differences[k + 1]!);
    return differences[0]!;
  });
}

/** All inverses for the price of one (Montgomery's trick). No value may be zero. */
function inverses(values: readonly FieldElement[]): FieldElement[] {
  const before: FieldElement[] = [];
  let product = reduce(1n);
  for (const value of values) {
    before.push(product);
    product = multiply(product, value);
  }
  let inverse = invert(product);
  return values
    .map((_, i) => values.length - 1 - i)
    .map((i) => {
      const own = multiply(inverse, before[i]!);
      inverse = multiply(inverse, values[i]!);
      return own;
    })
    .toReversed();
}
