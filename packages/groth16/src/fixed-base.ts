import { FIELD_BYTES } from "@zkcmp/field/element";
import { type GroupName, POINT_BYTES } from "./points.ts";
import type { WasmEngine } from "./wasm-engine.ts";

/** Scalars are below r < 2^254; one more bit holds the carry of the signed digits. */
const SCALAR_BITS = 255;

/** Scalars that go through the windows side by side and share the inversions; their sums fit the second-level cache. */
const BLOCK = 1024;

/**
 * Multiplies the generator by many scalars: a table of d * 2^(c w) * G for every window w of c bits and digit
 * d in [1, 2^(c-1)], and one affine addition per window with a signed digit. A block of scalars walks through the
 * windows together, so that one batched inversion (Montgomery's trick) serves a whole block.
 */
export class FixedBase {
  readonly #engine: WasmEngine;
  readonly #group: GroupName;
  readonly #bits: number;
  readonly #windows: number;
  readonly #table: number;
  readonly #sums: number;
  readonly #differences: number;
  readonly #temporary: number;

  /** @param expected how many scalars will come: with more of them a larger table pays */
  constructor(engine: WasmEngine, group: GroupName, expected: number) {
    this.#engine = engine;
    this.#group = group;
    this.#bits = windowBits(expected);
    this.#windows = Math.ceil(SCALAR_BITS / this.#bits);
    this.#table = this.#buildTable();
    this.#sums = engine.reserve(BLOCK * POINT_BYTES[group]);
    this.#differences = engine.reserve((BLOCK * POINT_BYTES[group]) / 2);
    this.#temporary = engine.reserve(4 * POINT_BYTES[group]);
  }

  /**
   * @param scalars 32 little-endian bytes each, below r
   * @returns scalar * G, affine in Montgomery form; all zero bytes for the scalar 0
   */
  multiply(scalars: Uint8Array): Uint8Array {
    const count = scalars.length / FIELD_BYTES;
    const size = POINT_BYTES[this.#group];
    const points = new Uint8Array(count * size);
    for (let from = 0; from < count; from += BLOCK) {
      const to = Math.min(from + BLOCK, count);
      this.#multiplyBlock(scalars.subarray(from * FIELD_BYTES, to * FIELD_BYTES));
      points.set(this.#engine.memory().subarray(this.#sums, this.#sums + (to - from) * size), from * size);
    }
    return points;
  }

  #multiplyBlock(scalars: Uint8Array): void {
    const count = scalars.length / FIELD_BYTES;
    const size = POINT_BYTES[this.#group];
    const half = size / 2;
    const field = this.#group === "G1" ? "f1m" : "f2m";
    const kernel = (name: string) => this.#engine.kernel(`${field}_${name}`);
    const [sub, neg, mul, square, copy, isZero, batchInverse] = [
      kernel("sub"),
      kernel("neg"),
      kernel("mul"),
      kernel("square"),
      kernel("copy"),
      kernel("isZero"),
      kernel("batchInverse"),
    ];
    const x3 = this.#temporary;
    const slope = x3 + half;
    const negated = x3 + size;

    const digits = signedDigits(scalars, this.#bits, this.#windows);
    const started = new Uint8Array(count);
    const indices = new Int32Array(count);
    const addends = new Int32Array(count);
    this.#engine.memory().fill(0, this.#sums, this.#sums + count * size);

    for (let window = 0; window < this.#windows; window++) {
      let pending = 0;
      for (let i = 0; i < count; i++) {
        const digit = digits[i * this.#windows + window] as number;
        if (digit === 0) continue;
        const addend = this.#entry(window, Math.abs(digit));
        const sum = this.#sums + i * size;
        if (started[i] === 0) {
          started[i] = 1;
          copy(addend, sum);
          if (digit < 0) neg(addend + half, sum + half);
          else copy(addend + half, sum + half);
          continue;
        }
        const difference = this.#differences + pending * half;
        sub(addend, sum, difference);
        if (isZero(difference) !== 0) {
          this.#addEqualAbscissas(sum, addend, digit < 0);
          started[i] = this.#isInfinity(sum) ? 0 : 1;
          continue;
        }
        indices[pending] = i;
        addends[pending] = digit < 0 ? -addend : addend;
        pending++;
      }
      batchInverse(this.#differences, half, pending, this.#differences, half);
      for (let k = 0; k < pending; k++) {
        const sum = this.#sums + (indices[k] as number) * size;
        let addend = addends[k] as number;
        if (addend < 0) {
          addend = -addend;
          neg(addend + half, negated);
          sub(negated, sum + half, slope);
        } else {
          sub(addend + half, sum + half, slope);
        }
        mul(slope, this.#differences + k * half, slope);
        square(slope, x3);
        sub(x3, sum, x3);
        sub(x3, addend, x3);
        sub(sum, x3, negated);
        mul(slope, negated, slope);
        sub(slope, sum + half, sum + half);
        copy(x3, sum);
      }
    }
  }

  /** The points are equal or opposite. Only a few scalars next to r lead here; the Jacobian formulas know what to do. */
  #addEqualAbscissas(sum: number, addend: number, negative: boolean): void {
    this.#kernel(negative ? "subAffine" : "addAffine")(sum, addend, this.#temporary);
    this.#kernel("batchToAffine")(this.#temporary, 1, sum);
  }

  #isInfinity(point: number): boolean {
    return this.#kernel("isZeroAffine")(point) !== 0;
  }

  #kernel(name: string): (...parameters: number[]) => number {
    return this.#engine.kernel(`${this.#group === "G1" ? "g1m" : "g2m"}_${name}`);
  }

  #entry(window: number, digit: number): number {
    return this.#table + (window * 2 ** (this.#bits - 1) + digit - 1) * POINT_BYTES[this.#group];
  }

  #buildTable(): number {
    const [toJacobian, addMixed, doubleAffine, batchToAffine] = [
      this.#kernel("toJacobian"),
      this.#kernel("addMixed"),
      this.#kernel("doubleAffine"),
      this.#kernel("batchToAffine"),
    ];
    const size = POINT_BYTES[this.#group];
    const jacobianSize = (size * 3) / 2;
    const row = 2 ** (this.#bits - 1);
    const table = this.#engine.reserve(this.#windows * row * size);
    const base = this.#engine.place(this.#engine.kernels.generators[this.#group]);
    const multiples = this.#engine.reserve(row * jacobianSize);
    for (let window = 0; window < this.#windows; window++) {
      toJacobian(base, multiples);
      for (let digit = 2; digit <= row; digit++) {
        const last = multiples + (digit - 2) * jacobianSize;
        addMixed(last, base, last + jacobianSize);
      }
      batchToAffine(multiples, row, table + window * row * size);
      doubleAffine(table + ((window + 1) * row - 1) * size, multiples);
      batchToAffine(multiples, 1, base);
    }
    return table;
  }
}

/** The window width with the fewest additions; an entry of the table costs about three of them. */
function windowBits(expected: number): number {
  const additions = (bits: number) => Math.ceil(SCALAR_BITS / bits) * (3 * 2 ** (bits - 1) + expected);
  let best = 4;
  for (let bits = best + 1; bits <= 16; bits++) if (additions(bits) < additions(best)) best = bits;
  return best;
}

/** Digits in [-2^(bits-1), 2^(bits-1)) (the lowest window first) of every scalar. */
function signedDigits(scalars: Uint8Array, bits: number, windows: number): Int32Array {
  const count = scalars.length / FIELD_BYTES;
  const digits = new Int32Array(count * windows);
  const view = new DataView(scalars.buffer, scalars.byteOffset, scalars.length);
  const words = new Uint32Array(FIELD_BYTES / 4 + 1);
  const half = 2 ** (bits - 1);
  for (let i = 0; i < count; i++) {
    for (let word = 0; word < FIELD_BYTES / 4; word++) words[word] = view.getUint32(i * FIELD_BYTES + 4 * word, true);
    let carry = 0;
    for (let window = 0; window < windows; window++) {
      const bit = window * bits;
      const word = bit >>> 5;
      const shift = bit & 31;
      let digit = (words[word] as number) >>> shift;
      if (shift + bits > 32) digit |= (words[word + 1] as number) << (32 - shift);
      digit = (digit & (2 ** bits - 1)) + carry;
      carry = digit >= half ? 1 : 0;
      digits[i * windows + window] = carry === 1 ? digit - 2 ** bits : digit;
    }
  }
  return digits;
}
