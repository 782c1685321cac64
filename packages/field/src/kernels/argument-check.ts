import { FIELD_ORDER, type FieldElement } from "../element.ts";
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

/** Of a length or a number of things. */
export function requireCount(count: number, least = 0): void {
  requireThat(Number.isSafeInteger(count) && count >= least, `${count} for a count of at least ${least}`);
}

/** Of a single factor; vectors' entries are checked as they come in. The factor may be a secret and is not shown. */
export function requireElement(value: FieldElement): void {
  requireThat(typeof value === "bigint" && value >= 0n && value < FIELD_ORDER, "a factor that is not in [0, r)");
}

/** Rows of a row-major matrix, the last one perhaps cut short. */
export function rowsOf(length: number, columns: number): number {
  requireCount(columns, 1);
  return Math.ceil(length / columns);
}

/** Of `count` entries from `start` on in steps of `stride`. */
export function requireRange(start: number, count: number, stride: number, length: number): void {
  requireCount(start);
  requireCount(count);
  requireCount(stride, 1);
  const end = count === 0 ? start : start + (count - 1) * stride + 1;
  requireThat(end <= length, `a range up to ${end} in a vector of ${length}`);
}

export function requireHalf(length: number, half: number): void {
  requireCount(half, 1);
  requireThat(length <= 2 * half, `a table of ${length} and a half of ${half}`);
}

/** Of a table of copies x slots, both whole. */
export function requireSlots(length: number, slots: number): void {
  requireCount(slots, 1);
  requireThat(length % slots === 0, `a table of ${length} with ${slots} slots a copy`);
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
  requireCount(outputs);
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
