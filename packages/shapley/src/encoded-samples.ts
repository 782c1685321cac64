import { type ColumnReport, encodeTable, reportLines, type SampleEncoding } from "./sample-encoding.ts";
import { parseSampleTable } from "./sample-table.ts";
import type { Samples } from "./samples.ts";

/** Rows of a CSV through an encoding. */
export interface EncodedSamples {
  readonly samples: Samples;
  readonly report: readonly ColumnReport[];
  /** Lines that were left out because a value is missing. */
  readonly dropped: readonly number[];
}

/**
 * Reads the columns that an encoding names from the text of a CSV, and encodes them.
 * @param name stands for the text's source in errors
 * @throws SampleTableError, SampleEncodingError, CsvError
 */
export function parseSamples(
  text: string,
  name: string,
  encoding: SampleEncoding,
  { dropMissing }: { readonly dropMissing: boolean },
): EncodedSamples {
  const columns = [...encoding.features.map((feature) => feature.name), encoding.target.name];
  const table = parseSampleTable(text, { columns, dropMissing, name });
  return { ...encodeTable(encoding, table), dropped: table.dropped };
}

/** What the digits keep of the rows, in words. @param name where the rows stand */
export function sampleLines({ report, dropped, samples }: EncodedSamples, name: string): string[] {
  const clipped = Math.max(...report.map((column) => column.clipped));
  return [
    `${samples.rows.length} rows of ${name} as digits:`,
    ...reportLines(report).map((line) => `  ${line}`),
    ...(dropped.length === 0 ? [] : [`Left out, since a value is missing: line ${dropped.join(", ")}.`]),
    ...(clipped > 0.05
      ? ["More than 5 % of a column are clipped: the encoding's range does not suit these rows."]
      : []),
  ];
}
