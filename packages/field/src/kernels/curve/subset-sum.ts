import { AFFINE_BYTES, JobList, type PointAdder, type PointReference, settle, sumSegments } from "./segment-sum.ts";

/*
 * Sums of subsets of one list of points for many rows of bits (Pedersen commitments to bits under shared generators): columns are
 * taken in groups of up to 8, all subset sums of a group are tabulated once, and a row then takes one point a group.
 */

/** Columns of a group, so that tables and lookups together cost the fewest additions a column. */
export function groupWidth(rows: number): number {
  let best = 1;
  for (let width = 2; width <= 8; width++) if ((2 ** width + rows) / width < (2 ** best + rows) / best) best = width;
  return best;
}

/** Points of the tables that stand in memory (and in the cache) at once: those of 8 groups of 8 columns, or more of narrower ones. */
const TABLE_POINTS = 2048;

/** Bytes for tables. */
export const TABLE_BYTES = AFFINE_BYTES * TABLE_POINTS;

export interface SubsetTask {
  /** Address of the first point, the one of column 0. */
  readonly points: number;
  readonly columns: number;
  /** Rows x columns of 0 and 1, row-major. */
  readonly bits: Uint8Array;
  readonly rows: number;
  readonly width: number;
  readonly firstGroup: number;
  readonly groups: number;
}

/**
 * For each row the sum of the points in the task's groups whose bit is 1.
 * @param tables the address of TABLE_BYTES
 * @param output 72 bytes a row
 * @returns for each row its place in `output`, or 0 if all its bits are 0
 */
export function sumSubsets(adder: PointAdder, task: SubsetTask, tables: number, output: number): Uint32Array {
  const { rows, firstGroup, groups } = task;
  const ends = new Uint32Array(rows);
  const block = Math.min(TABLE_POINTS / 2 ** task.width, groups);
  const references = new Uint32Array(rows * (block + 1));
  const patterns = new Uint8Array(rows * block);
  let sums: Uint32Array = new Uint32Array(rows);
  for (let group = firstGroup; group < firstGroup + groups; group += block) {
    const subsets = columnsOf(task, group, Math.min(block, firstGroup + groups - group));
    const table = tabulate(adder, task, subsets, tables);
    for (const [k, columns] of subsets.entries())
      readPatterns(task, columns, patterns.subarray(rows * k, rows * (k + 1)));
    let count = 0;
    for (let row = 0; row < rows; row++) {
      if (sums[row] !== 0) references[count++] = sums[row]!;
      for (let k = 0; k < subsets.length; k++) {
        const reference = table[(k << task.width) + patterns[rows * k + row]!]!;
        if (reference !== 0) references[count++] = reference;
      }
      ends[row] = count;
    }
    sums = sumSegments(adder, { references, ends }, output);
    // The next block writes over the tables.
    settle(adder, sums, output);
  }
  return sums;
}

interface Columns {
  readonly first: number;
  readonly end: number;
}

/** The columns of `count` groups, the first of which is `group`. */
function columnsOf({ width, columns }: SubsetTask, group: number, count: number): Columns[] {
  return Array.from({ length: count }, (_, k) => ({
    first: (group + k) * width,
    end: Math.min((group + k + 1) * width, columns),
  }));
}

/** The bits of a group in each row, the first column's lowest. */
function readPatterns({ bits, columns }: SubsetTask, { first, end }: Columns, patterns: Uint8Array): void {
  for (let row = 0, start = first; row < patterns.length; row++, start += columns) {
    let pattern = 0;
    for (let bit = 0; bit < end - first; bit++) pattern |= (bits[start + bit]! & 1) << bit;
    patterns[row] = pattern;
  }
}

/** For each group and pattern a reference to the sum of its points; 0 for the empty set. */
function tabulate(adder: PointAdder, task: SubsetTask, groups: readonly Columns[], memory: number): Uint32Array {
  const size = 2 ** task.width;
  const table = new Uint32Array(groups.length * size);
  const jobs = new JobList(adder);
  for (let bit = 0; bit < task.width; bit++) {
    for (const [k, { first, end }] of groups.entries()) {
      if (first + bit >= end) continue;
      const point: PointReference = task.points + AFFINE_BYTES * (first + bit);
      const base = k * size;
      table[base + 2 ** bit] = point;
      for (let pattern = 1; pattern < 2 ** bit; pattern++) {
        const place = base + 2 ** bit + pattern;
        table[place] = memory + AFFINE_BYTES * place;
        jobs.add(table[base + pattern]!, point, table[place]!);
      }
    }
    jobs.finish();
  }
  return table;
}
