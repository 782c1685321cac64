import { AFFINE_BYTES, type PointAdder, type Segments, sumSegments, sumSegmentsInto } from "./segment-sum.ts";
import { readDigits, type WindowPlan } from "./window-plan.ts";

/*
 * Part of a multi-scalar multiplication by the bucket method (Bernstein, Doumen, Lange and Oosterwijk, "Faster batch forgery
 * identification", 2012, section 4), with signed digits. In each window the points are sorted into buckets by their digits and
 * added up by bucket; then each window needs the sum of (i + 1) B_i over its buckets B_i. With i = row * columns + column that is
 * columns * (sum of row * R_row) + (sum of (column + 1) * C_column), R and C the sums of rows and columns. Such short weighted sums
 * are sums of subsets, one for each bit of the weights: Q_b of those whose weight has bit b. All of these are sums of lists, with
 * no order among additions, so that all can share inversions. What is left to the caller is the sum of 2^p Q_p over all bits p.
 */

/** A share of the work: some windows of some points. */
export interface BucketTask {
  readonly plan: WindowPlan;
  readonly firstWindow: number;
  readonly windows: number;
  /** Address of the first point. */
  readonly points: number;
  /** Address of its scalar: SCALAR_WORDS words, the plan's offset already added. */
  readonly scalars: number;
  readonly count: number;
}

/** Points that a window leaves behind; {@link bitOfResult} says what they count. */
export function resultsOfWindow({ width }: WindowPlan): number {
  return width;
}

/**
 * The power of two that belongs to a window's result: the columns' weights 1 to 2^columnBits have columnBits + 1 bits; the rows'
 * have the rest and stand columnBits higher.
 */
export function bitOfResult({ width, columnBits }: WindowPlan, window: number, result: number): number {
  return window * width + (result <= columnBits ? result : result - 1);
}

/** Bytes that {@link sumBuckets} needs for itself. */
export function bucketBytes(plan: WindowPlan, windows: number): number {
  const { rows, columns } = shapeOf(plan);
  return AFFINE_BYTES * windows * (plan.buckets + rows + columns);
}

/**
 * Writes the results of the task's windows, `resultsOfWindow` each, to `output`; every place is written, with the neutral element
 * if nothing belongs there.
 * @param memory the address of `bucketBytes` bytes
 */
export function sumBuckets(adder: PointAdder, task: BucketTask, memory: number, output: number): void {
  const { plan, windows } = task;
  const buckets = sumSegments(adder, sortByBucket(adder.words, task), memory);
  const lines = sumSegments(adder, linesOf(buckets, plan, windows), memory + AFFINE_BYTES * windows * plan.buckets);
  sumSegmentsInto(adder, bitsOf(lines, plan, windows), output);
}

function shapeOf({ buckets, columnBits }: WindowPlan): { readonly rows: number; readonly columns: number } {
  return { rows: buckets / 2 ** columnBits, columns: 2 ** columnBits };
}

/** For each window and bucket the points whose digit belongs there, by counting sort. */
function sortByBucket(
  words: Uint32Array,
  { plan, firstWindow, windows, points, scalars, count }: BucketTask,
): Segments {
  const ends = new Uint32Array(windows * plan.buckets);
  const references = new Uint32Array(windows * count);
  const digits = new Int32Array(count);
  let filled = 0;
  for (let w = 0; w < windows; w++) {
    readDigits(words, scalars / 4, plan, firstWindow + w, digits);
    const places = ends.subarray(w * plan.buckets, (w + 1) * plan.buckets);
    for (const digit of digits) if (digit !== 0) places[Math.abs(digit) - 1]!++;
    for (let bucket = 0; bucket < places.length; bucket++) {
      const size = places[bucket]!;
      places[bucket] = filled;
      filled += size;
    }
    // A place is where its list begins, and moves to where it ends as the list is filled.
    for (let i = 0; i < count; i++) {
      const digit = digits[i]!;
      if (digit !== 0) references[places[Math.abs(digit) - 1]!++] = points + AFFINE_BYTES * i + (digit < 0 ? 1 : 0);
    }
  }
  return { references, ends };
}

/** Lists under construction, in their order. */
class SegmentBuilder {
  readonly #references: number[] = [];
  readonly #ends: number[] = [];

  add(reference: number): void {
    if (reference !== 0) this.#references.push(reference);
  }

  /** Ends the list; what is added next belongs to the next one. */
  close(): void {
    this.#ends.push(this.#references.length);
  }

  finish(): Segments {
    return { references: Uint32Array.from(this.#references), ends: Uint32Array.from(this.#ends) };
  }
}

/** For each window the lists of its columns' buckets, then those of its rows'. */
function linesOf(buckets: Uint32Array, plan: WindowPlan, windows: number): Segments {
  const { rows, columns } = shapeOf(plan);
  const lists = new SegmentBuilder();
  for (let w = 0; w < windows; w++) {
    const first = w * plan.buckets;
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) lists.add(buckets[first + row * columns + column]!);
      lists.close();
    }
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) lists.add(buckets[first + row * columns + column]!);
      lists.close();
    }
  }
  return lists.finish();
}

/** For each window and bit of a weight the columns, then the rows, whose weight has the bit. */
function bitsOf(lines: Uint32Array, plan: WindowPlan, windows: number): Segments {
  const { rows, columns } = shapeOf(plan);
  const lists = new SegmentBuilder();
  for (let w = 0; w < windows; w++) {
    const first = w * (columns + rows);
    for (let bit = 0; bit <= plan.columnBits; bit++) {
      for (let column = 0; column < columns; column++) if (((column + 1) >> bit) & 1) lists.add(lines[first + column]!);
      lists.close();
    }
    for (let bit = 0; bit < plan.width - 1 - plan.columnBits; bit++) {
      for (let row = 0; row < rows; row++) if ((row >> bit) & 1) lists.add(lines[first + columns + row]!);
      lists.close();
    }
  }
  return lists.finish();
}
