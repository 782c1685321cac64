import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { checkJson, parseJson, readJsonFile, writeJsonFile } from "./json-file.ts";

/**
 * Rows of unsigned inputBits-bit integers, all of one width, each with a label in [0, classes): its class or, for a
 * regression, the digit of its target, `classes` being 2^(bits of the targets).
 */
export interface TestSet {
  readonly inputBits: number;
  readonly classes: number;
  readonly rows: readonly Uint16Array[];
  readonly labels: Uint16Array;
}

/** Rows or labels that do not make a test set; names the row and column. */
export class TestSetError extends ZkcmpError {}

export interface TestSetParts {
  readonly inputBits: number;
  readonly classes: number;
  readonly rows: readonly ArrayLike<number>[];
  readonly labels: ArrayLike<number>;
}

/**
 * The checked constructor of a test set; it copies what it is given.
 * @throws TestSetError for no rows, unequal widths, an input outside [0, 2^inputBits), a label outside [0, classes)
 */
export function createTestSet(parts: TestSetParts): TestSet {
  const { inputBits, classes, rows, labels } = parts;
  if (!Number.isInteger(inputBits) || inputBits < 1 || inputBits > 16) {
    throw new TestSetError(`inputBits is ${inputBits}`, "Inputs take 1 to 16 bits");
  }
  if (!Number.isInteger(classes) || classes < 1 || classes > 1 << 16) {
    throw new TestSetError(`The number of classes is ${classes}`, "Give an integer from 1 to 65536");
  }
  if (rows.length !== labels.length) {
    throw new TestSetError(`There are ${rows.length} rows and ${labels.length} labels`, "Give one label for each row");
  }
  const width = rows[0]?.length ?? 0;
  if (width === 0) throw new TestSetError("The test set is empty", "Give at least one row with at least one feature");
  const checkedRows = rows.map((row, index) => checkedRow(row, index, width, 2 ** inputBits));
  const checkedLabels = Uint16Array.from(labels);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new TestSetError(
        `The label of row ${i + 1} is ${label}`,
        `With ${classes} classes, labels run from 0 to ${classes - 1}`,
      );
    }
  }
  return { inputBits, classes, rows: checkedRows, labels: checkedLabels };
}

function checkedRow(row: ArrayLike<number>, index: number, width: number, limit: number): Uint16Array {
  if (row.length !== width) {
    throw new TestSetError(
      `Row ${index + 1} has ${row.length} features, the first row has ${width}`,
      "All rows need the same number of features",
    );
  }
  for (let k = 0; k < width; k++) {
    const value = row[k] as number;
    if (!Number.isInteger(value) || value < 0 || value >= limit) {
      throw new TestSetError(
        `Row ${index + 1}, feature ${k + 1} is ${value}`,
        `With the declared input bits, features are integers from 0 to ${limit - 1}; encode the rows first`,
      );
    }
  }
  return Uint16Array.from(row);
}

/** The rows from `start` up to, not including, `end`. */
export function sliceTestSet(set: TestSet, start: number, end: number): TestSet {
  return createTestSet({ ...set, rows: set.rows.slice(start, end), labels: set.labels.slice(start, end) });
}

const TEST_SET_FILE = "a zkcmp test set file (format zkcmp-testset, version 1)";

const testSetFileSchema = z.strictObject({
  format: z.literal("zkcmp-testset"),
  version: z.literal(1),
  inputBits: z.int(),
  classes: z.int(),
  labels: z.array(z.number()),
  // Large sets have millions of inputs; createTestSet checks each of them with row and column in its errors.
  rows: z.array(z.custom<number[]>(Array.isArray, "expected an array of integers")),
});

export function testSetToJson(set: TestSet): unknown {
  return {
    format: "zkcmp-testset",
    version: 1,
    inputBits: set.inputBits,
    classes: set.classes,
    labels: [...set.labels],
    rows: set.rows.map((row) => [...row]),
  };
}

/**
 * Checks a JSON value and builds the test set; `name` stands for its source in errors.
 * @throws FileFormatError, TestSetError
 */
export function testSetFromJson(value: unknown, name = "The value"): TestSet {
  return createTestSet(checkJson(value, name, TEST_SET_FILE, testSetFileSchema));
}

/**
 * Reads the text of a test set file; `name` stands for its source in errors.
 * @throws FileFormatError, TestSetError
 */
export function parseTestSet(text: string, name: string): TestSet {
  return createTestSet(parseJson(text, name, TEST_SET_FILE, testSetFileSchema));
}

/**
 * Reads a test set file.
 * @throws FileFormatError, TestSetError
 */
export async function readTestSet(path: string): Promise<TestSet> {
  return createTestSet(await readJsonFile(path, TEST_SET_FILE, testSetFileSchema));
}

/** Writes a test set file, whole or not at all, readable by its owner only. */
export async function writeTestSet(path: string, set: TestSet): Promise<void> {
  await writeJsonFile(path, testSetToJson(set));
}
