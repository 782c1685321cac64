import { randomBytes } from "@noble/hashes/utils.js";
import type { FieldElement } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import type { TestSet } from "@zkcmp/network/testset";
import { fromHex, type Hex, toHex } from "./hex.ts";

/** The hidden part of H(D): without it a test set with few possible rows could be guessed from the order. */
export function createTestSetSalt(): Hex {
  return toHex(randomBytes(32));
}

/** Rows as 16-bit big-endian integers, row by row. */
export function encodeRows(encoder: CanonicalEncoder, rows: readonly Uint16Array[], labels: Uint16Array): void {
  const width = rows[0]?.length ?? 0;
  encoder.unsigned(rows.length, 4).unsigned(width, 4);
  const bytes = new Uint8Array(2 * width);
  const view = new DataView(bytes.buffer);
  rows.forEach((row, i) => {
    row.forEach((value, k) => view.setUint16(2 * k, value));
    encoder.bytes(bytes.slice()).unsigned(labels[i]!, 2);
  });
}

/** H(D) = SHA-256 of the salted canonical encoding of all rows and labels, modulo r. */
export function commitTestSet(testSet: TestSet, salt: Hex): FieldElement {
  const encoder = new CanonicalEncoder("zkcmp/test-set/v1")
    .bytes(fromHex(salt))
    .unsigned(testSet.inputBits, 1)
    .unsigned(testSet.classes, 4);
  encodeRows(encoder, testSet.rows, testSet.labels);
  return encoder.digestToField();
}
