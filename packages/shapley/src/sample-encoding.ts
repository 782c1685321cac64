import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { ZkcmpError } from "@zkcmp/field/error";
import { createEncoding, type Encoding } from "@zkcmp/network/encoding";
import { checkJson, readJsonFile, writeJsonFile } from "@zkcmp/network/json-file";
import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import { type Hex, toHex } from "@zkcmp/sale/hex";
import * as z from "zod";
import type { Samples } from "./samples.ts";
import { numbersOf, type SampleTable, textsOf } from "./sample-table.ts";

/** A real column as digits: the digit X + (value - offset) * scale, rounded and clipped; X = 2^(dataBits-1). */
export interface ColumnEncoding {
  readonly name: string;
  /** The real value that stands in the middle, at the digit X. */
  readonly offset: number;
  /** Digits to one real unit. */
  readonly scale: number;
}

/** A real target. The empty coalition predicts its offset. */
export interface RegressionTarget extends ColumnEncoding {
  readonly kind: "regression";
}

/** A class as one number for each class: 1 for the own one and 0 for the others, less the prior of the class. */
export interface ClassTarget {
  readonly kind: "classes";
  readonly name: string;
  readonly classes: readonly string[];
  /** Share of each class; what the empty coalition predicts. */
  readonly priors: readonly number[];
}

/** The public encoding of a round: part of its terms by {@link digestEncoding}, so that every provider encodes alike. */
export interface SampleEncoding {
  /** b, 2 to 16. */
  readonly dataBits: number;
  readonly features: readonly ColumnEncoding[];
  readonly target: RegressionTarget | ClassTarget;
}

/** An encoding that contradicts itself, or rows that do not fit it. */
export class SampleEncodingError extends ZkcmpError {}

/** How one column came through the encoding. */
export interface ColumnReport {
  readonly name: string;
  /** Smallest and largest real value of the rows. */
  readonly low: number;
  readonly high: number;
  /** Real units of one digit. */
  readonly resolution: number;
  /** Smallest and largest digit of the rows. */
  readonly digits: readonly [number, number];
  /** Share of the values outside the digits' range, from 0 to 1. */
  readonly clipped: number;
}

/** Number of targets of a row: 1, or the number of classes. */
export function targetCount({ target }: SampleEncoding): number {
  return target.kind === "regression" ? 1 : target.classes.length;
}

/** Digits to one unit of the target; a class indicator uses the whole range. It is the target scale of a trained model. */
export function targetScale(encoding: SampleEncoding): number {
  return encoding.target.kind === "regression" ? encoding.target.scale : middleDigit(encoding) - 1;
}

/** The real target (or class indicator) that a digit stands for; `output` counts from 0. */
export function targetOfDigit(encoding: SampleEncoding, digit: number, output = 0): number {
  const { offset, scale } = targetColumns(encoding)[output]!;
  return offset + (digit - middleDigit(encoding)) / scale;
}

/**
 * The priors by class where they differ, null elsewhere. Where they differ the highest output of the trained network is not the
 * likeliest class until they are added back (`modelOf`).
 */
export function unequalPriors({ target }: SampleEncoding): Readonly<Record<string, number>> | null {
  if (target.kind === "regression" || target.priors.every((prior) => prior === target.priors[0])) return null;
  return Object.fromEntries(target.classes.map((name, c) => [name, target.priors[c]!]));
}

function middleDigit({ dataBits }: SampleEncoding): number {
  return 2 ** (dataBits - 1);
}

function targetColumns(encoding: SampleEncoding): ColumnEncoding[] {
  const { target } = encoding;
  if (target.kind === "regression") return [target];
  const scale = targetScale(encoding);
  return target.classes.map((name, c) => ({ name: `${target.name} = ${name}`, offset: target.priors[c]!, scale }));
}

/** The real value of digit 0. */
function lowest(encoding: SampleEncoding, { offset, scale }: ColumnEncoding): number {
  return offset - middleDigit(encoding) / scale;
}

/** The network's own formula, so that a buyer of the model who encodes raw rows gets the same digits. */
function unclippedDigit(encoding: SampleEncoding, column: ColumnEncoding, value: number): number {
  return Math.floor((value - lowest(encoding, column)) * column.scale + 0.5);
}

/**
 * The checked constructor of an encoding.
 * @throws SampleEncodingError
 */
export function createSampleEncoding(encoding: SampleEncoding): SampleEncoding {
  const { dataBits, features, target } = encoding;
  const refuse = (problem: string, fix: string): never => {
    throw new SampleEncodingError(`The round's encoding: ${problem}`, fix);
  };
  if (!Number.isInteger(dataBits) || dataBits < 2 || dataBits > 16) {
    refuse(`${dataBits} data bits`, "Digits take 2 to 16 bits.");
  }
  if (features.length === 0) refuse("it has no feature", "Give at least one.");
  const names = [...features.map(({ name }) => name), target.name];
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) refuse(`"${twice}" occurs twice`, "Use every column once.");
  for (const { name, offset, scale } of [...features, ...(target.kind === "regression" ? [target] : [])]) {
    if (!Number.isFinite(offset) || !Number.isFinite(scale) || scale <= 0) {
      refuse(`offset and scale of "${name}" must be finite and the scale positive`, "Fit the encoding again.");
    }
  }
  if (target.kind === "classes") checkClasses(target, refuse);
  return encoding;
}

function checkClasses({ classes, priors }: ClassTarget, refuse: (problem: string, fix: string) => never): void {
  if (classes.length < 2 || new Set(classes).size !== classes.length) {
    refuse("there must be two or more different classes", "Name every class once.");
  }
  if (priors.length !== classes.length || !priors.every((prior) => prior >= 0 && prior <= 1)) {
    refuse("the priors must be one share from 0 to 1 for each class", "Fit the encoding again.");
  }
}

export interface FitOptions {
  readonly dataBits: number;
  readonly features: readonly string[];
  /** The classes in order may be given, as the rows may lack one; otherwise they are those of the rows, sorted. */
  readonly target:
    | { readonly kind: "regression"; readonly name: string }
    | { readonly kind: "classes"; readonly name: string; readonly classes?: readonly string[] };
  /** Real ranges by column, from general knowledge of the data; a column without one takes that of the rows. */
  readonly ranges?: Readonly<Record<string, readonly [number, number]>>;
  /** Room beyond the rows' own range, as a factor of at least 1; 1.25 by default. A declared range is taken as it is. */
  readonly headroom?: number;
}

/**
 * Fits an encoding to the validation rows, or to other rows that belong to no provider. Offsets are means; for classes,
 * the shares of the classes: what is public must not be sold as knowledge. A column that never changes gets the scale 1.
 * @throws SampleEncodingError, SampleTableError
 */
export function fitSampleEncoding(table: SampleTable, options: FitOptions): SampleEncoding {
  const { dataBits, target, ranges = {}, headroom = 1.25 } = options;
  if (!(headroom >= 1 && Number.isFinite(headroom))) {
    throw new SampleEncodingError(`The headroom is ${headroom}`, "Give a factor of at least 1.");
  }
  const column = (name: string): ColumnEncoding => {
    const values = numbersOf(table, name);
    const offset = mean(values);
    const [low, high] = ranges[name] ?? rangeOf(values);
    const reach = Math.max(high - offset, offset - low) * (ranges[name] === undefined ? headroom : 1);
    const scale = (2 ** (dataBits - 1) - 1) / reach;
    return { name, offset, scale: Number.isFinite(scale) && scale > 0 ? scale : 1 };
  };
  return createSampleEncoding({
    dataBits,
    features: options.features.map(column),
    target:
      target.kind === "regression"
        ? { kind: "regression", ...column(target.name) }
        : classTarget(table, target.name, target.classes),
  });
}

function classTarget(table: SampleTable, name: string, declared?: readonly string[]): ClassTarget {
  const texts = textsOf(table, name);
  const classes = declared ?? [...new Set(texts)].sort();
  const counts = classes.map((text) => texts.filter((other) => other === text).length);
  return { kind: "classes", name, classes, priors: counts.map((count) => count / texts.length) };
}

/**
 * Encodes the rows of a table, with a report on what the digits keep of them.
 * @throws SampleEncodingError for a class that the encoding does not have; SampleTableError for a missing column
 */
export function encodeTable(
  encoding: SampleEncoding,
  table: SampleTable,
): { readonly samples: Samples; readonly report: readonly ColumnReport[] } {
  const columns = [...encoding.features, ...targetColumns(encoding)];
  const values = [...encoding.features.map(({ name }) => numbersOf(table, name)), ...targetValues(encoding, table)];
  const limit = 2 ** encoding.dataBits - 1;
  const unclipped = columns.map((column, k) => values[k]!.map((value) => unclippedDigit(encoding, column, value)));
  const digits = unclipped.map((column) => column.map((digit) => Math.min(Math.max(digit, 0), limit)));
  const rows = table.rows.map((_, row) => Uint16Array.from(digits, (column) => column[row]!));
  const report = columns.map(({ name, scale }, k) => {
    const [low, high] = rangeOf(values[k]!);
    const clipped = unclipped[k]!.filter((digit) => digit < 0 || digit > limit).length / table.rows.length;
    return { name, low, high, resolution: 1 / scale, digits: rangeOf(digits[k]!), clipped };
  });
  return { samples: { rows }, report };
}

function targetValues({ target }: SampleEncoding, table: SampleTable): Float64Array[] {
  if (target.kind === "regression") return [numbersOf(table, target.name)];
  const texts = textsOf(table, target.name);
  const unknown = texts.findIndex((text) => !target.classes.includes(text));
  if (unknown !== -1) {
    throw new SampleEncodingError(
      `${table.name}, line ${table.rows[unknown]!.line} (${target.name}): "${texts[unknown]}" is not one of the classes`,
      `The classes are ${target.classes.join(", ")}.`,
    );
  }
  return target.classes.map((name) => Float64Array.from(texts, (text) => (text === name ? 1 : 0)));
}

/** The report as lines of text, one a column. */
export function reportLines(report: readonly ColumnReport[]): string[] {
  const width = Math.max(...report.map(({ name }) => name.length));
  const number = (value: number): string => Number(value.toPrecision(5)).toString();
  return report.map(
    ({ name, low, high, resolution, digits: [first, last], clipped }) =>
      `${name.padEnd(width)}  ${number(low)} to ${number(high)}, digits ${first} to ${last}, ` +
      `one digit is ${number(resolution)}, ${(100 * clipped).toFixed(1)} % clipped`,
  );
}

/**
 * The rows as a test set of the trained network: the same feature digits, and as label the target's digit or the class.
 */
export function testSetOf(encoding: SampleEncoding, samples: Samples): TestSet {
  const features = encoding.features.length;
  const isRegression = encoding.target.kind === "regression";
  return createTestSet({
    inputBits: encoding.dataBits,
    classes: isRegression ? 2 ** encoding.dataBits : targetCount(encoding),
    rows: samples.rows.map((row) => row.subarray(0, features)),
    labels: samples.rows.map((row) => (isRegression ? row[features]! : classOf(encoding, row.subarray(features)))),
  });
}

/** The class whose indicator is highest; offsets differ by class, digits alone cannot be compared. */
function classOf(encoding: SampleEncoding, digits: Uint16Array): number {
  const indicators = Array.from(digits, (digit, c) => targetOfDigit(encoding, digit, c));
  return indicators.indexOf(Math.max(...indicators));
}

/** The encoding of features (and of a regression's target) as the sale of the trained network publishes it. */
export function networkEncodingOf(encoding: SampleEncoding): Encoding {
  const { dataBits, features, target } = encoding;
  return createEncoding({
    inputBits: dataBits,
    features: features.length,
    pooling: null,
    offsets: features.map((column) => lowest(encoding, column)),
    scales: features.map(({ scale }) => scale),
    ...(target.kind === "regression"
      ? { target: { bits: dataBits, offset: lowest(encoding, target), scale: target.scale } }
      : {}),
  });
}

/** SHA-256 of the canonical encoding: the `encodingDigest` of a round's terms. */
export function digestEncoding(encoding: SampleEncoding): Hex {
  const { dataBits, features, target } = encoding;
  const encoder = new CanonicalEncoder("zkcmp/sample-encoding/v1").unsigned(dataBits, 1).unsigned(features.length, 4);
  for (const { name, offset, scale } of features) encoder.text(name).float(offset).float(scale);
  encoder.text(target.kind).text(target.name);
  if (target.kind === "regression") {
    encoder.float(target.offset).float(target.scale);
  } else {
    encoder.unsigned(target.classes.length, 4);
    target.classes.forEach((name, c) => encoder.text(name).float(target.priors[c]!));
  }
  return toHex(encoder.digest());
}

const ENCODING_FILE = "the encoding of a round (format zkcmp-sample-encoding, version 1)";

const column = { name: z.string().min(1), offset: z.number(), scale: z.number() };

const encodingFileSchema = z.strictObject({
  format: z.literal("zkcmp-sample-encoding"),
  version: z.literal(1),
  dataBits: z.int(),
  features: z.array(z.strictObject(column)),
  target: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("regression"), ...column }),
    z.strictObject({
      kind: z.literal("classes"),
      name: z.string().min(1),
      classes: z.array(z.string().min(1)),
      priors: z.array(z.number()),
    }),
  ]),
});

export function sampleEncodingToJson(encoding: SampleEncoding): unknown {
  return { format: "zkcmp-sample-encoding", version: 1, ...encoding };
}

/**
 * Checks a JSON value and builds the encoding; `name` stands for its source in errors.
 * @throws FileFormatError, SampleEncodingError
 */
export function sampleEncodingFromJson(value: unknown, name = "The value"): SampleEncoding {
  return encodingFromFile(checkJson(value, name, ENCODING_FILE, encodingFileSchema));
}

function encodingFromFile({ dataBits, features, target }: z.infer<typeof encodingFileSchema>): SampleEncoding {
  return createSampleEncoding({ dataBits, features, target });
}

/**
 * Reads an encoding file.
 * @throws FileFormatError, SampleEncodingError
 */
export async function readSampleEncoding(path: string): Promise<SampleEncoding> {
  return encodingFromFile(await readJsonFile(path, ENCODING_FILE, encodingFileSchema));
}

export async function writeSampleEncoding(path: string, encoding: SampleEncoding): Promise<void> {
  await writeJsonFile(path, sampleEncodingToJson(encoding));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rangeOf(values: Float64Array): [number, number] {
  return [
    values.reduce((low, value) => Math.min(low, value), Infinity),
    values.reduce((high, value) => Math.max(high, value), -Infinity),
  ];
}
