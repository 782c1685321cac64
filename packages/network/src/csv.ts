import { textFile } from "#text-file";
import { ZkcmpError } from "@zkcmp/field/error";

/** A labelled table of numbers. */
export interface Table {
  /** Null for a file without a header. */
  readonly featureNames: readonly string[] | null;
  readonly rows: readonly Float64Array[];
  /** Classes 0 to C - 1. */
  readonly labels: Uint16Array;
  /** classNames[c] is the text that stands for class c in the file. */
  readonly classNames: readonly string[];
}

/** A table of numbers of which one column is the target of a regression. */
export interface TargetTable extends Pick<Table, "featureNames" | "rows"> {
  readonly targets: Float64Array;
}

export interface CsvOptions {
  /** The label column by name; without it the last column. */
  readonly label?: string;
  /** The classes in order, when known already: a test set may lack some, and any other label is an error. */
  readonly classNames?: readonly string[];
  /** One character; a comma by default. */
  readonly separator?: string;
  /** Stands for the file in errors. */
  readonly name?: string;
}

/** A CSV file that is not a labelled table of numbers; names line and column. */
export class CsvError extends ZkcmpError {}

/** A decimal number as it may stand in a CSV. */
export const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
const MISSING = new Set(["", "?", "na", "n/a", "nan", "null"]);
const MAX_CLASSES = 1 << 16;

/** A line of a CSV file, cells trimmed and unquoted. */
export interface CsvLine {
  /** Counted from 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

/**
 * Parses a CSV of numeric features and one label column of integers or names. The first line is a header if none of
 * its features is a number. Without `classNames`, distinct labels become classes in order: integers by value, names
 * by code point.
 * @throws CsvError for an empty file, a ragged line, a missing value, something that is not a number, an unknown label
 */
export function parseCsv(text: string, options: CsvOptions = {}): Table {
  const { featureNames, rows, data, labelColumn, name, header } = readCells(text, options);
  const texts = data.map((line) => toLabel(line.cells[labelColumn] as string, place(name, line, labelColumn, header)));
  const classNames = options.classNames ?? classesOf(texts, name);
  const index = new Map(classNames.map((text, c) => [text, c]));
  const labels = texts.map((text, i) => {
    const label = index.get(text);
    if (label === undefined) {
      throw new CsvError(
        `${place(name, data[i] as CsvLine, labelColumn, header)}: the label "${text}" is not one of the classes`,
        `The classes are ${classNames.join(", ")}`,
      );
    }
    return label;
  });
  return { featureNames, rows, labels: Uint16Array.from(labels), classNames };
}

/**
 * Parses a CSV of numeric features and one numeric target column, by the rules of {@link parseCsv}.
 * @throws CsvError as {@link parseCsv}, and for a target that is not a number
 */
export function parseTargetCsv(text: string, options: Omit<CsvOptions, "classNames"> = {}): TargetTable {
  const { featureNames, rows, data, labelColumn, name, header } = readCells(text, options);
  const targets = data.map((line) => {
    return toNumber(line.cells[labelColumn] as string, place(name, line, labelColumn, header));
  });
  return { featureNames, rows, targets: Float64Array.from(targets) };
}

/** Header, features and lines of a CSV; the label column is found and not read. */
function readCells(text: string, options: CsvOptions) {
  const name = options.name ?? "The CSV";
  const lines = csvLines(text, options.separator ?? ",", name);
  const [first, ...others] = lines;
  if (first === undefined) throw new CsvError(`${name} is empty`, "Give a file with at least one row");
  const width = first.cells.length;
  if (width < 2) {
    throw new CsvError(`${name} has one column`, "Give features and a label, separated by commas");
  }
  const header = isHeader(first, options) ? first.cells : null;
  const labelColumn = findLabel(header, width, options.label, name);
  const data = header === null ? lines : others;
  if (data.length === 0) throw new CsvError(`${name} has a header and no rows`, "Give a file with at least one row");
  for (const line of data) {
    if (line.cells.length !== width) {
      throw new CsvError(
        `${name}, line ${line.number}: ${line.cells.length} columns, the first line has ${width}`,
        "Give every line the same columns",
      );
    }
  }
  const isFeature = (_: unknown, column: number): boolean => column !== labelColumn;
  const rows = data.map((line) => {
    const values = line.cells.map((cell, column) => {
      return column === labelColumn ? 0 : toNumber(cell, place(name, line, column, header));
    });
    return Float64Array.from(values.filter(isFeature));
  });
  return { name, header, labelColumn, data, rows, featureNames: header?.filter(isFeature) ?? null };
}

/**
 * Reads a CSV file as {@link parseCsv} does.
 * @throws CsvError also when the file cannot be read
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<Table> {
  return parseCsv(await readText(path), { name: path, ...options });
}

/**
 * Reads a CSV file as {@link parseTargetCsv} does.
 * @throws CsvError also when the file cannot be read
 */
export async function readTargetCsv(path: string, options: Omit<CsvOptions, "classNames"> = {}): Promise<TargetTable> {
  return parseTargetCsv(await readText(path), { name: path, ...options });
}

/** The text of a file. @throws CsvError when it cannot be read */
export async function readText(path: string): Promise<string> {
  try {
    return await textFile.read(path);
  } catch (cause) {
    throw new CsvError(`Cannot read ${path}`, "Give the path of a CSV file", { cause });
  }
}

/**
 * The lines of a CSV, without empty ones at its end.
 * @throws CsvError for a blank line or an open quote
 */
export function csvLines(text: string, separator: string, name: string): CsvLine[] {
  // A byte order mark counts as white space, so trimming the first cell removes it.
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines.map((line, index) => {
    if (line.trim() === "") throw new CsvError(`${name}, line ${index + 1} is blank`, "Remove the line");
    return { number: index + 1, cells: splitCells(line, separator, `${name}, line ${index + 1}`) };
  });
}

/** Cells may stand in double quotes, in which a doubled quote stands for one; a cell never spans lines. */
function splitCells(line: string, separator: string, where: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (quoted && character === '"' && line[i + 1] === '"') cell += line[++i];
    else if (character === '"' && (quoted || cell.trim() === "")) quoted = !quoted;
    else if (character === separator && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  if (quoted) throw new CsvError(`${where}: a quote is not closed`, "Close it on the same line");
  cells.push(cell.trim());
  return cells;
}

function isHeader(line: CsvLine, options: CsvOptions): boolean {
  if (options.label !== undefined) return true;
  const features = line.cells.slice(0, -1);
  return !features.some((cell) => NUMBER.test(cell)) && !features.every(isMissing);
}

function findLabel(header: readonly string[] | null, width: number, label: string | undefined, name: string): number {
  if (label === undefined || header === null) return width - 1;
  const column = header.indexOf(label);
  if (column === -1) {
    throw new CsvError(`${name} has no column "${label}"`, `Its first line names ${header.join(", ")}`);
  }
  return column;
}

function place(name: string, line: CsvLine, column: number, header: readonly string[] | null): string {
  const title = header === null ? "" : ` (${header[column]})`;
  return `${name}, line ${line.number}, column ${column + 1}${title}`;
}

function toNumber(cell: string, where: string): number {
  expectPresent(cell, where);
  const value = Number(cell);
  if (!NUMBER.test(cell) || !Number.isFinite(value)) {
    throw new CsvError(
      `${where}: "${cell}" is not a number`,
      "Features and targets must be numbers with a decimal point",
    );
  }
  return value;
}

function toLabel(cell: string, where: string): string {
  expectPresent(cell, where);
  if (INTEGER.test(cell)) return String(BigInt(cell.replace(/^\+/, "")));
  if (NUMBER.test(cell)) {
    throw new CsvError(`${where}: the label ${cell} is not an integer`, "Labels are integers or names of classes");
  }
  return cell;
}

/** Whether a cell stands for a value that is not there. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.toLowerCase());
}

function expectPresent(cell: string, where: string): void {
  if (isMissing(cell)) {
    throw new CsvError(`${where}: the value is missing`, "Fill it in or remove the line");
  }
}

function classesOf(texts: readonly string[], name: string): string[] {
  const distinct = [...new Set(texts)];
  if (distinct.length > MAX_CLASSES) {
    throw new CsvError(`${name} has ${distinct.length} different labels`, `Use at most ${MAX_CLASSES} classes`);
  }
  if (!distinct.every((text) => INTEGER.test(text))) return distinct.sort();
  return distinct.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}
