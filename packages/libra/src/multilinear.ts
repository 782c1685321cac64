import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { Weights } from "./table.ts";

/*
 * Multilinear extensions at a point (Libra, eprint 2019/317, section 2.3): f~ is the one polynomial of degree at most 1 in each variable that
 * agrees with f on {0, 1}^n. point[0] belongs to the index's most significant bit.
 */

const ONE = reduce(1n);

/** eq~(left, right) = prod over i of left_i right_i + (1 - left_i)(1 - right_i); 1 for empty points. */
export function equalityAt(left: readonly FieldElement[], right: readonly FieldElement[]): FieldElement {
  if (left.length !== right.length) throw new RangeError(`points of ${left.length} and ${right.length} variables`);
  return left.reduce((product, x, i) => {
    const y = right[i]!;
    return multiply(product, reduce(1n - x - y + 2n * x * y));
  }, ONE);
}

/** eq~(point, i) for all i below 2^point.length, by doubling: 2^point.length multiplications. */
export function equalityVector(point: readonly FieldElement[]): FieldElement[] {
  let values: FieldElement[] = [ONE];
  for (const coordinate of point) {
    const doubled: FieldElement[] = [];
    for (const value of values) {
      const upper = multiply(value, coordinate);
      doubled.push(reduce(value - upper), upper);
    }
    values = doubled;
  }
  return values;
}

/**
 * The multilinear extension of a vector, zero beyond its end, at a point.
 * @throws {RangeError} if the vector has more than 2^point.length entries
 */
export function extensionAt(values: readonly FieldElement[], point: readonly FieldElement[]): FieldElement {
  if (values.length > 2 ** point.length) {
    throw new RangeError(`${values.length} values for ${point.length} variables`);
  }
  let folded = values;
  for (let variable = point.length - 1; variable >= 0; variable--) {
    const r = point[variable]!;
    const next: FieldElement[] = [];
    for (let i = 0; i < folded.length; i += 2) {
      const low = folded[i]!;
      next.push(reduce(low + r * ((folded[i + 1] ?? 0n) - low)));
    }
    folded = next;
  }
  return folded[0] ?? reduce(0n);
}

/**
 * used~(point): the multilinear extension of i -> [i < count].
 * @param count 0 to 2^point.length
 * @throws {RangeError} outside
 */
export function usedAt(count: number, point: readonly FieldElement[]): FieldElement {
  const size = 2 ** point.length;
  if (!Number.isInteger(count) || count < 0 || count > size) {
    throw new RangeError(`${count} of ${size} indices`);
  }
  if (count === size) return ONE;
  // i < count: i agrees with count down to a bit that is 1 in count and 0 in i.
  let below = 0n;
  let prefix = ONE;
  point.forEach((coordinate, i) => {
    const zero = reduce(1n - coordinate);
    if (Math.floor(count / 2 ** (point.length - 1 - i)) % 2 === 1) {
      below += multiply(prefix, zero);
      prefix = multiply(prefix, coordinate);
    } else {
      prefix = multiply(prefix, zero);
    }
  });
  return reduce(below);
}

/**
 * The multilinear extension of weights at a point.
 * @throws {RangeError} if the weights are for another number of variables
 */
export function weightsAt(weights: Weights, point: readonly FieldElement[]): FieldElement {
  return weights.kind === "equality" ? equalityAt(weights.point, point) : extensionAt(weights.values, point);
}

/** 1, base, base^2, ... */
export function powers(base: FieldElement, count: number): FieldElement[] {
  const result: FieldElement[] = [];
  let power = ONE;
  for (let i = 0; i < count; i++) {
    result.push(power);
    power = multiply(power, base);
  }
  return result;
}

/** The sum of left[i] * right[i] over the entries that both have. */
export function innerProduct(left: readonly FieldElement[], right: readonly FieldElement[]): FieldElement {
  let sum = 0n;
  const count = Math.min(left.length, right.length);
  for (let i = 0; i < count; i++) sum += left[i]! * right[i]!;
  return reduce(sum);
}
