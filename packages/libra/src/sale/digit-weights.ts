import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import type { NetworkShape } from "@zkcmp/network/shape";
import { equalityVector, usedAt } from "../multilinear.ts";
import { variablesOf } from "../table.ts";
import type { DenseShape } from "../verifier/dense-relation.ts";
import type { SaleSystem, WordsLayout } from "./sale-system.ts";

const ZERO = reduce(0n);
const ONE = reduce(1n);

/** Where the claims about one layer's weights and biases stand: W~(rowPoint, columnPoint) and b~(rowPoint). */
export interface ParameterPoints {
  readonly rowPoint: readonly FieldElement[];
  readonly columnPoint: readonly FieldElement[];
  /** By which the two claims enter the sum of all. */
  readonly weightsFactor: FieldElement;
  readonly biasesFactor: FieldElement;
}

/** The matrix of digits, words x places: the columns are sums over a digit's bits. */
export function digitMatrix({ words, digitBits, digitsPerWord, slots }: WordsLayout): DenseShape {
  return {
    copies: words,
    columns: 2 ** variablesOf(digitsPerWord),
    slotWeights: (point) => {
      const values = new Array<FieldElement>(slots).fill(reduce(0n));
      equalityVector(point)
        .slice(0, digitsPerWord)
        .forEach((weight, digit) => {
          for (let bit = 0; bit < digitBits; bit++) values[digit * digitBits + bit] = reduce(weight << BigInt(bit));
        });
      return { kind: "vector", values };
    },
  };
}

/** Digits that are weighed at a time: what is needed beside the result stays small. */
const BLOCK = 2 ** 14;

/**
 * Weights of all digits, as {@link digitMatrix} has them, for which the weighted sum of the digits minus {@link digitOffset} is the
 * sum of all claims about parameters. A parameter's weight is a product of one number of its row and one of its column; biases
 * are rows with one column.
 * @param points by layer
 */
export function digitWeights(
  kernels: Kernels,
  { shape, words }: SaleSystem,
  points: readonly ParameterPoints[],
): FieldVector {
  const { columns } = digitMatrix(words);
  const size = words.words * columns;
  const weights = kernels.zeros(size);
  const { rowWeights, columnWeights, firsts } = parameterFactors(shape, points);
  kernels.scope(() => {
    const ofRows = kernels.fromField(rowWeights);
    const ofColumns = kernels.fromField(columnWeights);
    const ones = kernels.expand(kernels.fromSmall(new Uint8Array(Math.min(size, BLOCK)).fill(1)));
    const rowOf = new Uint32Array(ones.length);
    const columnOf = new Uint32Array(ones.length);
    let [start, filled] = [0, 0];
    const flush = (): void => {
      kernels.scope(() => {
        const block = kernels.view(ones, 0, filled);
        const rows = kernels.gatherMultiply(block, ofRows, kernels.fromIndices(rowOf.subarray(0, filled)));
        const own = kernels.gatherMultiply(rows, ofColumns, kernels.fromIndices(columnOf.subarray(0, filled)));
        kernels.addScaled(kernels.view(weights, start, filled), ONE, own);
      });
      start += filled;
      filled = 0;
    };
    let place = 0;
    const add = (row: number, column: number): void => {
      rowOf[filled] = row;
      columnOf[filled] = column;
      filled++;
      place = (place + 1) % columns;
      if (filled === rowOf.length) flush();
    };
    const addParameter = (row: number, column: number): void => {
      add(row, column);
      // Places without a parameter take row 0 and column 0, whose product is zero.
      if (place === words.digitsPerWord) while (place !== 0) add(0, 0);
    };
    shape.layers.forEach(({ inputs, outputs }, layer) => {
      const { row: firstRow, column: firstColumn } = firsts[layer]!;
      for (let row = 0; row < outputs; row++) {
        for (let column = 0; column < inputs; column++) addParameter(firstRow + row, firstColumn + column);
      }
      for (let row = 0; row < outputs; row++) addParameter(firstRow + outputs + row, 1);
    });
    if (filled > 0) flush();
  });
  return weights;
}

/** The factors of all parameters' weights. By layer: its rows, its biases' rows, its columns from where `firsts` says. */
function parameterFactors({ layers }: NetworkShape, points: readonly ParameterPoints[]) {
  const rowWeights = [ZERO];
  const columnWeights = [ZERO, ONE];
  const firsts = layers.map(({ inputs, outputs }, layer) => {
    const { rowPoint, columnPoint, weightsFactor, biasesFactor } = points[layer]!;
    const first = { row: rowWeights.length, column: columnWeights.length };
    const ofRows = equalityVector(rowPoint).slice(0, outputs);
    for (const factor of [weightsFactor, biasesFactor]) {
      for (const weight of ofRows) rowWeights.push(multiply(weight, factor));
    }
    for (const weight of equalityVector(columnPoint).slice(0, inputs)) columnWeights.push(weight);
    return first;
  });
  return { rowWeights, columnWeights, firsts };
}

/** 2^(digitBits - 1), by which a digit exceeds its parameter, times the sum of all weights. */
export function digitOffset({ shape }: SaleSystem, points: readonly ParameterPoints[]): FieldElement {
  let sum = 0n;
  shape.layers.forEach(({ inputs, outputs }, layer) => {
    const { rowPoint, columnPoint, weightsFactor, biasesFactor } = points[layer]!;
    sum += usedAt(outputs, rowPoint) * (weightsFactor * usedAt(inputs, columnPoint) + biasesFactor);
  });
  return reduce(sum << BigInt(shape.weightBits - 1));
}
