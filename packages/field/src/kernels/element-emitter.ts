import { type Interval, exactly, product, sum } from "./wasm/interval.ts";
import { I64 } from "./wasm/expression.ts";
import { LIMB_BITS, toLimbs } from "./limbs.ts";

/**
 * A field element inside a function that is being written: nine expressions of limbs, and an interval that holds the whole
 * number. Limbs may be negative or wider than 29 bits ("lazy") as long as the columns of the next multiplication have room,
 * which the intervals decide.
 */
export interface Element {
  readonly limbs: readonly I64[];
  readonly range: Interval;
}

/** What nine limbs stand for, of the limbs' own ranges. */
export function rangeOfLimbs(limbs: readonly I64[]): Interval {
  return limbs.reduce(
    (total, limb, i) => sum(total, product(limb.range, exactly(1n << BigInt(LIMB_BITS * i)))),
    exactly(0n),
  );
}

/** A constant in [0, 2^261), as it stands (not multiplied by R). */
export function constantElement(value: bigint): Element {
  return { limbs: toLimbs(value).map((limb) => I64.constant(limb)), range: exactly(value) };
}
