import { type FieldElement, toFieldElement } from "./element.ts";
import { ZkcmpError } from "./error.ts";

/** Bits that always fit one field element: 2^253 < r < 2^254. */
export const PACKED_BITS = 253;

/** A digit is not an unsigned integer of the declared width. The digit may be a secret and is not shown. */
export class DigitRangeError extends ZkcmpError {
  constructor(index: number, bits: number) {
    super(`digit ${index} is not an unsigned integer of ${bits} bits`, "Give every digit in [0, 2^bits).");
  }
}

/** A packed word holds more than its digits can: it was not made by packing. */
export class PackedWordError extends ZkcmpError {
  constructor(index: number) {
    super(
      `packed word ${index} is larger than its digits allow`,
      "The words are damaged or were opened with a wrong key.",
    );
  }
}

/** Digits of `bits` bits that one field element takes: floor(253 / bits). */
export function digitsPerWord(bits: number): number {
  return Math.floor(PACKED_BITS / bits);
}

/** Field elements that `count` digits of `bits` bits take. */
export function packedLength(count: number, bits: number): number {
  return Math.ceil(count / digitsPerWord(bits));
}

/**
 * Packs unsigned digits into field elements, the first digit lowest.
 * @param digits each in [0, 2^bits)
 * @throws {DigitRangeError}
 */
export function packDigits(digits: ArrayLike<number>, bits: number): FieldElement[] {
  const perWord = digitsPerWord(bits);
  const limit = 2 ** bits;
  const words = new Array<FieldElement>(packedLength(digits.length, bits));
  for (let word = 0; word < words.length; word++) {
    let packed = 0n;
    for (let i = Math.min(digits.length, (word + 1) * perWord) - 1; i >= word * perWord; i--) {
      const digit = digits[i]!;
      if (!Number.isInteger(digit) || digit < 0 || digit >= limit) throw new DigitRangeError(i, bits);
      packed = (packed << BigInt(bits)) | BigInt(digit);
    }
    words[word] = toFieldElement(packed);
  }
  return words;
}

/**
 * The inverse of {@link packDigits}.
 * @param count how many digits the words hold
 * @throws {PackedWordError} if a word has bits beyond its digits
 */
export function unpackDigits(words: readonly FieldElement[], count: number, bits: number): Uint32Array {
  const perWord = digitsPerWord(bits);
  const mask = (1n << BigInt(bits)) - 1n;
  const digits = new Uint32Array(count);
  words.forEach((word, index) => {
    let rest: bigint = word;
    for (let i = index * perWord; i < Math.min(count, (index + 1) * perWord); i++) {
      digits[i] = Number(rest & mask);
      rest >>= BigInt(bits);
    }
    if (rest !== 0n) throw new PackedWordError(index);
  });
  return digits;
}
