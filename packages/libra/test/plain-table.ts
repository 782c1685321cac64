import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { TableClaim, TableShape, TableValues, Weights } from "../src/table.ts";
import { bitsOf, naiveEquality } from "./naive-sumcheck.ts";
import { elements } from "./random.ts";

/** Values of a shape that follow from a seed: bits and, in wide slots, field elements. */
export function randomValues(seed: string, { copies, slots, wide }: TableShape): TableValues {
  const drawn = elements(`${seed} bits`, copies * slots);
  return {
    bits: Uint8Array.from(drawn, (value, index) => (wide.includes(index % slots) ? 0 : Number(value & 1n))),
    wide: wide.map((slot) => elements(`${seed} slot ${slot}`, copies)),
  };
}

/** The table's entries by copy * slots + slot. */
export function flatTable({ copies, slots, wide }: TableShape, values: TableValues): FieldElement[] {
  return Array.from({ length: copies * slots }, (_, index) => {
    const place = wide.indexOf(index % slots);
    return place < 0 ? reduce(BigInt(values.bits[index]!)) : values.wide[place]![Math.floor(index / slots)]!;
  });
}

/** A weight by its definition. */
export function weightOf(weights: Weights, index: number): FieldElement {
  return weights.kind === "vector"
    ? (weights.values[index] ?? reduce(0n))
    : naiveEquality(weights.point, bitsOf(index, weights.point.length));
}

/** The sum that a claim is about. */
export function claimedSum(
  table: readonly FieldElement[],
  slots: number,
  { copyWeights, slotWeights }: Pick<TableClaim<unknown>, "copyWeights" | "slotWeights">,
): FieldElement {
  return reduce(
    table.reduce((sum, value, index) => {
      const weight = multiply(weightOf(copyWeights, Math.floor(index / slots)), weightOf(slotWeights, index % slots));
      return sum + weight * value;
    }, 0n),
  );
}
