import { FIELD_ORDER } from "../../element.ts";

/*
 * Scalars in words of 32 bits, the lowest first. A scalar near r is a small negative number: it is written as the absolute value of
 * the representative that is nearer to zero, and a ninth word that is 1 for a negative one.
 */

const WORDS = 8;

/** Words of a split scalar. */
export const SCALAR_WORDS = WORDS + 1;

/** Of scalars with a larger top word the negative representative is taken. Just at the middle it doesn't matter which. */
const MIDDLE_TOP_WORD = Number(FIELD_ORDER >> 225n);

const ORDER = wordsOf(FIELD_ORDER);

/** An integer below 2^256 as eight words. */
export function wordsOf(value: bigint): Uint32Array {
  return Uint32Array.from({ length: WORDS }, (_, i) => Number((value >> BigInt(32 * i)) & 0xffffffffn));
}

/**
 * Splits `count` canonical scalars of eight words from word `source` on into absolute values and signs, from word `target` on.
 * @returns the bits of the largest absolute value
 */
export function splitScalars(words: Uint32Array, count: number, source: number, target: number): number {
  const seen = new Uint32Array(WORDS);
  for (let i = 0; i < count; i++, source += WORDS, target += SCALAR_WORDS) {
    const isNegative = words[source + WORDS - 1]! > MIDDLE_TOP_WORD;
    let borrow = 0;
    for (let k = 0; k < WORDS; k++) {
      let word = words[source + k]!;
      if (isNegative) {
        const difference = ORDER[k]! - word - borrow;
        borrow = difference < 0 ? 1 : 0;
        word = difference >>> 0;
      }
      words[target + k] = word;
      seen[k]! |= word;
    }
    words[target + WORDS] = isNegative ? 1 : 0;
  }
  for (let k = WORDS - 1; k >= 0; k--) if (seen[k] !== 0) return 32 * (k + 1) - Math.clz32(seen[k]!);
  return 0;
}

/** Adds an integer to `count` absolute values. @param first the first value's first word */
export function addOffset(words: Uint32Array, count: number, first: number, offset: bigint): void {
  const summand = wordsOf(offset);
  for (let i = 0; i < count; i++, first += SCALAR_WORDS) {
    let carry = 0;
    for (let k = 0; k < WORDS; k++) {
      const sum = words[first + k]! + summand[k]! + carry;
      carry = sum > 0xffffffff ? 1 : 0;
      words[first + k] = sum >>> 0;
    }
  }
}

/**
 * The digits of an absolute value in signed windows of `width` bits that slide over zeros: odd numbers below 2^(width-1) in size,
 * each after at least width - 1 zeros (the width-w non-adjacent form).
 * @param first the value's first word
 */
export function slidingDigits(
  words: Uint32Array,
  first: number,
  width: number,
  use: (position: number, digit: number) => void,
): void {
  const bit = (position: number) =>
    position < 32 * WORDS ? (words[first + (position >>> 5)]! >>> (position & 31)) & 1 : 0;
  let carry = 0;
  for (let position = 0; position <= 32 * WORDS;) {
    const lowest = bit(position) + carry;
    if (lowest !== 1) {
      carry = lowest >> 1;
      position++;
      continue;
    }
    let value = carry;
    for (let k = 0; k < width; k++) value += bit(position + k) << k;
    carry = value > 2 ** (width - 1) ? 1 : 0;
    use(position, carry === 1 ? value - 2 ** width : value);
    position += width;
  }
}
