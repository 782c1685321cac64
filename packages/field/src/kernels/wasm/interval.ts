import { ZkcmpError } from "../../error.ts";

/** All integers from min to max, both included. */
export interface Interval {
  readonly min: bigint;
  readonly max: bigint;
}

/** A WebAssembly function is being written in which a number can outgrow its bits. */
export class BoundsError extends ZkcmpError {
  constructor(what: string, range: Interval, allowed: Interval) {
    super(
      `${what} can reach ${show(range)}, outside ${show(allowed)}`,
      "Carry or reduce earlier, or add fewer terms before the next carry.",
    );
  }
}

function show({ min, max }: Interval): string {
  return `[${power(min)}, ${power(max)}]`;
}

/** About the logarithm: what one needs to see when a bound fails. */
function power(value: bigint): string {
  const size = value < 0n ? -value : value;
  if (size < 1n << 20n) return String(value);
  const bits = size.toString(2).length;
  const fraction = Math.log2(Number(size >> BigInt(bits - 20))) - 20;
  return `${value < 0n ? "-" : ""}2^${(bits + fraction).toFixed(2)}`;
}

/** The interval of one value. */
export function exactly(value: bigint): Interval {
  return { min: value, max: value };
}

/** [0, 2^bits) */
export function unsigned(bits: number): Interval {
  return { min: 0n, max: (1n << BigInt(bits)) - 1n };
}

/** [-2^(bits-1), 2^(bits-1)) */
export function signed(bits: number): Interval {
  return { min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n };
}

export function contains(outer: Interval, inner: Interval): boolean {
  return outer.min <= inner.min && inner.max <= outer.max;
}

/** @throws {BoundsError} unless `range` lies inside `allowed` */
export function requireInside(what: string, range: Interval, allowed: Interval): void {
  if (!contains(allowed, range)) throw new BoundsError(what, range, allowed);
}

export function sum(a: Interval, b: Interval): Interval {
  return { min: a.min + b.min, max: a.max + b.max };
}

export function difference(a: Interval, b: Interval): Interval {
  return { min: a.min - b.max, max: a.max - b.min };
}

export function product(a: Interval, b: Interval): Interval {
  const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
  return {
    min: corners.reduce((least, corner) => (corner < least ? corner : least)),
    max: corners.reduce((most, corner) => (corner > most ? corner : most)),
  };
}

/** Rounding towards minus infinity, as a shift does. */
export function shiftedRight(a: Interval, bits: number): Interval {
  return { min: a.min >> BigInt(bits), max: a.max >> BigInt(bits) };
}

/**
 * What lies in both.
 * @throws {BoundsError} if nothing does: then one of them is wrong, and anything would follow from the two
 */
export function intersection(a: Interval, b: Interval): Interval {
  const common = { min: a.min > b.min ? a.min : b.min, max: a.max < b.max ? a.max : b.max };
  if (common.min > common.max) throw new BoundsError("what is known of a number", b, a);
  return common;
}

export function union(a: Interval, b: Interval): Interval {
  return { min: a.min < b.min ? a.min : b.min, max: a.max > b.max ? a.max : b.max };
}
