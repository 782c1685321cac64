import { ZkcmpError } from "@zkcmp/field/error";
import { parseCsv, parseTargetCsv } from "./csv.ts";
import { encodeRow, type Encoding, identityEncoding, imageEncoding } from "./encoding.ts";
import { pairIdx, parseIdxImages, parseIdxLabels, unpackIdx } from "./idx.ts";
import { encodeTarget, isClipped, type TargetEncoding } from "./target-encoding.ts";
import { createTestSet, parseTestSet, sliceTestSet, type TestSet } from "./testset.ts";

/** A file whose bytes are at hand. */
export interface NamedBytes {
  /** Stands for the file in errors. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Labelled rows as they stand in a file. */
export interface RawData {
  readonly rows: readonly ArrayLike<number>[];
  readonly labels: Uint16Array;
  readonly classes: number;
  readonly classNames: readonly string[] | null;
  /** Height and width, where the rows are images with pixels 0 to 255. */
  readonly image: { readonly height: number; readonly width: number } | null;
}

/** Rows of a CSV with the real-valued targets of a regression. */
export interface RawTargets {
  readonly rows: readonly Float64Array[];
  readonly targets: Float64Array;
}

/** A regression test set, and how many of its targets lie outside of what the digits cover and were clipped. */
export interface EncodedTargets {
  readonly set: TestSet;
  readonly clipped: number;
}

/** How files of data are to be read. */
export interface RawDataOptions {
  /** CSV: the column of the labels or targets; the last one if left out. */
  readonly labelColumn?: string | undefined;
  /** All classes in order; if left out, those that occur in a CSV, and 10 for IDX. */
  readonly classes?: readonly string[] | undefined;
  /** Take these rows alone, both counted from 1 and included. */
  readonly rows?: RowRange | undefined;
}

export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** What is wrong with data or with how they are to be read. */
export type RawDataFault =
  /** There are too few or too many files. */
  | "files"
  /** It is another kind of file than the one that is needed. */
  | "kind"
  /** There are images and no labels. */
  | "labels"
  /** Rows are asked for that there are not. */
  | "rows"
  /** Nothing says how features become integers. */
  | "rule"
  /** A value is no integer in the range that was declared. */
  | "value"
  /** The encoding is one of a classification. */
  | "target";

/** Files that hold no such data, or cannot be read in the way that was asked for. */
export class RawDataError extends ZkcmpError {
  readonly fault: RawDataFault;
  /** The rows that there are, for the fault "rows". */
  readonly rows: number;

  constructor(fault: RawDataFault, problem: string, fix: string, rows = 0) {
    super(problem, fix);
    this.fault = fault;
    this.rows = rows;
  }
}

export type DataKind = "test set" | "IDX" | "CSV";

/** Tells the kinds of data files apart by their first bytes; the first 64 are enough. */
export function dataKind(bytes: Uint8Array): DataKind {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "IDX";
  if (bytes.length >= 2 && bytes[0] === 0 && bytes[1] === 0) return "IDX";
  const start = Array.from(bytes.subarray(0, 64), (byte) => String.fromCharCode(byte)).join("");
  return start.trimStart().startsWith("{") ? "test set" : "CSV";
}

/**
 * Reads labelled rows: one CSV, or two IDX files, the images and their labels in any order, gzipped or not.
 * @throws {RawDataError}, {CsvError}, {IdxError}
 */
export async function parseRawData(files: readonly NamedBytes[], options: RawDataOptions = {}): Promise<RawData> {
  const first = requireFile(files);
  const kind = dataKind(first.bytes);
  if (kind === "test set") {
    throw new RawDataError("kind", `${first.name} is an encoded test set`, "Give a CSV or IDX file here.");
  }
  if (kind === "CSV") {
    requireOne(files);
    return parseTable(first, options);
  }
  if (files.length !== 2 || dataKind(files[1]!.bytes) !== "IDX") {
    throw new RawDataError(
      files.length === 1 ? "labels" : "files",
      `${first.name} is an IDX file of images or labels`,
      "Give two IDX files together: the images, and their labels.",
    );
  }
  const unpacked = await Promise.all(
    files.map(async ({ name, bytes }) => ({ name, bytes: await unpackIdx(bytes, name) })),
  );
  // The third byte of the magic number counts the dimensions: labels have one, images three.
  const [labels, images] = unpacked.toSorted((a, b) => (a.bytes[3] ?? 0) - (b.bytes[3] ?? 0));
  return parseImages(images!, labels!, options);
}

/** Reads a CSV with a column of labels. @throws {CsvError}, {RawDataError} */
export function parseTable({ name, bytes }: NamedBytes, options: RawDataOptions = {}): RawData {
  const { classes, labelColumn } = options;
  const table = parseCsv(textOf(bytes), {
    name,
    ...(labelColumn === undefined ? {} : { label: labelColumn }),
    ...(classes === undefined ? {} : { classNames: classes }),
  });
  const data = { rows: table.rows, labels: table.labels, classes: table.classNames.length };
  return { ...cut(data, options, name), classNames: table.classNames, image: null };
}

/** Reads IDX images and their labels. @throws {IdxError}, {RawDataError} */
export async function parseImages(
  images: NamedBytes,
  labels: NamedBytes,
  options: RawDataOptions = {},
): Promise<RawData> {
  const classes = options.classes?.length ?? 10;
  const pictures = await parseIdxImages(images.bytes, images.name);
  const pair = pairIdx(pictures, await parseIdxLabels(labels.bytes, labels.name, classes));
  const { height, width } = pair;
  const data = { rows: pair.images, labels: Uint16Array.from(pair.labels), classes };
  return { ...cut(data, options, images.name), classNames: null, image: { height, width } };
}

/**
 * Reads the rows of a test set: an encoded set as it is, raw data through an encoding.
 * @param encoding the rule for raw data; without one, CSV features are integers of `inputBits` and IDX pixels bytes
 * @throws {RawDataError}, {CsvError}, {IdxError}, {EncodingError}, {FileFormatError}, {TestSetError}
 */
export async function parseEncodedData(
  files: readonly NamedBytes[],
  options: RawDataOptions,
  encoding: Encoding | null,
  inputBits?: number,
): Promise<TestSet> {
  const first = requireFile(files);
  if (dataKind(first.bytes) === "test set") {
    requireOne(files);
    return cutTestSet(parseTestSet(textOf(first.bytes), first.name), options.rows, first.name);
  }
  const raw = await parseRawData(files, options);
  return encodeData(raw, encoding ?? defaultEncoding(raw, inputBits));
}

/** Encodes every row. @throws {EncodingError} when a row does not fit the encoding */
export function encodeData(raw: RawData, encoding: Encoding): TestSet {
  return createTestSet({
    inputBits: encoding.inputBits,
    classes: raw.classes,
    rows: raw.rows.map((row) => encodeRow(encoding, row)),
    labels: raw.labels,
  });
}

/** How raw rows become integers where no encoding is named. @throws {RawDataError} */
export function defaultEncoding(raw: Pick<RawData, "rows" | "image">, inputBits?: number): Encoding {
  if (raw.image !== null) return imageEncoding(raw.image.height, raw.image.width, { pool: false });
  if (inputBits === undefined) {
    throw new RawDataError(
      "rule",
      "the CSV needs a rule that makes its features unsigned integers",
      "Give an encoding, or the bits of the features if they are such integers already.",
    );
  }
  const limit = 2 ** inputBits;
  const wrong = raw.rows.findIndex((row) =>
    Array.from(row).some((value) => !Number.isInteger(value) || value < 0 || value >= limit),
  );
  if (wrong !== -1) {
    throw new RawDataError(
      "value",
      `row ${wrong + 1} has a feature that is no integer from 0 to ${limit - 1}`,
      "Give an encoding for features that are not such integers already.",
    );
  }
  return identityEncoding(raw.rows[0]!.length, inputBits);
}

/** Reads a CSV with a numeric target column. @throws {CsvError}, {RawDataError} */
export function parseRawTargets({ name, bytes }: NamedBytes, options: RawDataOptions = {}): RawTargets {
  if (dataKind(bytes) !== "CSV") {
    throw new RawDataError("kind", `${name} is no CSV`, "Give a CSV with a numeric target column.");
  }
  const { labelColumn, rows: range } = options;
  const { rows, targets } = parseTargetCsv(textOf(bytes), {
    name,
    ...(labelColumn === undefined ? {} : { label: labelColumn }),
  });
  if (range === undefined) return { rows, targets };
  requireRows(range, rows.length, name);
  return { rows: rows.slice(range.first - 1, range.last), targets: targets.slice(range.first - 1, range.last) };
}

/**
 * Reads the rows of a regression test set: an encoded set as it is, a CSV through an encoding.
 * @param encoding with its target; without one, features are integers of `inputBits` and targets digits of 16 bits
 * @throws as {@link parseEncodedData}
 */
export function parseEncodedTargets(
  file: NamedBytes,
  options: RawDataOptions,
  encoding: Encoding | null,
  inputBits?: number,
): EncodedTargets {
  if (dataKind(file.bytes) === "test set") {
    return { set: cutTestSet(parseTestSet(textOf(file.bytes), file.name), options.rows, file.name), clipped: 0 };
  }
  const raw = parseRawTargets(file, options);
  if (encoding !== null) return encodeTargets(raw, encoding, targetOf(encoding));
  const wrong = raw.targets.findIndex((target) => !Number.isInteger(target) || target < 0 || target >= 2 ** DIGIT_BITS);
  if (wrong !== -1) {
    throw new RawDataError(
      "value",
      `row ${wrong + 1} has a target that is no integer from 0 to ${2 ** DIGIT_BITS - 1}`,
      "Give an encoding for targets that are not such digits already.",
    );
  }
  const whole = defaultEncoding({ rows: raw.rows, image: null }, inputBits);
  return encodeTargets(raw, whole, { bits: DIGIT_BITS, offset: 0, scale: 1 });
}

/** The bits of targets that are digits already. */
const DIGIT_BITS = 16;

/** Encodes every row and target. @throws {EncodingError}, {TargetEncodingError} when a row does not fit */
export function encodeTargets(
  { rows, targets }: RawTargets,
  encoding: Encoding,
  target: TargetEncoding,
): EncodedTargets {
  const set = createTestSet({
    inputBits: encoding.inputBits,
    classes: 2 ** target.bits,
    rows: rows.map((row) => encodeRow(encoding, row)),
    labels: targets.map((value) => encodeTarget(target, value)),
  });
  return { set, clipped: targets.filter((value) => isClipped(target, value)).length };
}

/** @throws {RawDataError} if the encoding is one of a classification */
export function targetOf({ target }: Encoding): TargetEncoding {
  if (target !== undefined) return target;
  throw new RawDataError(
    "target",
    "the encoding does not say how targets become digits",
    "Take one that was made for a regression.",
  );
}

function cutTestSet(set: TestSet, range: RowRange | undefined, name: string): TestSet {
  if (range === undefined) return set;
  requireRows(range, set.rows.length, name);
  return sliceTestSet(set, range.first - 1, range.last);
}

function cut<T extends { rows: readonly ArrayLike<number>[]; labels: Uint16Array }>(
  data: T,
  { rows: range }: RawDataOptions,
  name: string,
): T {
  if (range === undefined) return data;
  requireRows(range, data.rows.length, name);
  return {
    ...data,
    rows: data.rows.slice(range.first - 1, range.last),
    labels: data.labels.slice(range.first - 1, range.last),
  };
}

function requireRows({ first, last }: RowRange, count: number, name: string): void {
  if (Number.isInteger(first) && Number.isInteger(last) && first >= 1 && first <= last && last <= count) return;
  throw new RawDataError(
    "rows",
    `${name} has ${count} rows`,
    `Take rows from 1 to ${count}, the last not before the first.`,
    count,
  );
}

function requireFile(files: readonly NamedBytes[]): NamedBytes {
  const [first] = files;
  if (first !== undefined) return first;
  throw new RawDataError("files", "there is no file", "Give a CSV, two IDX files, or a zkcmp test set.");
}

function requireOne(files: readonly NamedBytes[]): void {
  if (files.length === 1) return;
  throw new RawDataError(
    "files",
    `${files[0]!.name} is a whole set, and ${files.length} files were given`,
    "Give it alone; only IDX files come in pairs.",
  );
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
