import { open } from "node:fs/promises";
import { Option } from "@commander-js/extra-typings";
import { readCsv } from "@zkcmp/network/csv";
import { encodeRow, type Encoding, identityEncoding, imageEncoding } from "@zkcmp/network/encoding";
import { readIdx } from "@zkcmp/network/idx";
import { createTestSet, readTestSet, sliceTestSet, type TestSet } from "@zkcmp/network/testset";
import { FileError, UsageError } from "./cli-error.ts";
import { parseClasses, parseRowRange } from "./option-value.ts";

/** Labelled rows as they stand in a file. */
export interface RawData {
  readonly rows: readonly ArrayLike<number>[];
  readonly labels: Uint16Array;
  readonly classes: number;
  readonly classNames: readonly string[] | null;
  /** Height and width, where the rows are images with pixels 0 to 255. */
  readonly image: { readonly height: number; readonly width: number } | null;
}

/** The options that say how a data file is to be read. */
export interface DataOptions {
  readonly labels?: string;
  readonly labelColumn?: string;
  readonly classes?: readonly string[];
  readonly rows?: { readonly first: number; readonly last: number };
}

export const DATA_OPTIONS = {
  labels: new Option("--labels <file>", "IDX file of the labels, for IDX images"),
  labelColumn: new Option("--label-column <name>", "CSV: the column of the labels (default: the last one)"),
  classes: new Option(
    "--classes <count|names>",
    "the number of classes, or their names in order: no,yes (default: those that occur in a CSV, 10 for IDX)",
  ).argParser(parseClasses),
  rows: new Option("--rows <from-to>", "take these rows only, counted from 1, such as 1-200").argParser(parseRowRange),
};

type FileKind = "test set" | "IDX" | "CSV";

/** Tells the kinds of data files apart by their first bytes. */
export async function kindOf(path: string): Promise<FileKind> {
  const start = Buffer.alloc(64);
  let length: number;
  try {
    const file = await open(path);
    try {
      length = (await file.read(start, 0, start.length, 0)).bytesRead;
    } finally {
      await file.close();
    }
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new FileError(
      `cannot read ${path}${missing ? ": there is no such file" : ""}`,
      "Give a CSV, an IDX file or a zkcmp test set.",
      { cause },
    );
  }
  if (start[0] === 0x1f && start[1] === 0x8b) return "IDX";
  if (length >= 2 && start[0] === 0 && start[1] === 0) return "IDX";
  return start.toString("latin1", 0, length).trimStart().startsWith("{") ? "test set" : "CSV";
}

/** Reads a CSV or a pair of IDX files. @throws CsvError, IdxError, UsageError for options that do not fit the file */
export async function readRawData(path: string, options: DataOptions): Promise<RawData> {
  const kind = await kindOf(path);
  if (kind === "test set") {
    throw new FileError(`${path} is an encoded test set`, "Give a CSV or IDX file here.");
  }
  return kind === "IDX" ? readImages(path, options) : readTable(path, options);
}

/**
 * Reads the rows of a test set: an encoded set as it is, raw data through an encoding.
 * @param encoding the rule for raw data; without one, CSV features are integers of `inputBits` and IDX pixels bytes
 */
export async function readEncodedData(
  path: string,
  options: DataOptions,
  encoding: Encoding | null,
  inputBits: number | undefined,
): Promise<TestSet> {
  if ((await kindOf(path)) === "test set") {
    const set = await readTestSet(path);
    const { rows } = options;
    if (rows === undefined) return set;
    expectRows(rows, set.rows.length, path);
    return sliceTestSet(set, rows.first - 1, rows.last);
  }
  const raw = await readRawData(path, options);
  return encodeData(raw, encoding ?? defaultEncoding(raw, inputBits));
}

/** Encodes every row. @throws EncodingError when a row does not fit the encoding */
export function encodeData(raw: RawData, encoding: Encoding): TestSet {
  return createTestSet({
    inputBits: encoding.inputBits,
    classes: raw.classes,
    rows: raw.rows.map((row) => encodeRow(encoding, row)),
    labels: raw.labels,
  });
}

/** How raw rows become integers where no encoding is named. @throws {UsageError}, {FileError} */
export function defaultEncoding(raw: Pick<RawData, "rows" | "image">, inputBits: number | undefined): Encoding {
  if (raw.image !== null) return imageEncoding(raw.image.height, raw.image.width, { pool: false });
  if (inputBits === undefined) {
    throw new UsageError(
      "the CSV needs a rule that makes its features unsigned integers",
      "Give --encoding FILE, or --input-bits if they are such integers already.",
    );
  }
  const limit = 2 ** inputBits;
  const wrong = raw.rows.findIndex((row) =>
    Array.from(row).some((value) => !Number.isInteger(value) || value < 0 || value >= limit),
  );
  if (wrong !== -1) {
    throw new FileError(
      `row ${wrong + 1} has a feature that is no integer from 0 to ${limit - 1}`,
      "Give --encoding FILE for features that are not such integers already.",
    );
  }
  return identityEncoding(raw.rows[0]!.length, inputBits);
}

async function readTable(path: string, options: DataOptions): Promise<RawData> {
  if (options.labels !== undefined) {
    throw new UsageError(`${path} is a CSV and has its labels in a column`, "Leave --labels away.");
  }
  const { classes } = options;
  const table = await readCsv(path, {
    ...(options.labelColumn === undefined ? {} : { label: options.labelColumn }),
    ...(classes === undefined ? {} : { classNames: classes }),
  });
  const data = { rows: table.rows, labels: table.labels, classes: table.classNames.length };
  return { ...cut(data, options, path), classNames: table.classNames, image: null };
}

async function readImages(path: string, options: DataOptions): Promise<RawData> {
  if (options.labels === undefined) {
    throw new UsageError(`${path} is an IDX file of images`, "Give the IDX file of their labels with --labels.");
  }
  const classes = options.classes?.length ?? 10;
  const { images, labels, height, width } = await readIdx(path, options.labels, classes);
  const data = { rows: images, labels: Uint16Array.from(labels), classes };
  return { ...cut(data, options, path), classNames: null, image: { height, width } };
}

function cut<T extends { rows: readonly ArrayLike<number>[]; labels: Uint16Array }>(
  data: T,
  { rows }: DataOptions,
  path: string,
): T {
  if (rows === undefined) return data;
  expectRows(rows, data.rows.length, path);
  return {
    ...data,
    rows: data.rows.slice(rows.first - 1, rows.last),
    labels: data.labels.slice(rows.first - 1, rows.last),
  };
}

/** @throws {UsageError} if the range ends beyond the rows */
export function expectRows(range: { first: number; last: number }, count: number, path: string): void {
  if (range.last > count) throw new UsageError(`${path} has ${count} rows`, `Let --rows end at ${count} or before.`);
}
