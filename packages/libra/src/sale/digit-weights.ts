import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import { equalityVector, usedAt } from "../multilinear.ts";
import { variablesOf } from "../table.ts";
import type { DenseShape } from "../verifier/dense-relation.ts";
import type { SaleSystem, WordsLayout } from "./sale-system.ts";

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
  const rowOf = new Uint32Array(size);
  const columnOf = new Uint32Array(size);
  const zero = reduce(0n);
  // Places without a parameter take row 0 and column 0, whose product is zero.
  const rowWeights = [zero];
  const columnWeights = [zero, reduce(1n)];
  let parameter = 0;
  let place = 0;
  const add = (row: number, column: number): void => {
    rowOf[place] = row;
    columnOf[place] = column;
    parameter++;
    place += parameter % words.digitsPerWord === 0 ? 1 + columns - words.digitsPerWord : 1;
  };
  shape.layers.forEach(({ inputs, outputs }, layer) => {
    const { rowPoint, columnPoint, weightsFactor, biasesFactor } = points[layer]!;
    const firstRow = rowWeights.length;
    const firstColumn = columnWeights.length;
    const ofRows = equalityVector(rowPoint).slice(0, outputs);
    for (const factor of [weightsFactor, biasesFactor]) {
      for (const weight of ofRows) rowWeights.push(multiply(weight, factor));
    }
    for (const weight of equalityVector(columnPoint).slice(0, inputs)) columnWeights.push(weight);
    for (let row = 0; row < outputs; row++) {
      for (let column = 0; column < inputs; column++) add(firstRow + row, firstColumn + column);
    }
    for (let row = 0; row < outputs; row++) add(firstRow + outputs + row, 1);
  });
  const ones = kernels.expand(kernels.fromSmall(new Uint8Array(size).fill(1)));
  const ofRows = kernels.gatherMultiply(ones, kernels.fromField(rowWeights), kernels.fromIndices(rowOf));
  return kernels.gatherMultiply(ofRows, kernels.fromField(columnWeights), kernels.fromIndices(columnOf));
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
