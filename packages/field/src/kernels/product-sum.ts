import type { Element } from "./element-emitter.ts";
import { type FieldEmitter, productTerms } from "./field-emitter.ts";
import { LIMBS, LIMB_BITS, toLimbs } from "./limbs.ts";
import { I64 } from "./wasm/expression.ts";
import type { FunctionEmitter, Sum64, Variable64 } from "./wasm/function.ts";
import { exactly, product, signed, sum, unsigned } from "./wasm/interval.ts";

/** Columns of a product of two elements. */
const COLUMNS = 2 * LIMBS - 1;

/** What a carry out of the highest column adds to the sum above: as much as fits 2^32 times. */
const CARRY = signed(31);
const MOST_STEPS = 1n << 32n;

/**
 * A sum of products that is reduced once, at its end: 17 columns of 29 bits and one that takes what is carried out of
 * them, in locals. Up to 2^32 additions, more than there are elements in memory.
 */
export class ProductSum {
  readonly #field: FieldEmitter;
  readonly #f: FunctionEmitter;
  readonly #columns: readonly Variable64[];
  readonly #high: Sum64;

  /** Starts at zero. */
  constructor(field: FieldEmitter, f: FunctionEmitter) {
    this.#field = field;
    this.#f = f;
    this.#columns = Array.from({ length: COLUMNS }, () => f.bounded(unsigned(LIMB_BITS)));
    this.#high = f.sum(CARRY, MOST_STEPS);
  }

  reset(): void {
    for (const column of this.#columns) column.set(I64.constant(0n));
    this.#high.reset();
  }

  /**
   * Adds the products, with one pass of carries for all of them.
   * @throws {BoundsError} if they are too many: four of elements as they lie in memory or of their differences fit
   */
  add(...factors: readonly (readonly [Element, Element])[]): void {
    const f = this.#f;
    const kept = factors.map(([a, b]) => [this.#field.keep(f, a), this.#field.keep(f, b)] as const);
    let carried = I64.constant(0n);
    this.#columns.forEach((column, c) => {
      // The carry comes last, as in FieldEmitter.reduceColumns.
      const summands = [...kept.flatMap(([left, right]) => productTerms(left, right, c)), column.value, carried];
      const total = f.keep(summands.reduce((partial, term) => partial.add(term)));
      column.set(total.low(LIMB_BITS));
      carried = total.shiftRight(LIMB_BITS);
    });
    this.#high.add(carried);
  }

  /** The sum / R + addend, carried. The sum itself stays. */
  total(addend?: Element): Element {
    const f = this.#f;
    const { prime } = this.#field;
    const high = f.keep(this.#high.value);
    // What lies above column 16 is replaced by something smaller that is congruent to it.
    const above = [f.keep(high.low(LIMB_BITS)), f.keep(high.shiftRight(LIMB_BITS))];
    const powers = above.map((_, i) => (1n << BigInt(LIMB_BITS * (COLUMNS + i))) % prime);
    const multiples = powers.map((power) => toLimbs(power).map((limb) => I64.constant(limb)));
    const terms = (column: number): I64[] => {
      const own = this.#columns[column];
      const added = column < LIMBS ? above.map((part, i) => part.multiply(multiples[i]![column]!)) : [];
      return own === undefined ? added : [own.value, ...added];
    };
    const range = above
      .map((part, i) => product(part.range, exactly(powers[i]!)))
      .reduce(sum, unsigned(LIMB_BITS * COLUMNS));
    return this.#field.reduceColumns(f, { terms, range }, LIMBS, addend);
  }
}
