import { type FieldElement, reduce } from "@zkcmp/field/element";
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

/** Bits of a field element. */
const SCALAR_BITS = 254;

/**
 * Pedersen commitments to tables' rows of `columns` entries, C = sum V G_column + r H, each with its own uniform r: perfectly
 * hiding, binding for whoever knows no relation between the generators (Hyrax, eprint 2017/1132, section 6.1).
 *
 * Field elements are summed row by row. Bits of all rows, and the blindings as bits over the points 2^i H, go through
 * `commitBits`, which adds to all rows at once.
 */
export class RowCommitter {
  readonly #kernels: Kernels;
  readonly #random: RandomSource;
  readonly #columns: number;
  readonly #generators: PointVector;
  /** 2^i H */
  readonly #blindingPowers: PointVector;

  /** Lives as long as the kernels' present scope. */
  constructor(kernels: Kernels, random: RandomSource, columns: number) {
    this.#kernels = kernels;
    this.#random = random;
    this.#columns = columns;
    this.#generators = kernels.generators(COLUMN_LABEL, columns);
    this.#blindingPowers = kernels.fromPoints(kernels.scope(() => blindingPowers(kernels)));
  }

  commit(shape: TableShape, values: TableValues): RowCommitments {
    const kernels = this.#kernels;
    return kernels.scope(() => {
      const blindings = this.#random.elements(rowsOf(shape, this.#columns));
      const wide = wideEntries(shape, values, this.#columns).map((entries) => this.#sum(entries));
      const blinded = kernels.commitBits(this.#blindingPowers, bitsOf(blindings), kernels.fromPoints(wide));
      const rows = values.bits.includes(1) ? kernels.commitBits(this.#generators, values.bits, blinded) : blinded;
      return { rows: kernels.compress(rows), blindings };
    });
  }

  #sum(entries: readonly Entry[]): AffinePoint {
    const kernels = this.#kernels;
    return kernels.scope(() => {
      const indices = Uint32Array.from(entries, ({ column }) => column);
      const scalars = kernels.fromField(entries.map(({ value }) => value));
      return kernels.multiScalar(kernels.selectPoints(this.#generators, indices), scalars);
    });
  }
}

function blindingPowers(kernels: Kernels): AffinePoint[] {
  const two = kernels.fromField([reduce(2n)]);
  const powers = kernels.toPoints(kernels.generators(BLINDING_LABEL, 1));
  while (powers.length < SCALAR_BITS) powers.push(kernels.multiScalar(kernels.fromPoints([powers.at(-1)!]), two));
  return powers;
}

/** Least significant bit first, SCALAR_BITS for each element. */
function bitsOf(elements: readonly FieldElement[]): Uint8Array {
  const bits = new Uint8Array(SCALAR_BITS * elements.length);
  elements.forEach((element, i) => {
    const digits = element.toString(2);
    for (let bit = 0; bit < digits.length; bit++) {
      bits[SCALAR_BITS * i + bit] = digits.charCodeAt(digits.length - 1 - bit) & 1;
    }
  });
  return bits;
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
