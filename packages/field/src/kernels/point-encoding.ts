import { ZkcmpError } from "../error.ts";
import type { AffinePoint } from "./kernels.ts";

/** q, the order of BN254's base field, in which the coordinates of points live; q = 3 mod 4. */
export const BASE_FIELD_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** The curve is y^2 = x^3 + 3 (EIP-196). */
export const CURVE_CONSTANT = 3n;

/** The neutral element in affine coordinates, as in EIP-196: (0, 0) does not solve the equation of the curve. */
export const NEUTRAL: AffinePoint = { x: 0n, y: 0n };

/** Whether the coordinates lie in [0, q) and on the curve, or are those of the neutral element. */
export function isCanonicalPoint({ x, y }: AffinePoint): boolean {
  if (x === 0n && y === 0n) return true;
  const inRange = x >= 0n && x < BASE_FIELD_ORDER && y >= 0n && y < BASE_FIELD_ORDER;
  return inRange && (y * y - x * x * x - CURVE_CONSTANT) % BASE_FIELD_ORDER === 0n;
}

/** Bytes of a compressed point. */
export const POINT_BYTES = 32;

/** Set in the first byte of a point whose y is odd. q has 254 bits, so two bits of the 32 bytes are free. */
export const ODD_FLAG = 0x80;

/** Bytes that are no canonical encoding of points. */
export class PointEncodingError extends ZkcmpError {
  constructor(problem: string) {
    super(
      `These bytes are no list of compressed points of BN254: ${problem}`,
      "Ask their sender for them again, and do not use these",
    );
  }
}

/** @throws {PointEncodingError} unless the bytes are a whole number of points; returns that number */
export function countPoints(bytes: Uint8Array): number {
  if (bytes.length % POINT_BYTES !== 0)
    throw new PointEncodingError(`${bytes.length} bytes are not a multiple of ${POINT_BYTES}`);
  return bytes.length / POINT_BYTES;
}

/** Why 32 bytes stand for no point. */
export type PointDefect = "range" | "no-root" | "signed-neutral";

const DEFECTS: Readonly<Record<PointDefect, string>> = {
  range: "has an x of q or above",
  "no-root": "has an x that no point of the curve has",
  "signed-neutral": "is a neutral element with a sign",
};

export function pointDefect(index: number, defect: PointDefect): PointEncodingError {
  return new PointEncodingError(`number ${index} ${DEFECTS[defect]}`);
}

/** A compressed point before the square root. */
export interface CompressedPoint {
  readonly x: bigint;
  readonly odd: boolean;
}

/** Splits 32 bytes into the 255 bits of x and the sign. Nothing is checked. */
export function splitPoint(bytes: Uint8Array): CompressedPoint {
  const all = readInteger(bytes);
  return { x: all & ((1n << 255n) - 1n), odd: all >> 255n === 1n };
}

/** 32 big-endian bytes as an integer. */
export function readInteger(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const high = (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
  return (high << 128n) | (view.getBigUint64(16) << 64n) | view.getBigUint64(24);
}
