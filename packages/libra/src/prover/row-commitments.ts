import type { FieldElement } from "@zkcmp/field/element";
import type { AffinePoint, Kernels, PointVector } from "@zkcmp/field/kernels/kernels";
import { rowsOf } from "../argument.ts";
import { BLINDING_LABEL, COLUMN_LABEL } from "../generators.ts";
import type { TableShape, TableValues } from "../table.ts";
import type { RandomSource } from "./random-source.ts";

export interface RowCommitments {
  /** Compressed, 32 bytes a row. */
  readonly rows: Uint8Array;
  readonly blindings: readonly FieldElement[];
}

/**
 * Pedersen commitments to a table's rows of `columns` entries, C = sum V G_column + r H, each with its own uniform r: perfectly
 * hiding, binding for whoever knows no relation between the generators (Hyrax, eprint 2017/1132, section 6.1).
 */
export function commitTable(
  kernels: Kernels,
  random: RandomSource,
  columns: number,
  shape: TableShape,
  values: TableValues,
): RowCommitments {
  return kernels.scope(() => {
    const generators = kernels.generators(COLUMN_LABEL, columns);
    const points = kernels.concatPoints([generators, kernels.generators(BLINDING_LABEL, 1)]);
    const blindings = random.elements(rowsOf(shape, columns));
    const starts = wideEntries(shape, values, columns).map((entries, row) =>
      commitSparse(kernels, points, [...entries, { column: columns, value: blindings[row]! }]),
    );
    const start = kernels.fromPoints(starts);
    const allWide = shape.wide.length === shape.slots;
    const rows = allWide ? start : kernels.commitBits(generators, values.bits, start);
    return { rows: kernels.compress(rows), blindings };
  });
}

interface Entry {
  readonly column: number;
  readonly value: FieldElement;
}

/** The entries in wide slots, row by row. */
function wideEntries({ copies, slots, wide }: TableShape, values: TableValues, columns: number): Entry[][] {
  const rows = Array.from({ length: Math.ceil((copies * slots) / columns) }, (): Entry[] => []);
  wide.forEach((slot, i) => {
    values.wide[i]!.forEach((value, copy) => {
      const index = copy * slots + slot;
      rows[Math.floor(index / columns)]!.push({ column: index % columns, value });
    });
  });
  return rows;
}

function commitSparse(kernels: Kernels, points: PointVector, entries: readonly Entry[]): AffinePoint {
  return kernels.scope(() => {
    const indices = Uint32Array.from(entries, ({ column }) => column);
    const scalars = kernels.fromField(entries.map(({ value }) => value));
    return kernels.multiScalar(kernels.selectPoints(points, indices), scalars);
  });
}
