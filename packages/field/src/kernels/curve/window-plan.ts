import { SCALAR_WORDS } from "./scalar-split.ts";

/**
 * How a multi-scalar multiplication cuts its scalars into signed digits: `windows` digits of `width` bits, each in
 * [-2^(width-1), 2^(width-1)]. Points whose digit in a window is d or -d meet in bucket |d| - 1 of that window.
 */
export interface WindowPlan {
  readonly width: number;
  readonly windows: number;
  /** Of each window: 2^(width-1). */
  readonly buckets: number;
  /** Buckets stand in rows of 2^columnBits, so that their weighted sum splits into two short ones. */
  readonly columnBits: number;
}

const LEAST_WIDTH = 2;
/** More would not fit the caches, and 2^18 points do not need it. */
const MOST_WIDTH = 16;

/**
 * The width with the fewest additions: one for each point and window, and two for each bucket.
 * @param bits of the largest scalar's absolute value
 */
export function bestWidth(points: number, bits: number): number {
  const additions = (width: number) => {
    const { windows, buckets } = planWindows(width, bits);
    return windows * (points + 2 * buckets);
  };
  let best = LEAST_WIDTH;
  for (let width = best + 1; width <= MOST_WIDTH; width++) if (additions(width) < additions(best)) best = width;
  return best;
}

/** @param bits of the largest scalar's absolute value */
export function planWindows(width: number, bits: number): WindowPlan {
  // The top digit has to leave a bit free for the carry of the offset.
  const windows = Math.floor(bits / width) + 1;
  return { width, windows, buckets: 2 ** (width - 1), columnBits: width >> 1 };
}

/**
 * What is added to every absolute value before its digits are read: half a window's range in every window but the top one. The
 * digit in a window is then its bits minus half the range, without a carry from window to window.
 */
export function digitOffset({ width, windows }: WindowPlan): bigint {
  let offset = 0n;
  for (let window = 0; window < windows - 1; window++) offset |= 1n << BigInt(window * width + width - 1);
  return offset;
}

/**
 * The signed digits of one window, those of negative scalars with the other sign.
 * @param first the first scalar's first word; its offset is already added
 * @param digits as many as there are scalars
 */
export function readDigits(
  words: Uint32Array,
  first: number,
  { width, windows, buckets }: WindowPlan,
  window: number,
  digits: Int32Array,
): void {
  const position = window * width;
  const shift = position & 31;
  const word = position >>> 5;
  // Nothing stands above the eighth word: values with their offset have 255 bits.
  const hasUpper = shift + width > 32 && word < SCALAR_WORDS - 2;
  const mask = 2 ** width - 1;
  const half = window === windows - 1 ? 0 : buckets;
  for (let i = 0, scalar = first; i < digits.length; i++, scalar += SCALAR_WORDS) {
    const lower = words[scalar + word]! >>> shift;
    const upper = hasUpper ? words[scalar + word + 1]! << (32 - shift) : 0;
    const digit = ((lower | upper) & mask) - half;
    digits[i] = words[scalar + SCALAR_WORDS - 1] === 0 ? digit : -digit;
  }
}
