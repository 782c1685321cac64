import { type FieldElement, multiply, reduce, toFieldElement } from "../element.ts";
import {
  requireCount,
  requireElement,
  requireHalf,
  requirePattern,
  requireRange,
  requireSlots,
  requireThat,
  requireWiring,
  rowsOf,
} from "./argument-check.ts";
import type { FieldVector, IndexVector, Kernels, SmallVector, SparsePattern } from "./kernels.ts";
import { createReferencePoints } from "./reference-points.ts";
import { ScopeStack, type ScopedVector } from "./vector-scope.ts";

/** A stretch of an array; views share the array and live as long. */
interface ReferenceField extends FieldVector, ScopedVector {
  readonly array: FieldElement[];
  readonly start: number;
}

interface ReferenceIntegers extends ScopedVector {
  readonly integers: readonly number[];
}

const ZERO = reduce(0n);
const ONE = reduce(1n);

/**
 * The kernels in plain BigInt: slow and readable, what every other implementation has to agree with. A vector that is
 * used after its scope throws {@link KernelArgumentError}.
 */
export function createReferenceKernels(): Kernels {
  const scopes = new ScopeStack();

  function own(array: FieldElement[]): ReferenceField {
    return { kind: "field", array, start: 0, length: array.length, scope: scopes.current };
  }

  function alive(vector: FieldVector): ReferenceField {
    const reference = vector as ReferenceField;
    scopes.requireAlive(reference);
    return reference;
  }

  function view(vector: FieldVector, start: number, length: number): ReferenceField {
    const source = alive(vector);
    return { ...source, start: source.start + start, length };
  }

  function integers<Kind extends "small" | "index">(kind: Kind, values: Iterable<number>) {
    const copy = [...values];
    return { kind, integers: copy, length: copy.length, scope: scopes.current };
  }

  function readIntegers(vector: SmallVector | IndexVector): readonly number[] {
    const reference = vector as (SmallVector | IndexVector) & ReferenceIntegers;
    scopes.requireAlive(reference);
    return reference.integers;
  }

  /** @throws {KernelArgumentError} if one is not below `bound` */
  function readIndices(vector: IndexVector, bound: number): readonly number[] {
    const indices = readIntegers(vector);
    for (const index of indices) requireThat(index < bound, `index ${index} in a vector of ${bound}`);
    return indices;
  }

  function readPattern(pattern: SparsePattern, coefficients: number, bound: number): ReferencePattern {
    requirePattern(pattern, coefficients);
    const starts = readIndices(pattern.starts, coefficients + 1);
    requireThat(
      starts.every((start, i) => i === 0 || start >= starts[i - 1]!),
      "starts of a sparse pattern that fall",
    );
    return { starts, columns: readIndices(pattern.columns, bound) };
  }

  /** The vector's values, padded with zeros up to `length`. */
  function read(vector: FieldVector, length = vector.length): FieldElement[] {
    const { array, start } = alive(vector);
    const values = array.slice(start, start + vector.length);
    while (values.length < length) values.push(ZERO);
    return values;
  }

  function combine(matrix: FieldVector | SmallVector): FieldElement[] {
    return matrix.kind === "field" ? read(matrix) : readIntegers(matrix).map((value) => reduce(BigInt(value)));
  }

  const kernels: Omit<Kernels, keyof ReturnType<typeof createReferencePoints>> = {
    threads: 1,

    scope: (body) => scopes.run(body),
    dispose: () => Promise.resolve(),

    zeros(length) {
      requireCount(length);
      return own(new Array<FieldElement>(length).fill(ZERO));
    },
    fromField: (values) => own(values.map((value) => toFieldElement(value))),
    fromSmall: (values) => integers("small", values) satisfies SmallVector,
    fromIndices: (values) => integers("index", values) satisfies IndexVector,
    expand: (values) => own(combine(values)),
    toField: (values) => read(values),
    element(values, index) {
      requireRange(index, 1, 1, values.length);
      return read(values)[index]!;
    },
    write(target, start, stride, values) {
      requireRange(start, values.length, stride, target.length);
      const { array, start: first } = alive(target);
      values.forEach((value, i) => (array[first + start + i * stride] = toFieldElement(value)));
    },
    copy: (values) => own(read(values)),
    view(values, start, length) {
      requireRange(start, length, 1, values.length);
      return view(values, start, length);
    },

    addScaled(target, factor, values) {
      requireElement(factor);
      requireThat(values.length <= target.length, `${values.length} values for a target of ${target.length}`);
      const { array, start } = alive(target);
      read(values).forEach((value, i) => (array[start + i] = reduce(array[start + i]! + factor * value)));
    },
    multiply(left, right) {
      requireThat(left.length === right.length, `${left.length} and ${right.length} factors`);
      const others = read(right);
      return own(read(left).map((value, i) => multiply(value, others[i]!)));
    },
    innerProduct(left, right) {
      requireThat(left.length === right.length, `${left.length} and ${right.length} factors`);
      const others = read(right);
      return reduce(read(left).reduce((sum, value, i) => sum + value * others[i]!, 0n));
    },
    gatherMultiply(coefficients, values, indices) {
      requireThat(
        coefficients.length === indices.length,
        `${coefficients.length} coefficients, ${indices.length} indices`,
      );
      const source = read(values);
      const places = readIndices(indices, source.length);
      return own(read(coefficients).map((coefficient, e) => multiply(coefficient, source[places[e]!]!)));
    },
    equality(point, scale = ONE) {
      for (const value of [scale, ...point]) requireElement(value);
      let table = [scale];
      for (const r of point) table = table.flatMap((value) => [reduce(value * (1n - r)), multiply(value, r)]);
      return own(table);
    },
    combineRows(matrix, columns, weights) {
      const rows = rowsOf(matrix.length, columns);
      requireThat(weights.length >= rows, `${weights.length} weights for ${rows} rows`);
      const sums = new Array<bigint>(columns).fill(0n);
      const factors = read(weights);
      combine(matrix).forEach((value, i) => (sums[i % columns]! += factors[Math.floor(i / columns)]! * value));
      return own(sums.map(reduce));
    },
    combineColumns(matrix, columns, weights) {
      requireThat(weights.length === columns, `${weights.length} weights for ${columns} columns`);
      const sums = new Array<bigint>(rowsOf(matrix.length, columns)).fill(0n);
      const factors = read(weights);
      combine(matrix).forEach((value, i) => (sums[Math.floor(i / columns)]! += value * factors[i % columns]!));
      return own(sums.map(reduce));
    },
    sparseProduct(pattern, coefficients, vector) {
      const [factors, values] = [read(coefficients), read(vector)];
      return own(multiplySparse(readPattern(pattern, factors.length, values.length), factors, values));
    },
    applyLayer(table, slots, wiring) {
      requireSlots(table.length, slots);
      requireWiring(wiring);
      const values = read(table);
      const constants = read(wiring.constants);
      const [factors, linearFactors] = [read(wiring.productCoefficients), read(wiring.linearCoefficients)];
      const productPattern = readPattern(wiring.products, factors.length, slots);
      const linearPattern = readPattern(wiring.linear, linearFactors.length, slots);
      const rights = readIndices(wiring.right, slots);
      const results: FieldElement[] = [];
      for (let copy = 0; copy < values.length; copy += slots) {
        const row = values.slice(copy, copy + slots);
        const weighted = factors.map((coefficient, e) => multiply(coefficient, row[rights[e]!]!));
        const products = multiplySparse(productPattern, weighted, row);
        const linear = multiplySparse(linearPattern, linearFactors, row);
        for (let z = 0; z < wiring.outputs; z++) results.push(reduce(constants[z]! + products[z]! + linear[z]!));
      }
      return own(results);
    },

    fold(table, half, r) {
      requireElement(r);
      requireHalf(table.length, half);
      const { array, start } = alive(table);
      const values = read(table, 2 * half);
      const length = Math.min(table.length, half);
      for (let i = 0; i < length; i++) {
        array[start + i] = reduce(values[i]! + r * (values[i + half]! - values[i]!));
      }
      return view(table, 0, length);
    },
    foldSmall: (table, half, r) => kernels.fold(kernels.expand(table), half, r),
    productRound(f, g, half) {
      requireHalf(f.length, half);
      requireHalf(g.length, half);
      const left = read(f, 2 * half);
      const right = read(g, 2 * half);
      let atZero = 0n;
      let atInfinity = 0n;
      for (let i = 0; i < half; i++) {
        atZero += left[i]! * right[i]!;
        atInfinity += (left[i + half]! - left[i]!) * (right[i + half]! - right[i]!);
      }
      return { atZero: reduce(atZero), atInfinity: reduce(atInfinity) };
    },
    layerRound(table, slots, half, equality, linear, pattern, weights) {
      requireCount(half, 1);
      requireSlots(table.length, slots);
      requireHalf(table.length, half * slots);
      requireThat(linear.length === slots, `${linear.length} linear weights for ${slots} slots`);
      requireThat(
        pattern.starts.length === slots + 1,
        `a pattern of ${pattern.starts.length - 1} rows for ${slots} slots`,
      );
      const values = combine(table);
      while (values.length < 2 * half * slots) values.push(ZERO);
      const eq = read(equality, half);
      const linearWeights = read(linear);
      const factors = read(weights);
      const entries = readPattern(pattern, factors.length, slots);
      let atZero = 0n;
      let atInfinity = 0n;
      for (let c = 0; c < half; c++) {
        const low = values.slice(c * slots, (c + 1) * slots);
        const high = values.slice((c + half) * slots, (c + half + 1) * slots);
        const step = high.map((value, x) => reduce(value - low[x]!));
        const sums = multiplySparse(entries, factors, low);
        const stepSums = multiplySparse(entries, factors, step);
        for (let x = 0; x < slots; x++) {
          atZero += eq[c]! * multiply(low[x]!, reduce(linearWeights[x]! + sums[x]!));
          atInfinity += eq[c]! * multiply(step[x]!, stepSums[x]!);
        }
      }
      return { atZero: reduce(atZero), atInfinity: reduce(atInfinity) };
    },
  };

  return { ...kernels, ...createReferencePoints(read, scopes) };
}

interface ReferencePattern {
  readonly starts: readonly number[];
  readonly columns: readonly number[];
}

function multiplySparse(
  { starts, columns }: ReferencePattern,
  coefficients: readonly FieldElement[],
  vector: readonly FieldElement[],
): FieldElement[] {
  return Array.from({ length: starts.length - 1 }, (_, row) => {
    let sum = 0n;
    for (let e = starts[row]!; e < starts[row + 1]!; e++) sum += coefficients[e]! * vector[columns[e]!]!;
    return reduce(sum);
  });
}
