import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import { type LayeredCircuit, LayeredCircuitBuilder } from "../circuit/layered-circuit.ts";
import { equalityVector } from "../multilinear.ts";
import { variablesOf } from "../table.ts";
import type { DenseShape } from "../verifier/dense-relation.ts";
import { testBit } from "./bit-tests.ts";

/**
 * Whether a row counts, one row of the test set in every copy. With L the row's label and g_j = y_j + [j < L], a row with
 * ok = 1 needs y_L - g_j >= 0 for every class j: the bits of that margin are there. A row with ok = 0 has no bits set.
 */
export interface AccuracyScores {
  readonly kind: "accuracy";
  readonly classes: number;
  /** B + 1: margins lie below 2^(B + 1). */
  readonly marginBits: number;
  readonly slots: number;
  /** g_j in slots 0 to classes - 1, then y_L. */
  readonly wide: readonly number[];
  readonly topSlot: number;
  readonly okSlot: number;
  /** Every output is zero. */
  readonly circuit: LayeredCircuit;
}

/** The error e = y - target of a row, in slot 0, and its square, in slot 1. */
export interface SquaredErrorScores {
  readonly kind: "squared-error";
  readonly slots: number;
  readonly wide: readonly number[];
  readonly errorSlot: number;
  readonly squareSlot: number;
  /** Its output e^2 - square is zero. */
  readonly circuit: LayeredCircuit;
}

/** Slots of {@link AccuracyScores}: scores and their largest, ok, margins. */
export function accuracySlots(classes: number, magnitudeBits: number): number {
  return classes + 2 + classes * (magnitudeBits + 1);
}

/** @param magnitudeBits B of the last layer: |y_j| < 2^B */
export function accuracyScores(classes: number, magnitudeBits: number): AccuracyScores {
  const marginBits = magnitudeBits + 1;
  const slots = 2 ** variablesOf(accuracySlots(classes, magnitudeBits));
  const [topSlot, okSlot] = [classes, classes + 1];
  const builder = new LayeredCircuitBuilder("scores", slots);
  const layer = builder.layer(slots);
  let output = 0;
  for (let label = 0; label < classes; label++) {
    layer.product(output, okSlot, topSlot).product(output, okSlot, label, reduce(-1n));
    for (let bit = 0; bit < marginBits; bit++) {
      layer.linear(output, marginSlot({ okSlot, marginBits }, label, bit), reduce(-(1n << BigInt(bit))));
    }
    output++;
  }
  testBit(layer, output++, okSlot);
  for (let label = 0; label < classes; label++) {
    for (let bit = 0; bit < marginBits; bit++) {
      testBit(layer, output++, marginSlot({ okSlot, marginBits }, label, bit));
    }
  }
  const wide = Array.from({ length: classes + 1 }, (_, slot) => slot);
  return { kind: "accuracy", classes, marginBits, slots, wide, topSlot, okSlot, circuit: builder.build() };
}

/** Where a bit of a class's margin lies. */
export function marginSlot(
  { okSlot, marginBits }: Pick<AccuracyScores, "okSlot" | "marginBits">,
  label: number,
  bit: number,
): number {
  return okSlot + 1 + label * marginBits + bit;
}

export function squaredErrorScores(): SquaredErrorScores {
  const [errorSlot, squareSlot] = [0, 1];
  const builder = new LayeredCircuitBuilder("errors", 2);
  builder.layer(2).product(0, errorSlot, errorSlot).linear(0, squareSlot, reduce(-1n));
  return { kind: "squared-error", slots: 2, wide: [0, 1], errorSlot, squareSlot, circuit: builder.build() };
}

/** The matrix of the g_j, rows x classes. */
export function scoreMatrix({ classes }: AccuracyScores, rows: number): DenseShape {
  return {
    copies: rows,
    columns: 2 ** variablesOf(classes),
    slotWeights: (point) => ({ kind: "vector", values: equalityVector(point).slice(0, classes) }),
  };
}

/** eq(tau, c) [j = L_c] by row c and class j: weights of the g_j whose sum is y_L at tau. */
export function labelWeights(
  kernels: Kernels,
  { columns }: DenseShape,
  labels: Uint16Array,
  tau: readonly FieldElement[],
): FieldVector {
  const oneHot = new Uint8Array(labels.length * columns);
  labels.forEach((label, row) => (oneHot[row * columns + label] = 1));
  const rowOf = Uint32Array.from(oneHot, (_, place) => Math.floor(place / columns));
  return kernels.gatherMultiply(
    kernels.expand(kernels.fromSmall(oneHot)),
    kernels.equality(tau),
    kernels.fromIndices(rowOf),
  );
}
