import { type FieldElement, reduce } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { ZkcmpError } from "@zkcmp/field/error";
import { packDigits, packedLength, unpackDigits } from "@zkcmp/field/packing";
import { POSEIDON_RATE, poseidonWords } from "@zkcmp/field/poseidon";
import { parameterCount, type NetworkShape } from "@zkcmp/network/shape";
import { DOMAIN } from "./domains.ts";

/** A ciphertext with more or fewer words than its parameters take. */
export class CiphertextLengthError extends ZkcmpError {
  constructor(words: number, expected: number) {
    super(
      `the ciphertext has ${words} words, its parameters take ${expected}`,
      "Use the ciphertext of the deal's bundle.",
    );
  }
}

/** Field elements of a network's ciphertext. */
export function ciphertextLength(shape: NetworkShape): number {
  return packedLength(parameterCount(shape), shape.weightBits);
}

/** H(c) = SHA-256 of the words, modulo r. */
export function ciphertextDigest(ciphertext: readonly FieldElement[]): FieldElement {
  return new CanonicalEncoder("zkcmp/ciphertext/v1").fields(ciphertext).digestToField();
}

/**
 * The one-time pad: block j is 16 of the 17 words of Poseidon's permutation of (tag, K, j, 0 ...). Never all 17, since
 * the permutation can be run backwards to K.
 */
export function keystream(cipherKey: FieldElement, words: number): FieldElement[] {
  const pad: FieldElement[] = [];
  const block = Array.from({ length: POSEIDON_RATE }, () => reduce(0n));
  block[0] = cipherKey;
  for (let j = 0; pad.length < words; j++) {
    block[1] = reduce(BigInt(j));
    pad.push(...poseidonWords(block, DOMAIN.keystream, POSEIDON_RATE));
  }
  return pad.slice(0, words);
}

/**
 * c_i = m_i + pad_i, m_i being floor(253 / b) parameters, each offset to an unsigned b-bit digit.
 * @param parameters two's complement integers of b bits, in sealing order
 */
export function encrypt(parameters: Int32Array, weightBits: number, cipherKey: FieldElement): FieldElement[] {
  const offset = 2 ** (weightBits - 1);
  const packed = packDigits(
    Array.from(parameters, (parameter) => parameter + offset),
    weightBits,
  );
  const pad = keystream(cipherKey, packed.length);
  return packed.map((word, i) => reduce(word + pad[i]!));
}

/**
 * The inverse of {@link encrypt}.
 * @throws {CiphertextLengthError} unless the ciphertext has exactly the words that `count` parameters take
 * @throws PackedWordError for a word that no parameters pack to. A wrong key shows itself in most words, but a random
 * word of D digits of b bits passes with probability 2^(D b) / r, up to 2/3: what settles the matter is E
 */
export function decrypt(
  ciphertext: readonly FieldElement[],
  count: number,
  weightBits: number,
  cipherKey: FieldElement,
): Int32Array {
  const expected = packedLength(count, weightBits);
  if (ciphertext.length !== expected) throw new CiphertextLengthError(ciphertext.length, expected);
  const pad = keystream(cipherKey, ciphertext.length);
  const digits = unpackDigits(
    ciphertext.map((word, i) => reduce(word - pad[i]!)),
    count,
    weightBits,
  );
  const offset = 2 ** (weightBits - 1);
  return Int32Array.from(digits, (digit) => digit - offset);
}
