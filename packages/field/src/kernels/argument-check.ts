import { KernelArgumentError } from "./kernel-error.ts";
import type { LayerWiring, SparsePattern } from "./kernels.ts";

/*
 * What both implementations of the kernels require of their arguments. WebAssembly reads whatever memory it is pointed
 * at, so these checks are its only fence; they are made once a call, never per entry, but for indices.
 */

/** @throws {KernelArgumentError} saying `problem` */
export function requireThat(condition: boolean, problem: string): void {
  if (!condition) throw new KernelArgumentError(problem);
}

/** Rows of a row-major matrix, the last one perhaps cut short. */
export function rowsOf(length: number, columns: number): number {
  requireThat(Number.isSafeInteger(columns) && columns >= 1, `a matrix of ${columns} columns`);
  return Math.ceil(length / columns);
}

export function requireRange(start: number, count: number, stride: number, length: number): void {
  requireThat(
    Number.isSafeInteger(start) && Number.isSafeInteger(stride) && start >= 0 && stride >= 1 && count >= 0,
    `a range from ${start} in steps of ${stride}`,
  );
  const end = count === 0 ? start : start + (count - 1) * stride + 1;
  requireThat(end <= length, `a range up to ${end} in a vector of ${length}`);
}

export function requireHalf(length: number, half: number): void {
  requireThat(
    Number.isSafeInteger(half) && half >= 1 && length <= 2 * half,
    `a table of ${length} and a half of ${half}`,
  );
}

export function requirePattern(pattern: SparsePattern, coefficients: number): void {
  requireThat(pattern.starts.length >= 1, "a sparse pattern without starts");
  requireThat(
    pattern.columns.length === coefficients,
    `${coefficients} coefficients for ${pattern.columns.length} places of a sparse pattern`,
  );
}

export function requireWiring(wiring: LayerWiring): void {
  const { outputs, products, right, linear, constants } = wiring;
  requireThat(
    products.starts.length === outputs + 1,
    `product gates of ${products.starts.length - 1} of ${outputs} outputs`,
  );
  requireThat(
    linear.starts.length === outputs + 1,
    `linear gates of ${linear.starts.length - 1} of ${outputs} outputs`,
  );
  requireThat(
    right.length === products.columns.length,
    `${right.length} right and ${products.columns.length} left operands`,
  );
  requireThat(constants.length === outputs, `${constants.length} constants for ${outputs} outputs`);
}
