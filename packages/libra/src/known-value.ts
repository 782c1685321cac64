import { FIELD_BYTES, type FieldElement, fieldToBytes } from "@zkcmp/field/element";
import { POINT_BYTES } from "@zkcmp/field/kernels/point-encoding";
import { concatBytes } from "@noble/hashes/utils.js";
import { decodeScalar, ProofFormatError } from "./proof.ts";

/** What it shows: verifier/known-value.ts. */
export interface KnownValueProof {
  /** The commitment to the masks, compressed. */
  readonly first: Uint8Array;
  /** The masked value. */
  readonly value: FieldElement;
  /** The masked blinding. */
  readonly blinding: FieldElement;
}

export const KNOWN_VALUE_BYTES = POINT_BYTES + 2 * FIELD_BYTES;

export function encodeKnownValue({ first, value, blinding }: KnownValueProof): Uint8Array {
  return concatBytes(first, fieldToBytes(value), fieldToBytes(blinding));
}

/**
 * The inverse of encodeKnownValue; the point is not decoded.
 * @throws {ProofFormatError}
 */
export function decodeKnownValue(bytes: Uint8Array): KnownValueProof {
  if (bytes.length !== KNOWN_VALUE_BYTES) throw new ProofFormatError("its proof of the value has another length");
  const valueEnd = POINT_BYTES + FIELD_BYTES;
  return {
    first: bytes.slice(0, POINT_BYTES),
    value: decodeScalar(bytes.subarray(POINT_BYTES, valueEnd), "the masked value"),
    blinding: decodeScalar(bytes.subarray(valueEnd), "the masked blinding of the value"),
  };
}
