import { randomBytes } from "@noble/hashes/utils.js";
import type { FieldElement } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { ZkcmpError } from "@zkcmp/field/error";
import type { TestSet } from "@zkcmp/network/testset";
import { fromHex, type Hex, toHex } from "./hex.ts";
import type { Order } from "./order.ts";

/** A test set that is not what the order says of it. */
export class TestSetMismatchError extends ZkcmpError {}

/** The hidden part of H(D): without it a test set with few possible rows could be guessed from the order. */
export function createTestSetSalt(): Hex {
  return toHex(randomBytes(32));
}

/** Rows as 16-bit big-endian integers, row by row. */
export function encodeRows(encoder: CanonicalEncoder, rows: readonly Uint16Array[], labels: Uint16Array): void {
  const width = rows[0]?.length ?? 0;
  encoder.unsigned(rows.length, 4).unsigned(width, 4);
  rows.forEach((row, i) => {
    const view = new DataView(new ArrayBuffer(2 * row.length));
    row.forEach((value, k) => view.setUint16(2 * k, value));
    encoder.bytes(new Uint8Array(view.buffer)).unsigned(labels[i]!, 2);
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

/**
 * Checks a revealed test set against the order, for both sides: the seller before proving, the buyer before paying. Rows
 * outside the input bits would leave the circuit's worst-case bounds, and the numbers proven would not be the model's.
 * @throws {TestSetMismatchError} naming what differs
 */
export function checkTestSet(order: Order, testSet: TestSet, salt: Hex): void {
  const { rows, labels, inputBits, classes } = testSet;
  const check = (holds: boolean, problem: string): void => {
    if (!holds) throw new TestSetMismatchError(problem, "Use the test set and the salt that the order was made with.");
  };
  check(
    rows.length === order.rows && labels.length === order.rows,
    "the test set has another number of rows than the order",
  );
  check(
    inputBits === order.inputBits && classes === order.classes,
    "the test set has other input bits or classes than the order",
  );
  const limit = 2 ** order.inputBits;
  check(
    rows.every((row) => row.length === order.features && row.every((value) => value < limit)) &&
      labels.every((label) => label < order.classes),
    "a row of the test set lies outside the order's input bits, features or classes",
  );
  check(
    commitTestSet(testSet, salt) === order.testSetCommitment,
    "the test set or its salt is not the one in the order",
  );
}
