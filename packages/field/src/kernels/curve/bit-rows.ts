import type { PointStore, StoredPoints } from "./point-store.ts";
import { AFFINE_BYTES } from "./segment-sum.ts";
import { groupWidth } from "./subset-sum.ts";
import { pagesOf, SUBSET_THREAD_BYTES } from "./thread-tasks.ts";

/** Additions that are worth a thread. */
const LEAST_ADDITIONS = 128;

/**
 * For each row start[row] + the sum of the points whose bit is 1: threads take groups of columns for all rows, then rows, for which
 * they add up the threads' parts.
 */
export function commitBits(
  store: PointStore,
  points: StoredPoints,
  bits: Uint8Array,
  start: StoredPoints,
): StoredPoints {
  const { machine } = store;
  const { memory, threads } = machine;
  const rows = start.length;
  const output = store.allocate(rows);
  memory.scope(() => {
    const width = groupWidth(rows);
    const groups = Math.ceil(points.length / width);
    const input = memory.allocate(rows * points.length);
    const sums = memory.allocate(AFFINE_BYTES * rows * threads);
    const results = memory.allocate(4 * rows * threads);
    const own = memory.allocate(SUBSET_THREAD_BYTES * threads);
    const matrix = memory.bytes(input, rows * points.length);
    matrix.set(bits);
    matrix.fill(0, bits.length);
    const pages = pagesOf(memory.memory);
    const parts = machine.run("sumSubsets", groups, Math.ceil(LEAST_ADDITIONS / (rows + 2 ** width)), (thread) => [
      ...[points.address, points.length, input, rows, width, own + SUBSET_THREAD_BYTES * thread],
      ...[sums + AFFINE_BYTES * rows * thread, results + 4 * rows * thread, pages],
    ]);
    machine.run("joinRows", rows, LEAST_ADDITIONS, (thread) => [
      ...[rows, start.address, results, parts, own + SUBSET_THREAD_BYTES * thread, output.address, pages],
    ]);
  });
  return output;
}
