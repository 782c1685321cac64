/*
 * The first round over a table of bytes, before anything is bound: sums of products of two bytes and a weight, nine
 * multiplications each, and tables in place of multiplications by the challenge.
 *   byteLayerRound(from, to, low, high, highStep, slots, equality, linear, starts, columns, weights, out)
 *     as layerRound, for copies of `slots` bytes
 *   byteFold(from, to, low, high, highStep, lowTable, highTable, out)
 *     out[i] = lowTable[low[i]] + highTable[high[i]]; high moves on by highStep bytes, 0 for one zero
 */
import { type Element, constantElement, rangeOfLimbs } from "../element-emitter.ts";
import type { FieldEmitter } from "../field-emitter.ts";
import { ELEMENT_BYTES, LIMB_BITS, MONTGOMERY_BITS } from "../limbs.ts";
import { ProductSum } from "../product-sum.ts";
import type { I64 } from "../wasm/expression.ts";
import type { FunctionEmitter, Sum64 } from "../wasm/function.ts";
import { type Interval, product } from "../wasm/interval.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { Cursor, forEach } from "./cursor.ts";
import { INDEX_BYTES } from "./sparse.ts";

/** Slots and gates of one copy, together, that a column of 63 bits takes without carries. */
export const MOST_BYTE_PRODUCTS = 2 ** 17;

/** Reduction rows after which the largest sum is small enough for nine limbs. */
const ROWS = 2;

/** Products of two bytes, or of two differences of bytes. */
const BYTE_PRODUCT: Interval = { min: -(255n * 255n), max: 255n * 255n };

export function emitByteLayer(module: ModuleEmitter, field: FieldEmitter): void {
  module.export("byteLayerRound", 12, (f, from, to, low, high, highStep, slots, ...values) => {
    const [equality, linear, starts, columns, weights, out] = values;
    const rows = [new Cursor(f, low, from, slots), new Cursor(f, high, from, highStep), new Cursor(f, equality!, from)];
    const [lowRow, highRow, factor] = rows;
    const weight = field.load(f, linear!);
    const [gate, gateStep] = [new ByteProductSum(f, weight), new ByteProductSum(f, weight)];
    const [atZero, atInfinity] = [new ProductSum(field, f), new ProductSum(field, f)];
    forEach(f, from, to, rows, () => {
      gate.reset();
      gateStep.reset();
      const slot = [new Cursor(f, lowRow!.at, 0, 1), new Cursor(f, highRow!.at, 0, 1)];
      const start = new Cursor(f, starts!, 0, INDEX_BYTES);
      const linearWeight = new Cursor(f, linear!, 0);
      const first = f.keep(f.loadIndex(start.at));
      const [column, entryWeight] = [new Cursor(f, columns!, first, INDEX_BYTES), new Cursor(f, weights!, first)];
      const cursors = [...slot, start, linearWeight];
      f.repeat(slots, () => {
        const value = f.keep(f.load("u8", slot[0]!.at));
        const difference = f.keep(f.load("u8", slot[1]!.at).subtract(value));
        gate.add(value, field.load(f, linearWeight.at));
        const count = f.loadIndex(start.at, INDEX_BYTES).subtract(f.loadIndex(start.at));
        f.repeat(count, () => {
          const place = f.keep(f.loadIndex(column.at));
          const other = f.keep(f.load("u8", f.keep(lowRow!.at.add(place))));
          const otherDifference = f.load("u8", f.keep(highRow!.at.add(place))).subtract(other);
          const kept = field.keep(f, field.load(f, entryWeight.at));
          gate.add(f.keep(value.multiply(other)), kept);
          gateStep.add(f.keep(difference.multiply(otherDifference)), kept);
          column.advance();
          entryWeight.advance();
        });
        for (const cursor of cursors) cursor.advance();
      });
      const equal = field.keep(f, field.load(f, factor!.at));
      atZero.add([equal, gate.total(field)]);
      atInfinity.add([equal, gateStep.total(field)]);
    });
    // Makes up for the reduction rows of the sums over bytes.
    const shift = constantElement((1n << BigInt(MONTGOMERY_BITS + ROWS * LIMB_BITS)) % field.prime);
    field.store(f, out!, field.multiply(f, atZero.total(), shift));
    field.store(f, out!, field.multiply(f, atInfinity.total(), shift), ELEMENT_BYTES);
  });

  module.export("byteFold", 8, (f, from, to, lowBase, highBase, highStep, lowTable, highTable, out) => {
    const [low, high] = [new Cursor(f, lowBase!, from, 1), new Cursor(f, highBase!, from, highStep!)];
    const target = new Cursor(f, out!, from);
    forEach(f, from, to, [low, high, target], () => {
      const entry = (table: Cursor, base: typeof lowTable) =>
        field.load(f, f.keep(base!.add(f.load("u8", table.at).wrap().multiply(ELEMENT_BYTES))));
      field.store(f, target.at, field.carry(f, field.add(entry(low, lowTable), entry(high, highTable))));
    });
  });
}

/** A sum of products of two bytes and an element, without carries. */
class ByteProductSum {
  readonly #f: FunctionEmitter;
  readonly #limbs: readonly Sum64[];

  constructor(f: FunctionEmitter, weight: Element) {
    this.#f = f;
    this.#limbs = weight.limbs.map(({ range }) => f.sum(product(BYTE_PRODUCT, range), BigInt(MOST_BYTE_PRODUCTS)));
  }

  reset(): void {
    for (const limb of this.#limbs) limb.reset();
  }

  add(bytes: I64, { limbs }: Element): void {
    this.#limbs.forEach((total, i) => {
      total.add(bytes.multiply(limbs[i]!));
    });
  }

  /** The sum / 2^(29 ROWS). */
  total(field: FieldEmitter): Element {
    const limbs = this.#limbs.map(({ value }) => value);
    const terms = (column: number) => limbs.slice(column, column + 1);
    return field.reduceColumns(this.#f, { terms, range: rangeOfLimbs(limbs) }, ROWS);
  }
}
