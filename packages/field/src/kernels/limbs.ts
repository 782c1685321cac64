/** Bits of a limb. Products of two limbs leave 6 of 64 bits free: room for 18 products and a carry in one column. */
export const LIMB_BITS = 29;

/** Limbs of an element: 261 bits for a prime of 254, room for sums that are not reduced. */
export const LIMBS = 9;

/** An element in memory: its limbs as i32, the lowest first. */
export const ELEMENT_BYTES = 4 * LIMBS;

/** Montgomery's R = 2^261: the element x is kept as x R modulo the prime. */
export const MONTGOMERY_BITS = LIMB_BITS * LIMBS;

/** The limbs of a value in [0, 2^261). */
export function toLimbs(value: bigint): bigint[] {
  return Array.from({ length: LIMBS }, (_, i) => BigInt.asUintN(LIMB_BITS, value >> BigInt(LIMB_BITS * i)));
}

/** base^-1 modulo an odd prime, by Fermat's little theorem. */
export function inverse(base: bigint, prime: bigint): bigint {
  return power(base, prime - 2n, prime);
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
