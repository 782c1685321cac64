import type { FieldEmitter } from "../field-emitter.ts";
import { ELEMENT_BYTES } from "../limbs.ts";
import { I32 } from "../wasm/expression.ts";
import type { FunctionReference } from "../wasm/function.ts";
import type { ModuleEmitter } from "../wasm/module.ts";
import { ElementVariable } from "./element-variable.ts";

const WINDOW_BITS = 4;
const LARGEST_DIGIT = 2 ** WINDOW_BITS - 1;

/** Bytes that a power needs for its table: the base's powers 2, 3, 5, 7, ... 15. */
export const POWER_BYTES = 2 ** (WINDOW_BITS - 1) * ELEMENT_BYTES;

/** Writes powers with exponents that are known when the module is written. */
export class PowerEmitter {
  readonly #module: ModuleEmitter;
  readonly #squareTimes: FunctionReference;
  readonly #multiplyInto: FunctionReference;

  constructor(module: ModuleEmitter, field: FieldEmitter) {
    this.#module = module;
    this.#squareTimes = module.internal("squareTimes", 3, null, (f, target, source, times) => {
      const value = new ElementVariable(f);
      value.set(field.keep(f, field.load(f, source)));
      f.repeat(times, () => value.set(field.square(f, value.value)));
      field.store(f, target, value.value);
    });
    this.#multiplyInto = module.internal("multiplyInto", 3, null, (f, target, left, right) => {
      field.store(f, target, field.multiply(f, field.load(f, left), field.load(f, right)));
    });
  }

  /**
   * A function (target, base, table): the power of the element at `base`, by sliding windows over the exponent's bits. The three
   * places may not overlap; `table` are POWER_BYTES for its use.
   */
  power(name: string, exponent: bigint): FunctionReference {
    return this.#module.internal(name, 3, null, (f, target, base, table) => {
      const odd = (digit: number) => (digit === 1 ? base : f.keep(table.add(((digit - 1) / 2) * ELEMENT_BYTES)));
      f.call(this.#squareTimes, table, base, I32.constant(1));
      for (let digit = 3; digit <= LARGEST_DIGIT; digit += 2)
        f.call(this.#multiplyInto, odd(digit), odd(digit - 2), table);

      const [first, ...rest] = slidingWindows(exponent);
      f.call(this.#squareTimes, target, odd(first!.digit), I32.constant(first!.squarings));
      for (const { digit, squarings } of rest) {
        f.call(this.#multiplyInto, target, target, odd(digit));
        f.call(this.#squareTimes, target, target, I32.constant(squarings));
      }
    });
  }
}

/** The exponent from its top on: after each odd digit is multiplied in, so many squarings follow. */
function slidingWindows(exponent: bigint): { digit: number; squarings: number }[] {
  const bits = exponent.toString(2);
  const windows: { digit: number; squarings: number }[] = [];
  for (let i = 0; i < bits.length;) {
    if (bits[i] === "0") {
      windows[windows.length - 1]!.squarings++;
      i++;
      continue;
    }
    const digits = bits.slice(i, i + WINDOW_BITS).replace(/0+$/, "");
    // The squarings of this digit's own bits come before it is multiplied in.
    if (windows.length > 0) windows[windows.length - 1]!.squarings += digits.length;
    windows.push({ digit: Number.parseInt(digits, 2), squarings: 0 });
    i += digits.length;
  }
  return windows;
}
