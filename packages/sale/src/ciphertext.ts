import { type FieldElement, reduce } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { packDigits, packedLength, unpackDigits } from "@zkcmp/field/packing";
import { POSEIDON_RATE, poseidonWords } from "@zkcmp/field/poseidon";
import { parameterCount, type NetworkShape } from "@zkcmp/network/shape";
import { DOMAIN } from "./domains.ts";

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
 * @throws PackedWordError for a wrong key or a damaged ciphertext (all but about 2^-5 of the words of a wrong key show it)
 */
export function decrypt(
  ciphertext: readonly FieldElement[],
  count: number,
  weightBits: number,
  cipherKey: FieldElement,
): Int32Array {
  const pad = keystream(cipherKey, ciphertext.length);
  const digits = unpackDigits(
    ciphertext.map((word, i) => reduce(word - pad[i]!)),
    count,
    weightBits,
  );
  const offset = 2 ** (weightBits - 1);
  return Int32Array.from(digits, (digit) => digit - offset);
}
