import { bytesToHex, hexToBytes, randomBytes } from "@noble/hashes/utils.js";
import { ZkcmpError } from "./error.ts";

/** r, the order of the scalar field of BN254 (a 254-bit prime). */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Bytes of the canonical big-endian encoding of a field element. */
export const FIELD_BYTES = 32;

declare const fieldBrand: unique symbol;

/** An element of F_r in its canonical range [0, r). */
export type FieldElement = bigint & { readonly [fieldBrand]: true };

/** A value that should be a field element lies outside [0, r). The value itself may be a secret and is not shown. */
export class FieldRangeError extends ZkcmpError {
  constructor(name: string) {
    super(`${name} is not in [0, r), r being the order of BN254's scalar field`, "Give the value reduced modulo r.");
  }
}

/**
 * Brands a canonical value.
 * @param value an integer in [0, r)
 * @param name what the value is called in the error
 * @throws {FieldRangeError} outside [0, r)
 */
export function toFieldElement(value: bigint, name = "the value"): FieldElement {
  if (value < 0n || value >= FIELD_ORDER) throw new FieldRangeError(name);
  return value as FieldElement;
}

/** Reduces any integer, also a negative one, into [0, r). */
export function reduce(value: bigint): FieldElement {
  const remainder = value % FIELD_ORDER;
  return (remainder < 0n ? remainder + FIELD_ORDER : remainder) as FieldElement;
}

/** The big-endian integer of the bytes, modulo r. Of 64 uniform bytes the result is uniform up to 2^-258. */
export function fieldFromBytes(bytes: Uint8Array): FieldElement {
  return reduce(bytesToInteger(bytes));
}

/** The 32-byte big-endian encoding. */
export function fieldToBytes(element: FieldElement): Uint8Array {
  return integerToBytes(element, FIELD_BYTES);
}

/** A uniform element of [1, r) from the system's generator. Zero is left out: no key of the protocol may be zero. */
export function randomFieldElement(): FieldElement {
  for (;;) {
    const candidate = bytesToInteger(randomBytes(FIELD_BYTES)) >> 2n;
    if (candidate > 0n && candidate < FIELD_ORDER) return candidate as FieldElement;
  }
}

/** a * b mod r */
export function multiply(a: FieldElement, b: FieldElement): FieldElement {
  return ((a * b) % FIELD_ORDER) as FieldElement;
}

/** Big-endian bytes to integer. */
export function bytesToInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x0${bytesToHex(bytes)}`);
}

/**
 * Integer to a fixed number of big-endian bytes, at least one.
 * @throws {RangeError} if the integer is negative or too large
 */
export function integerToBytes(value: bigint, length: number): Uint8Array {
  if (value < 0n || value >> BigInt(8 * length) !== 0n) throw new RangeError(`integer does not fit ${length} bytes`);
  return hexToBytes(value.toString(16).padStart(2 * length, "0"));
}

/**
 * a^-1 mod r, by the extended Euclidean algorithm: its time depends on the value, so not for secrets.
 * @throws {RangeError} for 0
 */
export function invert(a: FieldElement): FieldElement {
  if (a === 0n) throw new RangeError("zero has no inverse");
  let [remainder, next] = [FIELD_ORDER, a as bigint];
  let [coefficient, nextCoefficient] = [0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [coefficient, nextCoefficient] = [nextCoefficient, coefficient - quotient * nextCoefficient];
  }
  return reduce(coefficient);
}
