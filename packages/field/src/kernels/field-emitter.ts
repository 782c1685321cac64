/*
 * How a field's arithmetic is written into WebAssembly. To write a kernel:
 *
 *   const module = new ModuleEmitter(shared);                       // wasm/module.ts
 *   const field = new FieldEmitter(module, prime, "scalar");
 *   module.export("multiply", 4, (f, from, to, left, right) => {    // a FunctionEmitter and its parameters, all i32
 *     const a = field.load(f, left);                                // nine loads, placed where their limbs are first used
 *     field.store(f, right, field.multiply(f, a, field.load(f, right)));
 *   });
 *
 * Numbers: an element x is a number congruent to x R, R = 2^261, in nine limbs of 29 bits: limbs 0 to 7 in [0, 2^29) when
 * carried, limb 8 signed. Additions and differences are made limb by limb without carries and without reduction. A
 * multiplication takes such lazy operands and gives a carried result.
 *
 * Multiplication: products are summed by columns (column c holds what counts 2^(29 c)); each reduction row clears the lowest
 * column. Eight of the nine rows add (column mod 2^29) times (2^-29 mod p) to the columns above, which needs one multiplication
 * less than Montgomery's and a shorter chain of dependencies; only the last row is Montgomery's own, since it adds
 * less (p at most instead of 2^29 p). Source: Montgomery, "Modular multiplication without trial division", Math. Comp. 44
 * (1985); the other rows are the identity t / 2^29 = floor(t / 2^29) + (t mod 2^29) / 2^29 with its second part modulo p.
 *
 * Bounds: every limb and column is an expression with an interval (wasm/expression.ts), every element has an interval of the
 * whole number, and writing a function in which a column could leave 64 bits fails. In memory an element always meets
 * STORED: limbs 0 to 7 in [0, 2^29), limb 8 in [-TOP, TOP), that is, below about 31.7 p in size. `load` relies on it and
 * `store` sees to it: where the intervals prove it, for free; elsewhere by a test of the top limb and a (rare) reduction.
 */
import {
  type Interval,
  contains,
  difference,
  exactly,
  intersection,
  product,
  shiftedRight,
  signed,
  sum,
  union,
  unsigned,
} from "./wasm/interval.ts";
import { type I32, I64 } from "./wasm/expression.ts";
import type { FunctionEmitter, FunctionReference } from "./wasm/function.ts";
import type { ModuleEmitter } from "./wasm/module.ts";
import { type Element, constantElement, rangeOfLimbs } from "./element-emitter.ts";
import { LIMBS, LIMB_BITS, MONTGOMERY_BITS, inverse, toLimbs } from "./limbs.ts";

const LIMB = unsigned(LIMB_BITS);
const TOP_SHIFT = LIMB_BITS * (LIMBS - 1);

/** The largest top limb in memory: twice as much would not survive a multiplication of two differences. */
export const TOP = 3n << 25n;
const STORED_TOP: Interval = { min: -TOP, max: TOP - 1n };

/** Bits of the quotient estimate's precision in {@link FieldEmitter.reduce}. */
const QUOTIENT_SHIFT = 52;

/** A number that is to be reduced: column c counts 2^(29 c). */
export interface Columns {
  /** The summands of a column, none beyond the last one. */
  readonly terms: (column: number) => readonly I64[];
  readonly range: Interval;
}

/** What {@link FieldEmitter.loadFixed} has ready for multiplying many elements by one. */
export interface FixedMultiplier {
  /** For each limb i of the other operand the limbs of r 2^(29 i + 58) modulo p. */
  readonly multiples: readonly (readonly I64[])[];
}

export class FieldEmitter {
  readonly prime: bigint;
  readonly zero = constantElement(0n);
  /** 1, that is R modulo p. */
  readonly one: Element;
  readonly #prime: readonly I64[];
  /** 2^-29 modulo p */
  readonly #shiftDown: Element;
  /** -1 / p modulo 2^29 */
  readonly #mu: I64;
  readonly #toMontgomery: Element;
  readonly #reduceStored: FunctionReference;

  /** @param name appears in names of functions */
  constructor(module: ModuleEmitter, prime: bigint, name: string) {
    this.prime = prime;
    const limbSize = 1n << BigInt(LIMB_BITS);
    this.#prime = toLimbs(prime).map((limb) => I64.constant(limb));
    this.#shiftDown = constantElement(inverse(limbSize, prime));
    let mu = 1n;
    for (let i = 0; i < 5; i++) mu = BigInt.asUintN(LIMB_BITS, mu * (2n + prime * mu));
    this.#mu = I64.constant(mu);
    this.one = this.constant(1n);
    this.#toMontgomery = constantElement((1n << BigInt(2 * MONTGOMERY_BITS)) % prime);
    this.#reduceStored = module.internal(`${name}.reduceStored`, 1, null, (f, address) => {
      const any = this.#loadLimbs(f, address, signed(32));
      this.store(f, address, this.reduce(f, any));
    });
  }

  /** The element of a value in [0, p). */
  constant(value: bigint): Element {
    return constantElement((value << BigInt(MONTGOMERY_BITS)) % this.prime);
  }

  /** An element from memory. Its limbs are loads where they are used: {@link keep} it to load now. */
  load(f: FunctionEmitter, address: I32, offset = 0): Element {
    return this.#loadLimbs(f, address, STORED_TOP, offset);
  }

  /**
   * Brings an element into memory in such a form that {@link load} may rely on STORED.
   * @throws {BoundsError} if its limbs are not carried
   */
  store(f: FunctionEmitter, address: I32, element: Element, offset = 0): void {
    const top = element.limbs[LIMBS - 1]!;
    const proven = contains(STORED_TOP, top.range);
    const range = proven ? STORED_TOP : signed(32);
    const last = proven ? top : f.keep(top);
    const rest = element.limbs.slice(0, -1);
    rest.forEach((limb, i) => f.store32(address, limb, offset + 4 * i, LIMB));
    f.store32(address, last, offset + 4 * (LIMBS - 1), range);
    if (proven) return;
    const place = last.wrap().add(Number(TOP));
    f.if(place.isBelow(Number(2n * TOP)).isZero(), () => f.call(this.#reduceStored, address.add(offset)));
  }

  /** Computes all limbs now. */
  keep(f: FunctionEmitter, a: Element): Element {
    return { limbs: a.limbs.map((limb) => f.keep(limb)), range: a.range };
  }

  add(a: Element, b: Element): Element {
    return { limbs: a.limbs.map((limb, i) => limb.add(b.limbs[i]!)), range: sum(a.range, b.range) };
  }

  subtract(a: Element, b: Element): Element {
    return { limbs: a.limbs.map((limb, i) => limb.subtract(b.limbs[i]!)), range: difference(a.range, b.range) };
  }

  negate(a: Element): Element {
    return this.subtract(this.zero, a);
  }

  double(f: FunctionEmitter, a: Element): Element {
    const kept = this.keep(f, a);
    return this.add(kept, kept);
  }

  /** a where the condition is not 0, else b. Both are computed. */
  select(f: FunctionEmitter, condition: I32, a: Element, b: Element): Element {
    const kept = f.keep(condition);
    const limbs = a.limbs.map((limb, i) => f.keep(limb.orElse(b.limbs[i]!, kept)));
    return { limbs, range: union(a.range, b.range) };
  }

  /** The same number with limbs 0 to 7 in [0, 2^29). */
  carry(f: FunctionEmitter, a: Element): Element {
    const limbs: I64[] = [];
    let carried = I64.constant(0n);
    for (const limb of a.limbs.slice(0, -1)) {
      const total = f.keep(limb.add(carried));
      limbs.push(f.keep(total.low(LIMB_BITS)));
      carried = total.shiftRight(LIMB_BITS);
    }
    return this.#carried(f, limbs, a.limbs[LIMBS - 1]!.add(carried), a.range);
  }

  /** a b / R. One more element may be added for nothing: a b / R + addend. Carried. */
  multiply(f: FunctionEmitter, a: Element, b: Element, addend?: Element): Element {
    const [left, right] = [this.keep(f, a), this.keep(f, b)];
    const terms = (column: number) => productTerms(left, right, column);
    return this.reduceColumns(f, { terms, range: product(a.range, b.range) }, LIMBS, addend);
  }

  /** a^2 / R + addend. Carried. */
  square(f: FunctionEmitter, a: Element, addend?: Element): Element {
    const single = this.keep(f, a).limbs;
    const twice = single.map((limb) => f.keep(limb.shiftLeft(1)));
    const terms = (column: number): I64[] => {
      const summands: I64[] = [];
      for (let i = Math.max(0, column - LIMBS + 1); 2 * i < column && i < LIMBS; i++) {
        summands.push(twice[i]!.multiply(single[column - i]!));
      }
      const middle = column % 2 === 0 ? single[column / 2] : undefined;
      return middle === undefined ? summands : [...summands, middle.multiply(middle)];
    };
    return this.reduceColumns(f, { terms, range: product(a.range, a.range) }, LIMBS, addend);
  }

  /** The table of a fixed multiplier, as `fixedMultiplier` in fixed-multiplier.ts wrote it to memory, into 81 locals. */
  loadFixed(f: FunctionEmitter, address: I32): FixedMultiplier {
    const load = (word: number) => f.keep(f.load("u32", address, 4 * word, LIMB));
    return {
      multiples: Array.from({ length: LIMBS }, (_, i) => Array.from({ length: LIMBS }, (_, j) => load(LIMBS * i + j))),
    };
  }

  /**
   * a r + addend for a fixed r: the sum of limb_i (r 2^(29 i + 58) mod p) has two columns to clear instead of nine, so 100
   * multiplications of limbs instead of 163.
   */
  multiplyFixed(f: FunctionEmitter, fixed: FixedMultiplier, a: Element, addend?: Element): Element {
    const { limbs } = this.keep(f, a);
    const below = { min: 0n, max: this.prime - 1n };
    const range = limbs.map((limb) => product(limb.range, below)).reduce(sum);
    const terms = (column: number) =>
      column < LIMBS ? limbs.map((limb, i) => limb.multiply(fixed.multiples[i]![column]!)) : [];
    return this.reduceColumns(f, { terms, range }, 2, addend);
  }

  /**
   * The columns' number / 2^(29 rows) + addend, modulo p, carried. The number must be less than 2^(29 (rows + 9)) in size.
   */
  reduceColumns(f: FunctionEmitter, { terms, range }: Columns, rows: number, addend = this.zero): Element {
    const factors: I64[] = [];
    const limbs: I64[] = [];
    let carried = I64.constant(0n);
    let value = range;
    for (let column = 0; column < rows + LIMBS; column++) {
      const added = column < rows ? [] : [addend.limbs[column - rows]!];
      // The carry comes last, so that the other additions need not wait for the column below.
      const summands = [...terms(column), ...this.#rowTerms(factors, rows, column), ...added, carried];
      const total = summands.reduce((partial, term) => partial.add(term));
      if (column === rows + LIMBS - 1) return this.#carried(f, limbs, total, sum(value, addend.range));

      const kept = f.keep(total);
      carried = kept.shiftRight(LIMB_BITS);
      const low = f.keep(kept.low(LIMB_BITS));
      if (column >= rows) {
        limbs.push(low);
      } else if (column < rows - 1) {
        factors.push(low);
        // (value - low) / 2^29 + low (2^-29 mod p)
        value = sum(shiftedRight(difference(value, LIMB), LIMB_BITS), product(LIMB, this.#shiftDown.range));
      } else {
        const factor = f.keep(low.multiply(this.#mu).low(LIMB_BITS));
        factors.push(factor);
        carried = kept.add(factor.multiply(this.#prime[0]!)).shiftRight(LIMB_BITS);
        // (value + factor p) / 2^29
        value = shiftedRight(sum(value, product(LIMB, exactly(this.prime))), LIMB_BITS);
      }
    }
    throw new RangeError("a reduction without columns");
  }

  /** The same element within a millionth of p of [0, p], carried. Any top limb of 32 bits may come. */
  reduce(f: FunctionEmitter, a: Element): Element {
    const { limbs } = this.carry(f, a);
    const top = limbs[LIMBS - 1]!;
    const precision = BigInt(QUOTIENT_SHIFT + TOP_SHIFT);
    const quotient = f.keep(top.multiply(I64.constant((1n << precision) / this.prime)).shiftRight(QUOTIENT_SHIFT));
    // quotient = floor(top (2^232 / p - d)) with 0 <= d < 2^-52, so top 2^232 - quotient p lies in [0, p) but for
    // |top| p 2^-52; to that come the lower limbs, less than 2^232.
    const size = top.range.max > -top.range.min ? top.range.max : -top.range.min;
    const slack = ((size * this.prime) >> BigInt(QUOTIENT_SHIFT)) + 1n;
    const proven = { min: -slack, max: this.prime + slack + (1n << BigInt(TOP_SHIFT)) };
    const rest = limbs.map((limb, i) => limb.subtract(quotient.multiply(this.#prime[i]!)));
    return this.carry(f, { limbs: rest, range: proven });
  }

  /** The one number of the element in [0, p), carried: elements are equal where these are. Still times R. */
  canonical(f: FunctionEmitter, a: Element): Element {
    const reduced = this.reduce(f, a);
    const modulus = constantElement(this.prime);
    const negative = reduced.limbs[LIMBS - 1]!.isNegative();
    const lifted = this.carry(f, this.add(reduced, this.select(f, negative, modulus, this.zero)));
    // The least is that of a number that was not negative, or of a negative one plus p.
    const positive = { limbs: lifted.limbs, range: { min: 0n, max: reduced.range.max } };
    const below = this.carry(f, this.subtract(positive, modulus));
    const chosen = this.select(f, below.limbs[LIMBS - 1]!.isNegative(), positive, below);
    return this.#carried(f, chosen.limbs.slice(0, -1), chosen.limbs[LIMBS - 1]!, { min: 0n, max: this.prime - 1n });
  }

  /** 1 if a canonical element is zero. */
  isZero(canonical: Element): I32 {
    return canonical.limbs.reduce((bits, limb) => bits.or(limb)).isZero();
  }

  /** x R of a number x in [0, 2^256) of eight 32-bit words in memory, the lowest first. */
  importWords(f: FunctionEmitter, address: I32): Element {
    const words = Array.from({ length: 8 }, (_, i) => f.keep(f.load("u32", address, 4 * i)));
    return this.multiply(f, fromWords(words), this.#toMontgomery);
  }

  /** The canonical x of x R as eight 32-bit words. */
  exportWords(f: FunctionEmitter, address: I32, a: Element): void {
    const { limbs } = this.canonical(f, this.multiply(f, a, constantElement(1n)));
    toWords(limbs).forEach((word, i) => f.store32(address, word, 4 * i, unsigned(32)));
  }

  #loadLimbs(f: FunctionEmitter, address: I32, top: Interval, offset = 0): Element {
    const limbs = Array.from({ length: LIMBS }, (_, i) =>
      f.load("s32", address, offset + 4 * i, i === LIMBS - 1 ? top : LIMB),
    );
    return { limbs, range: rangeOfLimbs(limbs) };
  }

  /** What the rows that are done add to a column. */
  #rowTerms(factors: readonly I64[], rows: number, column: number): I64[] {
    return factors.flatMap((factor, row) => {
      const multiplier = row < rows - 1 ? this.#shiftDown.limbs[column - row - 1] : this.#prime[column - row];
      return multiplier === undefined ? [] : [factor.multiply(multiplier)];
    });
  }

  /** Of carried limbs the top one is floor(number / 2^232), so the number's interval bounds it. */
  #carried(f: FunctionEmitter, lower: readonly I64[], top: I64, range: Interval): Element {
    const limbs = [...lower, f.keep(top).known(shiftedRight(range, TOP_SHIFT))];
    return { limbs, range: intersection(range, rangeOfLimbs(limbs)) };
  }
}

/** The summands of one column of a schoolbook multiplication. */
export function productTerms(left: Element, right: Element, column: number): I64[] {
  return left.limbs.flatMap((limb, i) => {
    const other = right.limbs[column - i];
    return other === undefined ? [] : [limb.multiply(other)];
  });
}

function fromWords(words: readonly I64[]): Element {
  const limbs = Array.from({ length: LIMBS }, (_, i) => {
    const bit = LIMB_BITS * i;
    const first = Math.floor(bit / 32);
    const next = words[first + 1];
    const low = words[first]!.shiftRight(bit % 32);
    const whole = next === undefined || (bit % 32) + LIMB_BITS <= 32;
    return (whole ? low : low.or(next.shiftLeft(32 - (bit % 32)))).low(LIMB_BITS);
  });
  return { limbs, range: { min: 0n, max: (1n << 256n) - 1n } };
}

function toWords(limbs: readonly I64[]): I64[] {
  return Array.from({ length: 8 }, (_, k) => {
    const bit = 32 * k;
    const first = Math.floor(bit / LIMB_BITS);
    let word = limbs[first]!.shiftRight(bit % LIMB_BITS);
    for (let i = first + 1; i < LIMBS && LIMB_BITS * i < bit + 32; i++) {
      word = word.or(limbs[i]!.shiftLeft(LIMB_BITS * i - bit));
    }
    return word.low(32);
  });
}
