/*
 * smallDot.<type>(from, to, small, row, step, weights, count, out): sums of small integers times field elements,
 *   out[i] = sum over k < count of small[i row + k step] weights[k], row and step in bytes
 * Nine multiplications a product, and carries once in many products.
 */
import { type Element, constantElement } from "../element-emitter.ts";
import type { FieldEmitter } from "../field-emitter.ts";
import { LIMBS, LIMB_BITS, MONTGOMERY_BITS } from "../limbs.ts";
import { type I32, I64 } from "../wasm/expression.ts";
import type { FunctionEmitter, Sum64, Variable64 } from "../wasm/function.ts";
import { exactly, product, signed, sum, unsigned } from "../wasm/interval.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { Cursor, forEach } from "./cursor.ts";
import { SMALL_TYPES, type SmallType, bytesOf } from "./small-type.ts";

/** Logarithm of the number of products that columns of 63 bits hold without carries. */
const BLOCK_BITS: Readonly<Record<SmallType, number>> = { u8: 25, s8: 25, u16: 17, s16: 17, s32: 2 };

/** Reduction rows after which the largest sum, 2^32 products of 2^31 and a stored element, is small enough for nine limbs. */
const ROWS = 3;

export function emitSmallDot(module: ModuleEmitter, field: FieldEmitter): void {
  for (const type of SMALL_TYPES) {
    module.export(`smallDot.${type}`, 8, (f, from, to, small, row, step, weights, count, out) => {
      const rows = [new Cursor(f, small, from, row), new Cursor(f, out, from)];
      const total = new SmallSum(f, type, field.load(f, weights));
      forEach(f, from, to, rows, () => {
        const [value, weight] = [new Cursor(f, rows[0]!.at, 0, step), new Cursor(f, weights, 0)];
        total.run(
          count,
          () => [f.load(type, value.at), field.load(f, weight.at).limbs],
          () => {
            value.advance();
            weight.advance();
          },
        );
        field.store(f, rows[1]!.at, total.total(field));
      });
    });
  }
}

class SmallSum {
  readonly #f: FunctionEmitter;
  readonly #blockBits: number;
  /** The sums of the block that is running. */
  readonly #block: readonly Sum64[];
  /** The sum of the finished blocks: nine limbs, and what lies above them. */
  readonly #limbs: readonly Variable64[];
  readonly #high: Sum64;

  constructor(f: FunctionEmitter, type: SmallType, weight: Element) {
    this.#f = f;
    this.#blockBits = BLOCK_BITS[type];
    const bits = 8 * bytesOf(type);
    const most = 1n << BigInt(this.#blockBits);
    const value = type.startsWith("u") ? unsigned(bits) : signed(bits);
    this.#block = weight.limbs.map(({ range }) => f.sum(product(value, range), most));
    this.#limbs = weight.limbs.map(() => f.bounded(unsigned(LIMB_BITS)));
    const size = 1n << BigInt(bits + this.#blockBits - 2);
    this.#high = f.sum({ min: -size, max: size }, (1n << 32n) / most);
  }

  /** The sum of `count` products, instead of the one before. */
  run(count: I32, next: () => readonly [I64, readonly I64[]], advance: () => void): void {
    const f = this.#f;
    for (const limb of this.#limbs) limb.set(I64.constant(0n));
    this.#high.reset();
    const left = f.variable(count);
    const most = 1 << this.#blockBits;
    f.while(left.value, () => {
      const block = f.variable(most);
      f.if(left.value.isBelow(most), () => block.set(left.value));
      left.set(left.value.subtract(block.value));
      for (const total of this.#block) total.reset();
      f.repeat(block.value, () => {
        const [value, weight] = next();
        const factor = f.keep(value);
        this.#block.forEach((total, i) => total.add(factor.multiply(weight[i]!)));
        advance();
      });
      this.#carry();
    });
  }

  /** The sum as an element: three reduction rows divide by 2^87, a multiplication by 2^87 makes up for it. */
  total(field: FieldEmitter): Element {
    const f = this.#f;
    const high = f.keep(this.#high.value);
    const limbs = [...this.#limbs.map(({ value }) => value), f.keep(high.low(LIMB_BITS)), high.shiftRight(LIMB_BITS)];
    const range = sum(unsigned(MONTGOMERY_BITS), product(high.range, exactly(1n << BigInt(MONTGOMERY_BITS))));
    const terms = (column: number) => limbs.slice(column, column + 1);
    const divided = field.reduceColumns(f, { terms, range }, ROWS);
    const factor = (1n << BigInt(MONTGOMERY_BITS + ROWS * LIMB_BITS)) % field.prime;
    return field.multiply(f, divided, constantElement(factor));
  }

  #carry(): void {
    const f = this.#f;
    let carried = I64.constant(0n);
    for (let i = 0; i < LIMBS; i++) {
      const total = f.keep(this.#block[i]!.value.add(this.#limbs[i]!.value).add(carried));
      this.#limbs[i]!.set(total.low(LIMB_BITS));
      carried = total.shiftRight(LIMB_BITS);
    }
    this.#high.add(carried);
  }
}
