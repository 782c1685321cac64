import { CanonicalEncoder } from "@zkcmp/field/encoding";
import type { TableShape } from "./table.ts";
import { Transcript } from "./transcript.ts";

/** What both ends agree on before a proof: which tables are committed, and the system that they have to satisfy. */
export interface Argument {
  readonly name: string;
  readonly tables: readonly TableShape[];
  /** Of whatever else is public about the system: circuits, relations, their order. Absorbed before any message. */
  readonly digest: Uint8Array;
}

const MIN_COLUMNS = 64;
export const MAX_COLUMNS = 8192;

/**
 * Entries in one row commitment: the smallest power of two that is at least the square root of all entries, within 64 and
 * 8192. Rows and the opening's vector are then about equally long, as in Hyrax (eprint 2017/1132, section 6.1).
 * @throws {RangeError} if a table has no shape of {@link TableShape}
 */
export function columnsOf(argument: Argument): number {
  argument.tables.forEach(checkShape);
  const entries = argument.tables.reduce((sum, { copies, slots }) => sum + copies * slots, 0);
  let columns = MIN_COLUMNS;
  while (columns < MAX_COLUMNS && columns * columns < entries) columns *= 2;
  return columns;
}

/** Row commitments of a table: entry (copy, slot) stands at copy * slots + slot, row by row; empty rows are not sent. */
export function rowsOf(shape: TableShape, columns: number): number {
  return Math.ceil((shape.copies * shape.slots) / columns);
}

/**
 * The transcript of a proof up to the tables' commitments: everything public first, so that no challenge is older than
 * the statement.
 * @param statement a canonical encoding of what is proven
 * @param rows the compressed row commitments of all tables
 */
export function beginTranscript(argument: Argument, statement: Uint8Array, rows: Uint8Array): Transcript {
  const transcript = new Transcript();
  const system = new CanonicalEncoder("zkcmp/libra/argument/v1").text(argument.name).bytes(argument.digest);
  system.unsigned(columnsOf(argument), 4).unsigned(argument.tables.length, 4);
  for (const { name, copies, slots, wide } of argument.tables) {
    system.text(name).unsigned(copies, 4).unsigned(slots, 4).unsigned(wide.length, 4);
    for (const slot of wide) system.unsigned(slot, 4);
  }
  transcript.absorb("argument", system.digest());
  transcript.absorb("statement", statement);
  transcript.absorb("tables", rows);
  return transcript;
}

function checkShape({ name, copies, slots, wide }: TableShape): void {
  const inRange = Number.isSafeInteger(copies) && copies >= 1 && Number.isSafeInteger(slots) && slots >= 1;
  if (!inRange || 2 ** Math.floor(Math.log2(slots)) !== slots || copies * slots >= 2 ** 32) {
    throw new RangeError(`table ${name} has ${copies} copies of ${slots} slots`);
  }
  if (!wide.every((slot, i) => Number.isInteger(slot) && slot >= 0 && slot < slots && slot > (wide[i - 1] ?? -1))) {
    throw new RangeError(`the wide slots of table ${name} do not rise within ${slots} slots`);
  }
}
