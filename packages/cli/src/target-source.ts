import { readTargetCsv } from "@zkcmp/network/csv";
import { encodeRow, type Encoding } from "@zkcmp/network/encoding";
import { encodeTarget, isClipped, type TargetEncoding } from "@zkcmp/network/target-encoding";
import { createTestSet, readTestSet, sliceTestSet, type TestSet } from "@zkcmp/network/testset";
import { FileError, UsageError } from "./cli-error.ts";
import { type DataOptions, defaultEncoding, expectRows, kindOf } from "./data-source.ts";

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

/** The bits of targets that are digits already. */
const DIGIT_BITS = 16;

/** Reads a CSV with a numeric target column. @throws CsvError, FileError, UsageError for options that do not fit */
export async function readRawTargets(path: string, options: DataOptions): Promise<RawTargets> {
  if ((await kindOf(path)) !== "CSV") {
    throw new FileError(`${path} is no CSV`, "Give a CSV with a numeric target column.");
  }
  if (options.classes !== undefined || options.labels !== undefined) {
    throw new UsageError("a regression has targets, not classes", "Leave --classes and --labels away.");
  }
  const { rows, targets } = await readTargetCsv(
    path,
    options.labelColumn === undefined ? {} : { label: options.labelColumn },
  );
  const range = options.rows;
  if (range === undefined) return { rows, targets };
  expectRows(range, rows.length, path);
  return { rows: rows.slice(range.first - 1, range.last), targets: targets.slice(range.first - 1, range.last) };
}

/**
 * Reads the rows of a regression test set: an encoded set as it is, a CSV through an encoding.
 * @param encoding with its target; without one, features are integers of `inputBits` and targets digits of 16 bits
 */
export async function readEncodedTargets(
  path: string,
  options: DataOptions,
  encoding: Encoding | null,
  inputBits: number | undefined,
): Promise<EncodedTargets> {
  if ((await kindOf(path)) === "test set") {
    const set = await readTestSet(path);
    const { rows } = options;
    if (rows === undefined) return { set, clipped: 0 };
    expectRows(rows, set.rows.length, path);
    return { set: sliceTestSet(set, rows.first - 1, rows.last), clipped: 0 };
  }
  const raw = await readRawTargets(path, options);
  if (encoding !== null) return encodeTargets(raw, encoding, targetOf(encoding));
  const wrong = raw.targets.findIndex((target) => !Number.isInteger(target) || target < 0 || target >= 2 ** DIGIT_BITS);
  if (wrong !== -1) {
    throw new FileError(
      `row ${wrong + 1} has a target that is no integer from 0 to ${2 ** DIGIT_BITS - 1}`,
      "Give --encoding FILE for targets that are not such digits already.",
    );
  }
  const whole = defaultEncoding({ rows: raw.rows, image: null }, inputBits);
  return encodeTargets(raw, whole, { bits: DIGIT_BITS, offset: 0, scale: 1 });
}

/** Encodes every row and target. @throws EncodingError, TargetEncodingError when a row does not fit */
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

/** @throws {UsageError} if the encoding is one of a classification */
export function targetOf({ target }: Encoding): TargetEncoding {
  if (target !== undefined) return target;
  throw new UsageError(
    "the encoding does not say how targets become digits",
    "Make one with `zkcmp network import --predicate squared-error --encoding-out`.",
  );
}
