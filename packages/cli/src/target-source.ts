import type { Encoding } from "@zkcmp/network/encoding";
import {
  dataKind,
  type EncodedTargets,
  type NamedBytes,
  parseEncodedTargets,
  parseRawTargets,
  type RawTargets,
} from "@zkcmp/network/raw-data";
import { UsageError } from "./cli-error.ts";
import { type DataOptions, namingOptions, readDataFile } from "./data-source.ts";

/** Reads a CSV with a numeric target column. @throws CsvError, FileError, UsageError for options that do not fit */
export async function readRawTargets(path: string, options: DataOptions): Promise<RawTargets> {
  return namingOptions(async () => {
    const file = await readDataFile(path);
    expectTargets(file, options);
    return parseRawTargets(file, options);
  });
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
  return namingOptions(async () => {
    const file = await readDataFile(path);
    expectTargets(file, options);
    return parseEncodedTargets(file, options, encoding, inputBits);
  });
}

function expectTargets({ bytes }: NamedBytes, { classes, labels }: DataOptions): void {
  if (dataKind(bytes) === "CSV" && (classes !== undefined || labels !== undefined)) {
    throw new UsageError("a regression has targets, not classes", "Leave --classes and --labels away.");
  }
}
