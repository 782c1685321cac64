import { sha256 } from "@noble/hashes/sha2.js";
import { CanonicalEncoder } from "../encoding.ts";
import { BASE_FIELD_ORDER, type CompressedPoint, readInteger } from "./point-encoding.ts";

/*
 * Try and increment: candidate x-coordinates are hashed until one lies on the curve; about every second does. The curve's order
 * is the prime r, so every solution generates the group. The time depends on the label, which is public, and the points are not
 * the images of secrets: the constant-time maps of RFC 9380 would buy nothing. As the coordinates come out of a hash, with
 * nothing chosen but the label, nobody knows a relation between the points of all labels.
 */

/** The candidates of one label. */
export interface CurveHash {
  /** The candidate with this number (from 0) for the point with this index; the first on the curve is the point. */
  candidate(index: number, attempt: number): CompressedPoint;
}

/**
 * With S = SHA-256(encoding of the domain "zkcmp/generator/v1" and the label), a candidate is the big-endian integer of the 64
 * bytes SHA-256(S | index | attempt | 0) | SHA-256(S | index | attempt | 1), index and attempt 4 bytes each, the last number one:
 * its lowest bit is y's parity, the rest modulo q is x, uniform up to 2^-257.
 */
export function createCurveHash(label: string): CurveHash {
  const message = new Uint8Array(41);
  message.set(new CanonicalEncoder("zkcmp/generator/v1").text(label).digest());
  const numbers = new DataView(message.buffer, 32);
  const half = (which: number): bigint => {
    numbers.setUint8(8, which);
    return readInteger(sha256(message));
  };
  return {
    candidate: (index, attempt) => {
      numbers.setUint32(0, index);
      numbers.setUint32(4, attempt);
      const hash = (half(0) << 256n) | half(1);
      return { x: (hash >> 1n) % BASE_FIELD_ORDER, odd: (hash & 1n) === 1n };
    },
  };
}
