import { LIMBS, LIMB_BITS, toLimbs } from "./limbs.ts";

/** Words of 32 bits that {@link fixedMultiplier} takes. */
export const FIXED_MULTIPLIER_WORDS = LIMBS * LIMBS;

/**
 * The multiples of a value by which FieldEmitter.multiplyFixed multiplies: for each limb i of the other operand the nine
 * limbs of value 2^(29 (i + 2)) modulo the prime. The 2 stands for the two reduction rows, so the value is no Montgomery form.
 */
export function fixedMultiplier(value: bigint, prime: bigint): Uint32Array {
  const words = new Uint32Array(FIXED_MULTIPLIER_WORDS);
  let multiple = (value << BigInt(2 * LIMB_BITS)) % prime;
  for (let i = 0; i < LIMBS; i++) {
    words.set(toLimbs(multiple).map(Number), LIMBS * i);
    multiple = (multiple << BigInt(LIMB_BITS)) % prime;
  }
  return words;
}
