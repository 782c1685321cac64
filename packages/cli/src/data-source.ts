import { readFile } from "node:fs/promises";
import { Option } from "@commander-js/extra-typings";
import type { Encoding } from "@zkcmp/network/encoding";
import { readIdxBytes } from "@zkcmp/network/idx";
import {
  dataKind,
  defaultEncoding,
  encodeData,
  type NamedBytes,
  parseEncodedData,
  parseImages,
  parseTable,
  type RawData,
  RawDataError,
} from "@zkcmp/network/raw-data";
import type { TestSet } from "@zkcmp/network/testset";
import { FileError, UsageError } from "./cli-error.ts";
import { parseClasses, parseRowRange } from "./option-value.ts";

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

/** Reads a data file of any kind. @throws {FileError} */
export async function readDataFile(path: string): Promise<NamedBytes> {
  try {
    return { name: path, bytes: await readFile(path) };
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new FileError(
      `cannot read ${path}${missing ? ": there is no such file" : ""}`,
      "Give a CSV, an IDX file or a zkcmp test set.",
      { cause },
    );
  }
}

/** Reads a CSV or a pair of IDX files. @throws CsvError, IdxError, UsageError for options that do not fit the file */
export async function readRawData(path: string, options: DataOptions): Promise<RawData> {
  return namingOptions(async () => rawDataOf(await readDataFile(path), options));
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
  return namingOptions(async () => {
    const file = await readDataFile(path);
    if (dataKind(file.bytes) === "test set") return parseEncodedData([file], options, encoding, inputBits);
    const raw = await rawDataOf(file, options);
    return encodeData(raw, encoding ?? defaultEncoding(raw, inputBits));
  });
}

/** Unlike a page, a command is told which file holds the images and which the labels, and holds both to it. */
async function rawDataOf(file: NamedBytes, options: DataOptions): Promise<RawData> {
  const { name: path, bytes } = file;
  const { labels } = options;
  const kind = dataKind(bytes);
  if (kind === "test set") {
    throw new FileError(`${path} is an encoded test set`, "Give a CSV or IDX file here.");
  }
  if (kind === "CSV") {
    if (labels !== undefined) {
      throw new UsageError(`${path} is a CSV and has its labels in a column`, "Leave --labels away.");
    }
    return parseTable(file, options);
  }
  if (labels === undefined) {
    throw new UsageError(`${path} is an IDX file of images`, "Give the IDX file of their labels with --labels.");
  }
  return parseImages(file, { name: labels, bytes: await readIdxBytes(labels) }, options);
}

/** Does work on data, whose errors then name the options of this program. @throws {UsageError}, {FileError} */
export async function namingOptions<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof RawDataError)) throw cause;
    const { problem, fix, fault, rows } = cause;
    switch (fault) {
      case "rows":
        throw new UsageError(problem, `Let --rows end at ${rows} or before.`, { cause });
      case "rule":
        throw new UsageError(problem, "Give --encoding FILE, or --input-bits if they are such integers already.", {
          cause,
        });
      case "target":
        throw new UsageError(
          problem,
          "Make one with `zkcmp network import --predicate squared-error --encoding-out`.",
          { cause },
        );
      case "value":
        throw new FileError(problem, fix.replace("Give an encoding", "Give --encoding FILE"), { cause });
      default:
        throw new FileError(problem, fix, { cause });
    }
  }
}
