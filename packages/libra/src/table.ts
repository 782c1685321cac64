import type { FieldElement } from "@zkcmp/field/element";
import type { AffineForm } from "./affine-form.ts";

/** A committed table, row-major: entry (copy, slot) is V(copy, slot), zero in the copies beyond. Its shape is public. */
export interface TableShape {
  readonly name: string;
  /** At least 1; the table's multilinear extension has ceil(log2(copies)) variables for them. */
  readonly copies: number;
  /** A power of two. */
  readonly slots: number;
  /** Slots that hold any field element, rising. An honest prover's other slots hold 0 or 1; circuits have to check that. */
  readonly wide: readonly number[];
}

/** From this share of wide slots on, provers hold a table as field elements, else as bits. */
const WIDE_SHARE = 1 / 4;

/** Whether the prover holds a table as field elements. */
export function isHeldAsField({ slots, wide }: TableShape): boolean {
  return wide.length >= slots * WIDE_SHARE;
}

/** What the prover puts into a table. */
export interface TableValues {
  /** copies x slots of 0 and 1; 0 in wide slots. */
  readonly bits: Uint8Array;
  /** For each wide slot, in the order of the shape, its value in every copy. */
  readonly wide: readonly (readonly FieldElement[])[];
}

/** Weights of copies or of slots, publicly known. Index 0 comes first. */
export type Weights =
  | {
      readonly kind: "equality";
      /** eq(point, i), point[0] for the most significant bit. */ readonly point: readonly FieldElement[];
    }
  | { readonly kind: "vector"; /** Zero beyond its end. */ readonly values: readonly FieldElement[] };

/** sum over copies c and slots s of copyWeights[c] * slotWeights[s] * V(c, s) = value. */
export interface TableClaim<Value = AffineForm> {
  /** The table's place in the argument's list of tables. */
  readonly table: number;
  readonly copyWeights: Weights;
  readonly slotWeights: Weights;
  readonly value: Value;
}

/** Variables that stand for `count` indices: ceil(log2(count)). */
export function variablesOf(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}
