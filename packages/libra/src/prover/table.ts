import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels, SmallVector } from "@zkcmp/field/kernels/kernels";
import { isHeldAsField, type TableShape, type TableValues } from "../table.ts";

/**
 * A table in the kernels' memory: bits as small integers and each wide slot as a vector over the copies, since sums over bits cost
 * a fraction of sums over field elements. A table that is mostly wide is held as field elements instead.
 */
export interface ProverTable {
  readonly shape: TableShape;
  readonly values: TableValues;
  /** The table as field elements, copies x slots: a new vector in the present scope, which the caller may change. */
  field(): FieldVector;
  /** The table as a circuit's prover takes it: as bits if it has no wide slots, else as {@link field}. */
  input(): FieldVector | SmallVector;
  /**
   * By slot, the sum over copies c of weights[c] * V(c, slot).
   * @param weights at least one for each copy
   */
  combineCopies(weights: FieldVector): FieldVector;
  /**
   * By copy, the sum over slots s of weights[s] * V(copy, s).
   * @param weights one for each slot
   */
  combineSlots(weights: FieldVector): FieldVector;
  /**
   * By column, the sum over commitment rows of weights[row] * entry, the table's flat index being row * columns + column.
   * @param columns a power of two
   * @param weights at least one for each row with entries
   */
  combineCommitmentRows(columns: number, weights: FieldVector): FieldVector;
}

/**
 * Uploads a table. It lives as long as the present scope.
 * @throws {RangeError} if the values do not have the shape
 */
export function createProverTable(kernels: Kernels, shape: TableShape, values: TableValues): ProverTable {
  const { name, copies, slots, wide } = shape;
  if (values.bits.length !== copies * slots) {
    throw new RangeError(`table ${name}: ${values.bits.length} bits for ${copies} x ${slots}`);
  }
  if (values.wide.length !== wide.length || values.wide.some((column) => column.length !== copies)) {
    throw new RangeError(`table ${name}: its wide slots do not have ${copies} values each`);
  }
  return isHeldAsField(shape)
    ? fieldTable(kernels, shape, values)
    : bitTable(kernels, shape, values, kernels.fromSmall(values.bits));
}

function fieldTable(kernels: Kernels, shape: TableShape, values: TableValues): ProverTable {
  const matrix = expand(kernels, shape, values, kernels.fromSmall(values.bits));
  return {
    shape,
    values,
    field: () => kernels.copy(matrix),
    input: () => kernels.copy(matrix),
    combineCopies: (weights) => kernels.combineRows(matrix, shape.slots, weights),
    combineSlots: (weights) => kernels.combineColumns(matrix, shape.slots, weights),
    combineCommitmentRows: (columns, weights) => kernels.combineRows(matrix, columns, weights),
  };
}

function bitTable(kernels: Kernels, shape: TableShape, values: TableValues, bits: SmallVector): ProverTable {
  const { copies, slots } = shape;
  const wideVectors = values.wide.map((column) => kernels.fromField(column));
  return {
    shape,
    values,
    field: () => expand(kernels, shape, values, bits),
    input: () => (shape.wide.length === 0 ? bits : expand(kernels, shape, values, bits)),
    combineCopies(weights) {
      const sums = kernels.combineRows(bits, slots, weights);
      const ofCopies = kernels.view(weights, 0, copies);
      shape.wide.forEach((slot, i) => {
        kernels.write(sums, slot, 1, [kernels.innerProduct(wideVectors[i]!, ofCopies)]);
      });
      return sums;
    },
    combineSlots(weights) {
      const sums = kernels.combineColumns(bits, slots, weights);
      shape.wide.forEach((slot, i) => {
        kernels.addScaled(sums, kernels.element(weights, slot), wideVectors[i]!);
      });
      return sums;
    },
    combineCommitmentRows(columns, weights) {
      const sums = kernels.combineRows(bits, columns, weights);
      addWideEntries(kernels, sums, columns, weights, shape, values);
      return sums;
    },
  };
}

function expand(kernels: Kernels, shape: TableShape, values: TableValues, bits: SmallVector): FieldVector {
  const table = kernels.expand(bits);
  shape.wide.forEach((slot, i) => {
    kernels.write(table, slot, shape.slots, values.wide[i]!);
  });
  return table;
}

/** Wide entries of one slot lie `slots` apart, which in rows of `columns` is no regular pattern of the kernels; they are few. */
function addWideEntries(
  kernels: Kernels,
  sums: FieldVector,
  columns: number,
  weights: FieldVector,
  { slots, wide }: TableShape,
  values: TableValues,
): void {
  if (wide.length === 0) return;
  const weightOfRow = kernels.toField(weights);
  const additions = new Map<number, bigint>();
  wide.forEach((slot, i) => {
    values.wide[i]!.forEach((value, copy) => {
      const index = copy * slots + slot;
      const column = index % columns;
      const product = value * weightOfRow[Math.floor(index / columns)]!;
      additions.set(column, (additions.get(column) ?? 0n) + product);
    });
  });
  for (const [column, addition] of additions) {
    const sum: FieldElement = reduce(kernels.element(sums, column) + addition);
    kernels.write(sums, column, 1, [sum]);
  }
}
