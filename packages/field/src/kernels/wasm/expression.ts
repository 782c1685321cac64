import { type Code, OP, signedNumber } from "./encoding.ts";
import {
  type Interval,
  contains,
  difference,
  exactly,
  intersection,
  product,
  requireInside,
  shiftedRight,
  signed,
  sum,
  union,
  unsigned,
} from "./interval.ts";

const I64_RANGE = signed(64);

/**
 * An i64 on WebAssembly's stack, with an interval that certainly holds its value. Additions, subtractions and multiplications that
 * could leave 64 bits are refused, so what has been written never wraps around.
 */
export class I64 {
  readonly code: Code;
  readonly range: Interval;
  /** Reading it again costs nothing and gives the same value: a local or a constant. */
  readonly repeatable: boolean;

  /** @throws {BoundsError} if the range is not inside 64 signed bits */
  constructor(code: Code, range: Interval, repeatable = false) {
    requireInside("an i64", range, I64_RANGE);
    this.code = code;
    this.range = range;
    this.repeatable = repeatable;
  }

  static constant(value: bigint): I64 {
    return new I64([OP.i64Const, signedNumber(value)], exactly(value), true);
  }

  add(other: I64): I64 {
    return new I64([this.code, other.code, OP.i64Add], sum(this.range, other.range));
  }

  subtract(other: I64): I64 {
    return new I64([this.code, other.code, OP.i64Sub], difference(this.range, other.range));
  }

  multiply(other: I64): I64 {
    return new I64([this.code, other.code, OP.i64Mul], product(this.range, other.range));
  }

  /** Division by 2^bits, rounding towards minus infinity. */
  shiftRight(bits: number): I64 {
    return new I64([this.code, shiftCode(bits), OP.i64ShrS], shiftedRight(this.range, bits));
  }

  /** Multiplication by 2^bits. */
  shiftLeft(bits: number): I64 {
    const range = product(this.range, exactly(1n << BigInt(bits)));
    return new I64([this.code, shiftCode(bits), OP.i64Shl], range);
  }

  /** The remainder modulo 2^bits, in [0, 2^bits) also for a negative value. */
  low(bits: number): I64 {
    if (contains(unsigned(bits), this.range)) return this;
    return new I64([this.code, I64.constant((1n << BigInt(bits)) - 1n).code, OP.i64And], unsigned(bits));
  }

  /** Bitwise or of values that are not negative. */
  or(other: I64): I64 {
    const most = union(this.range, other.range);
    requireInside("an operand of or", most, unsigned(63));
    return new I64([this.code, other.code, OP.i64Or], unsigned(most.max.toString(2).length));
  }

  /** This value where the condition is not 0, the other one elsewhere. */
  orElse(other: I64, condition: I32): I64 {
    return new I64([this.code, other.code, condition.code, OP.select], union(this.range, other.range));
  }

  isZero(): I32 {
    return new I32([this.code, OP.i64Eqz]);
  }

  isNegative(): I32 {
    return new I32([this.code, I64.constant(0n).code, OP.i64LtS]);
  }

  /** The lowest 32 bits. */
  wrap(): I32 {
    return new I32([this.code, OP.i32WrapI64]);
  }

  /**
   * The same value with a narrower range, for facts that intervals of single limbs don't show. The caller states the
   * proof in a comment.
   */
  known(range: Interval): I64 {
    return new I64(this.code, intersection(this.range, range), this.repeatable);
  }
}

/** @throws {BoundsError} for what WebAssembly would take modulo 64 */
function shiftCode(bits: number): Code {
  requireInside("a shift", exactly(BigInt(bits)), { min: 0n, max: 63n });
  return I64.constant(BigInt(bits)).code;
}

/** An i32: an address, a count or a truth value. Addresses are unsigned and wrap around; their ranges are not followed. */
export class I32 {
  readonly code: Code;
  readonly repeatable: boolean;

  constructor(code: Code, repeatable = false) {
    this.code = code;
    this.repeatable = repeatable;
  }

  static constant(value: number): I32 {
    return new I32([OP.i32Const, signedNumber(BigInt(value | 0))], true);
  }

  /** An immutable i32 of the module's imports. */
  static global(index: number): I32 {
    return new I32([OP.globalGet, index], true);
  }

  add(other: I32 | number): I32 {
    return this.#with(other, OP.i32Add);
  }
  subtract(other: I32 | number): I32 {
    return this.#with(other, OP.i32Sub);
  }
  multiply(other: I32 | number): I32 {
    return this.#with(other, OP.i32Mul);
  }
  and(other: I32 | number): I32 {
    return this.#with(other, OP.i32And);
  }
  or(other: I32 | number): I32 {
    return this.#with(other, OP.i32Or);
  }
  xor(other: I32 | number): I32 {
    return this.#with(other, OP.i32Xor);
  }
  shiftLeft(bits: I32 | number): I32 {
    return this.#with(bits, OP.i32Shl);
  }
  /** Unsigned. */
  shiftRight(bits: I32 | number): I32 {
    return this.#with(bits, OP.i32ShrU);
  }
  equals(other: I32 | number): I32 {
    return this.#with(other, OP.i32Eq);
  }
  differs(other: I32 | number): I32 {
    return this.#with(other, OP.i32Ne);
  }
  /** Unsigned. */
  isBelow(other: I32 | number): I32 {
    return this.#with(other, OP.i32LtU);
  }
  /** Unsigned. */
  isAbove(other: I32 | number): I32 {
    return this.#with(other, OP.i32GtU);
  }
  isZero(): I32 {
    return new I32([this.code, OP.i32Eqz]);
  }

  extendSigned(): I64 {
    return new I64([this.code, OP.i64ExtendI32S], signed(32));
  }
  extendUnsigned(): I64 {
    return new I64([this.code, OP.i64ExtendI32U], unsigned(32));
  }

  #with(other: I32 | number, opcode: number): I32 {
    const operand = typeof other === "number" ? I32.constant(other) : other;
    return new I32([this.code, operand.code, opcode]);
  }
}
