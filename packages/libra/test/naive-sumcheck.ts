import { type FieldElement, invert, multiply, reduce } from "@zkcmp/field/element";

/*
 * Multilinear extensions and sumchecks straight from their definitions: sums over the whole hypercube with eq as a product, in
 * time exponential in the variables. What the linear-time provers are compared with.
 */

/** The bits of an index, the most significant one first. */
export function bitsOf(index: number, variables: number): FieldElement[] {
  return Array.from({ length: variables }, (_, i) => reduce(BigInt((index >> (variables - 1 - i)) & 1)));
}

/** All points of {0, 1}^variables. */
export function hypercube(variables: number): FieldElement[][] {
  return Array.from({ length: 2 ** variables }, (_, index) => bitsOf(index, variables));
}

/** prod of x_i y_i + (1 - x_i)(1 - y_i) */
export function naiveEquality(x: readonly FieldElement[], y: readonly FieldElement[]): FieldElement {
  return x.reduce((product, own, i) => multiply(product, reduce(own * y[i]! + (1n - own) * (1n - y[i]!))), reduce(1n));
}

/** The sum over i of values[i] eq(bits of i, point). */
export function naiveExtension(values: readonly FieldElement[], point: readonly FieldElement[]): FieldElement {
  return reduce(values.reduce((sum, value, i) => sum + value * naiveEquality(bitsOf(i, point.length), point), 0n));
}

/** The coefficients of the polynomial of degree 2 with values at 0, 1 and 2. */
export function interpolate(at: (t: FieldElement) => FieldElement): FieldElement[] {
  const [zero, one, two] = [at(reduce(0n)), at(reduce(1n)), at(reduce(2n))];
  const square = multiply(reduce(two - 2n * one + zero), invert(reduce(2n)));
  return [zero, reduce(one - zero - square), square];
}

/** The polynomial of a sumcheck's round: the summed function over all values of the variables after the round's. */
export function naiveRound(
  summed: (point: readonly FieldElement[]) => FieldElement,
  variables: number,
  bound: readonly FieldElement[],
): FieldElement[] {
  const rest = hypercube(variables - bound.length - 1);
  return interpolate((t) => reduce(rest.reduce((sum, free) => sum + summed([...bound, t, ...free]), 0n)));
}
