/*
 * Affine points of y^2 = x^3 + 3 in WebAssembly. In memory a point is x and y in the field's stored form, one behind the other; the
 * neutral element is zeros in all limbs. No other point has an x of zero, whatever the representation: 3 is no square modulo q.
 */
import type { Element } from "../element-emitter.ts";
import { type FieldEmitter, TOP } from "../field-emitter.ts";
import { ELEMENT_BYTES, LIMB_BITS, LIMBS } from "../limbs.ts";
import { type I32, I64 } from "../wasm/expression.ts";
import type { FunctionEmitter } from "../wasm/function.ts";
import { exactly, product, requireInside, union } from "../wasm/interval.ts";

/** The point that a reference (segment-sum.ts) means. Its coordinates are loads where they are used: keep what is used twice. */
export interface AffineOperand {
  readonly address: I32;
  readonly x: Element;
  /** With the reference's sign. */
  readonly y: Element;
}

export class AffineEmitter {
  readonly field: FieldEmitter;
  /** How often the prime can go into the difference of two elements from memory. */
  readonly #multiples: number;
  /** 1 / q modulo 2^29 */
  readonly #primeInverse: number;

  constructor(field: FieldEmitter) {
    this.field = field;
    this.#multiples = Number(((2n * TOP) << BigInt(LIMB_BITS * (LIMBS - 1))) / field.prime) + 1;
    // Newton's iteration for an inverse modulo a power of two doubles its bits each time.
    let primeInverse = 1n;
    for (let i = 0; i < 5; i++) {
      primeInverse = BigInt.asUintN(LIMB_BITS, primeInverse * (2n - field.prime * primeInverse));
    }
    this.#primeInverse = Number(primeInverse);
  }

  operand(f: FunctionEmitter, reference: I32): AffineOperand {
    const address = f.keep(reference.and(-2));
    const isNegative = reference.and(1).extendUnsigned().known({ min: 0n, max: 1n });
    const sign = f.keep(I64.constant(1n).subtract(isNegative.shiftLeft(1)));
    const y = this.field.load(f, address, ELEMENT_BYTES);
    return {
      address,
      x: this.field.load(f, address),
      y: { limbs: y.limbs.map((limb) => limb.multiply(sign)), range: union(y.range, product(y.range, exactly(-1n))) },
    };
  }

  store(f: FunctionEmitter, address: I32, x: Element, y: Element): void {
    this.field.store(f, address, x);
    this.field.store(f, address, y, ELEMENT_BYTES);
  }

  /** 1 if the point at the address is the neutral element: if x has zeros in all limbs. */
  isNeutral(f: FunctionEmitter, address: I32): I32 {
    let bits = f.loadIndex(address);
    for (let i = 1; i < LIMBS; i++) bits = bits.or(f.loadIndex(address, 4 * i));
    return bits.isZero();
  }

  /**
   * 0 if the difference of two elements from memory (or carried ones of their size) is certainly not zero modulo q; with luck
   * of about 2^-22 it is 1 without being so. Zero would be k q for a small k, so its lowest 29 bits divided by q's would be k.
   * @throws {BoundsError} if k could be larger
   */
  mayBeZero(difference: Element): I32 {
    const most = BigInt(this.#multiples) * this.field.prime;
    requireInside("a difference of elements from memory", difference.range, { min: -most, max: most });
    const factor = difference.limbs[0]!.wrap().multiply(this.#primeInverse);
    return factor
      .add(this.#multiples)
      .and(2 ** LIMB_BITS - 1)
      .isAbove(2 * this.#multiples)
      .isZero();
  }

  /** 1 if the element is zero modulo q. */
  isZero(f: FunctionEmitter, a: Element): I32 {
    return this.field.isZero(this.field.canonical(f, a));
  }

  /** 0 if the point at the address is certainly not the neutral element. */
  mayBeNeutral(f: FunctionEmitter, address: I32): I32 {
    return f.loadIndex(address).isZero();
  }
}
