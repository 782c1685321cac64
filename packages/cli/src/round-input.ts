import type { RoundFile } from "@zkcmp/chain/rounds/round-file";
import { parseRoundFile } from "@zkcmp/chain/rounds/round-file";
import {
  type ConsentMessage,
  type Disclosure,
  parseConsent,
  parseDisclosure,
  parseReceipt,
  parseRoundProof,
  type ReceiptMessage,
  type RoundProof,
} from "@zkcmp/chain/rounds/round-message";
import { readJsonFile } from "@zkcmp/network/json-file";
import { type ColumnReport, encodeTable, reportLines, type SampleEncoding } from "@zkcmp/shapley/sample-encoding";
import { readSampleTable } from "@zkcmp/shapley/sample-table";
import type { Samples } from "@zkcmp/shapley/samples";
import { z } from "zod";

/*
 * The files that the commands of a round read. Their own schemas check them, so here any JSON will do.
 */

async function readAny(path: string, what: string): Promise<unknown> {
  return readJsonFile(path, what, z.unknown());
}

export const ROUND_HELP = "the round file that `round open` wrote";

/** @throws FileFormatError, RoundError */
export async function readRound(path: string): Promise<RoundFile> {
  return parseRoundFile(await readAny(path, "a round file"), path);
}

/** @throws FileFormatError */
export async function readDisclosure(path: string): Promise<Disclosure> {
  return parseDisclosure(await readAny(path, "a disclosure"), path);
}

/** @throws FileFormatError */
export async function readReceipt(path: string): Promise<ReceiptMessage> {
  return parseReceipt(await readAny(path, "a receipt"), path);
}

/** @throws FileFormatError */
export async function readConsent(path: string): Promise<ConsentMessage> {
  return parseConsent(await readAny(path, "a consent"), path);
}

/** @throws FileFormatError */
export async function readRoundProof(path: string): Promise<RoundProof> {
  return parseRoundProof(await readAny(path, "a proof of a round"), path);
}

/** Rows of a CSV through an encoding. */
export interface EncodedSamples {
  readonly samples: Samples;
  readonly report: readonly ColumnReport[];
  /** Lines that were left out because a value is missing. */
  readonly dropped: readonly number[];
}

/** @throws SampleTableError, SampleEncodingError, CsvError */
export async function readSamples(
  path: string,
  encoding: SampleEncoding,
  { dropMissing }: { readonly dropMissing: boolean },
): Promise<EncodedSamples> {
  const columns = [...encoding.features.map(({ name }) => name), encoding.target.name];
  const table = await readSampleTable(path, { columns, dropMissing });
  return { ...encodeTable(encoding, table), dropped: table.dropped };
}

/** What the digits keep of the rows, in words. */
export function sampleLines({ report, dropped, samples }: EncodedSamples, path: string): string[] {
  const clipped = Math.max(...report.map((column) => column.clipped));
  return [
    `${samples.rows.length} rows of ${path} as digits:`,
    ...reportLines(report).map((line) => `  ${line}`),
    ...(dropped.length === 0 ? [] : [`Left out, since a value is missing: line ${dropped.join(", ")}.`]),
    ...(clipped > 0.05
      ? ["More than 5 % of a column are clipped: the encoding's range does not suit these rows."]
      : []),
  ];
}
