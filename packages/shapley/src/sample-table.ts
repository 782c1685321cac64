import { ZkcmpError } from "@zkcmp/field/error";
import { csvLines, isMissing, NUMBER, readText } from "@zkcmp/network/csv";

/** The columns of a CSV file by their names, without the ones that are ignored, all cells filled in. */
export interface SampleTable {
  /** Stands for the file in errors. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly SampleRow[];
  /** Line numbers of the rows that were left out because a value is missing. */
  readonly dropped: readonly number[];
}

export interface SampleRow {
  /** Line of the file, counted from 1; the header is line 1. */
  readonly line: number;
  /** One cell for each of the table's columns. */
  readonly cells: readonly string[];
}

export interface SampleTableOptions {
  /** Take these columns alone; by default all. */
  readonly columns?: readonly string[];
  /** Leave these columns out, with whatever is missing in them. */
  readonly ignore?: readonly string[];
  /** Leave rows with missing values out and say which; by default they are refused. */
  readonly dropMissing?: boolean;
  /** One character; a comma by default. */
  readonly separator?: string;
  /** Stands for the file in errors. */
  readonly name?: string;
}

/** A CSV file that is no table of samples, or a column that is not what it is used as; names line and column. */
export class SampleTableError extends ZkcmpError {}

/** An error lists at most this many cells. */
const LISTED = 8;

/**
 * Parses a CSV whose first line names the columns. A cell is missing if it is empty, `?`, or na, n/a, nan or null in any case.
 * @throws SampleTableError for an unknown or repeated column, a ragged line, no rows, and, unless they are dropped, missing
 * values: all of them, by line and column, in one error
 * @throws CsvError for a blank line or an open quote
 */
export function parseSampleTable(text: string, options: SampleTableOptions = {}): SampleTable {
  const name = options.name ?? "The CSV";
  const [header, ...lines] = csvLines(text, options.separator ?? ",", name);
  if (header === undefined) throw new SampleTableError(`${name} is empty`, "Give a header and at least one row.");
  const chosen = chooseColumns(header.cells, options, name);
  const columns = chosen.map((column) => header.cells[column]!);
  const rows = lines.map(({ number, cells }) => {
    if (cells.length !== header.cells.length) {
      throw new SampleTableError(
        `${name}, line ${number}: ${cells.length} columns, the header names ${header.cells.length}`,
        "Give every line the same columns.",
      );
    }
    return { line: number, cells: chosen.map((column) => cells[column]!) };
  });
  const gaps = rows.flatMap(({ line, cells }) =>
    columns.flatMap((column, k) => (isMissing(cells[k]!) ? [{ line, column }] : [])),
  );
  if (gaps.length > 0 && options.dropMissing !== true) throw missingValues(name, gaps);
  const dropped = [...new Set(gaps.map(({ line }) => line))];
  const left = new Set(dropped);
  const kept = rows.filter(({ line }) => !left.has(line));
  if (kept.length === 0) {
    throw new SampleTableError(
      `${name} has no ${rows.length === 0 ? "rows" : "row without a missing value"}`,
      "Give at least one row with all values.",
    );
  }
  return { name, columns, rows: kept, dropped };
}

/**
 * Reads a CSV file as {@link parseSampleTable} does.
 * @throws SampleTableError, CsvError
 */
export async function readSampleTable(path: string, options: SampleTableOptions = {}): Promise<SampleTable> {
  return parseSampleTable(await readText(path), { name: path, ...options });
}

function chooseColumns(header: readonly string[], options: SampleTableOptions, name: string): number[] {
  const twice = header.find((column, k) => header.indexOf(column) !== k);
  if (twice !== undefined) {
    throw new SampleTableError(`${name} has two columns "${twice}"`, "Give every column a name of its own.");
  }
  const ignored = options.ignore ?? [];
  const wanted = options.columns ?? header;
  const unknown = [...wanted, ...ignored].find((column) => !header.includes(column));
  if (unknown !== undefined) throw noColumn(name, unknown, header);
  const chosen = header.flatMap((column, k) => (wanted.includes(column) && !ignored.includes(column) ? [k] : []));
  if (chosen.length === 0) {
    throw new SampleTableError(`${name}: every column is left out`, "Keep at least one column.");
  }
  return chosen;
}

function missingValues(name: string, gaps: readonly { line: number; column: string }[]): SampleTableError {
  const listed = gaps.slice(0, LISTED).map(({ line, column }) => `line ${line} (${column})`);
  const more = gaps.length > LISTED ? ` and ${gaps.length - LISTED} more` : "";
  const values = gaps.length === 1 ? "1 value is" : `${gaps.length} values are`;
  return new SampleTableError(
    `${name}: ${values} missing: ${listed.join(", ")}${more}`,
    "Fill them in, ignore the columns, or ask for rows with missing values to be dropped.",
  );
}

function noColumn(name: string, column: string, columns: readonly string[]): SampleTableError {
  return new SampleTableError(`${name} has no column "${column}"`, `It has ${columns.join(", ")}.`);
}

/** The cells of one column. @throws SampleTableError if there is none of that name */
export function textsOf(table: SampleTable, column: string): string[] {
  const index = table.columns.indexOf(column);
  if (index === -1) throw noColumn(table.name, column, table.columns);
  return table.rows.map(({ cells }) => cells[index]!);
}

/**
 * One column as numbers.
 * @throws SampleTableError naming line and column of a cell that is not a finite decimal number
 */
export function numbersOf(table: SampleTable, column: string): Float64Array {
  return Float64Array.from(textsOf(table, column), (cell, row) => {
    const value = Number(cell);
    if (!NUMBER.test(cell) || !Number.isFinite(value)) {
      throw new SampleTableError(
        `${table.name}, line ${table.rows[row]!.line} (${column}): "${cell}" is not a number`,
        "Give decimal numbers, or ignore the column.",
      );
    }
    return value;
  });
}

/** The table of the rows at these positions. */
export function selectRows(table: SampleTable, positions: readonly number[]): SampleTable {
  return { ...table, rows: positions.map((position) => table.rows[position]!) };
}

/**
 * One group for each text in a column, such as the provider that a row came from, in the order in which they first occur.
 * @throws SampleTableError if there is no such column
 */
export function groupByText(table: SampleTable, column: string): Map<string, SampleTable> {
  const positions = new Map<string, number[]>();
  textsOf(table, column).forEach((text, row) => positions.set(text, [...(positions.get(text) ?? []), row]));
  return new Map([...positions].map(([text, rows]) => [text, selectRows(table, rows)]));
}

/**
 * Groups of about equal size by ranges of a numeric column; equal values stay together.
 * @returns `groups` tables by names such as "70 to 72", lowest values first
 * @throws SampleTableError for fewer different values than groups
 */
export function groupByRange(table: SampleTable, column: string, groups: number): Map<string, SampleTable> {
  const values = numbersOf(table, column);
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (!Number.isInteger(groups) || groups < 1 || groups > distinct.length) {
    throw new SampleTableError(
      `${table.name}: ${groups} groups of ${distinct.length} different values of "${column}"`,
      "Give an integer of at least 1 and at most as many groups as there are values.",
    );
  }
  const result = new Map<string, SampleTable>();
  let taken = 0;
  let next = 0;
  for (let group = 0; group < groups; group++) {
    const low = distinct[next]!;
    let rows: number[] = [];
    // Closest to the group's end at equal sizes; every later group must keep a value of its own.
    for (; next <= distinct.length - (groups - group); next++) {
      const more = [...values.keys()].filter((row) => values[row] === distinct[next]);
      const end = ((group + 1) * values.length) / groups;
      const isFarther = Math.abs(taken + more.length - end) > Math.abs(taken - end);
      if (rows.length > 0 && isFarther && group < groups - 1) break;
      rows = [...rows, ...more];
      taken += more.length;
    }
    const high = distinct[next - 1]!;
    result.set(
      low === high ? `${low}` : `${low} to ${high}`,
      selectRows(
        table,
        rows.sort((a, b) => a - b),
      ),
    );
  }
  return result;
}
