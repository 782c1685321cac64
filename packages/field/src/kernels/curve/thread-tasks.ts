import type { KernelFunctions } from "../instance.ts";
import type { WasmMemory } from "../wasm/web-assembly.ts";
import { bucketBytes, sumBuckets } from "./bucket-sum.ts";
import { PAIR_BYTES } from "./pair-emitter.ts";
import { addOffset, SCALAR_WORDS, splitScalars } from "./scalar-split.ts";
import { AFFINE_BYTES, type PointAdder, sumSegmentsInto, WORKSPACE_BYTES } from "./segment-sum.ts";
import { sumSubsets, TABLE_BYTES } from "./subset-sum.ts";
import { digitOffset, planWindows } from "./window-plan.ts";

/*
 * What each thread does of the large operations on points. These kernels are TypeScript: they decide which points are added, a few
 * nanoseconds against the 180 of an addition, and leave the additions to addPairs. Like the others they take a range and then
 * addresses and counts, and work on the shared memory; the last argument is how many pages it has.
 */

type Kernel = KernelFunctions[string];

/** Bytes of a page of WebAssembly's memory. */
const PAGE_BYTES = 65536;

/** The last argument of the kernels below. To be taken after the last allocation. */
export function pagesOf({ buffer }: WasmMemory): number {
  return buffer.byteLength / PAGE_BYTES;
}

/** Bytes that a thread needs for adding points: a neutral element, the memory of addPairs, the workspace of sums. */
export const ADDER_BYTES = AFFINE_BYTES + PAIR_BYTES + WORKSPACE_BYTES;

/** Words of a task of sumBuckets. */
export const BUCKET_TASK_WORDS = 6;

/** Bytes of a thread in sumBuckets. @param windows the most of a task */
export function bucketThreadBytes(width: number, windows: number): number {
  return ADDER_BYTES + bucketBytes(planWindows(width, 0), windows);
}

/** Bytes of a thread in sumSubsets. */
export const SUBSET_THREAD_BYTES = ADDER_BYTES + TABLE_BYTES;

/** The kernels of the curve that are TypeScript, on one thread's WebAssembly functions. */
export function curveTasks(functions: KernelFunctions, memory: WasmMemory): KernelFunctions {
  const addPairs = functions["addPairs"]!;

  // A worker hears of memory that another thread grew when it next looks for interrupts, as it does in a loop.
  const wordsOf = (pages: number): Uint32Array => {
    while (memory.buffer.byteLength < pages * PAGE_BYTES);
    return new Uint32Array(memory.buffer);
  };

  return {
    /** Canonical scalars into absolute values and signs; the bits of the largest go to the word `bits`. */
    splitScalars(from: number, to: number, source: number, target: number, bits: number, pages: number): void {
      const words = wordsOf(pages);
      const first = place(target) + SCALAR_WORDS * from;
      words[place(bits)] = splitScalars(words, to - from, place(source) + 8 * from, first);
    },

    addOffset(from: number, to: number, scalars: number, width: number, bits: number, pages: number): void {
      addOffset(wordsOf(pages), to - from, place(scalars) + SCALAR_WORDS * from, digitOffset(planWindows(width, bits)));
    },

    /** Takes tasks from the list, whose next number is at `next`, until there are none. The range only counts the threads. */
    sumBuckets(
      _from: number,
      _to: number,
      next: number,
      tasks: number,
      count: number,
      width: number,
      bits: number,
      own: number,
      pages: number,
    ): void {
      const adder = pointAdder(addPairs, wordsOf(pages), own);
      const plan = planWindows(width, bits);
      for (;;) {
        const task = Atomics.add(adder.words, place(next), 1);
        if (task >= count) return;
        const first = place(tasks) + BUCKET_TASK_WORDS * task;
        const [firstWindow, windows, points, scalars, length, output] = adder.words.subarray(first);
        sumBuckets(
          adder,
          { plan, firstWindow: firstWindow!, windows: windows!, points: points!, scalars: scalars!, count: length! },
          address(own) + ADDER_BYTES,
          output!,
        );
      }
    },

    /** Groups of columns, for all rows: sums to `output`, a word for each row to `results` that is 0 if its sum is empty. */
    sumSubsets(
      from: number,
      to: number,
      points: number,
      columns: number,
      bits: number,
      rows: number,
      width: number,
      own: number,
      output: number,
      results: number,
      pages: number,
    ): void {
      const adder = pointAdder(addPairs, wordsOf(pages), own);
      const task = {
        points: address(points),
        columns,
        bits: new Uint8Array(memory.buffer, address(bits), rows * columns),
        rows,
        width,
        firstGroup: from,
        groups: to - from,
      };
      const sums = sumSubsets(adder, task, address(own) + ADDER_BYTES, address(output));
      adder.words.set(sums, place(results));
    },

    /** For each row start[row] plus the `parts` references of the row at results[part * rows + row], leaving out zeros. */
    joinRows(
      from: number,
      to: number,
      rows: number,
      start: number,
      results: number,
      parts: number,
      own: number,
      output: number,
      pages: number,
    ): void {
      const adder = pointAdder(addPairs, wordsOf(pages), own);
      const references = new Uint32Array((to - from) * (parts + 1));
      const ends = new Uint32Array(to - from);
      let count = 0;
      for (let row = from; row < to; row++) {
        references[count++] = address(start) + AFFINE_BYTES * row;
        for (let part = 0; part < parts; part++) {
          const sum = adder.words[place(results) + part * rows + row]!;
          if (sum !== 0) references[count++] = sum;
        }
        ends[row - from] = count;
      }
      sumSegmentsInto(adder, { references, ends }, address(output) + AFFINE_BYTES * from);
    },
  };
}

/** @param own the address of ADDER_BYTES */
export function pointAdder(addPairs: Kernel, words: Uint32Array, own: number): PointAdder {
  const neutral = address(own);
  const pairs = neutral + AFFINE_BYTES;
  words.fill(0, neutral / 4, pairs / 4);
  return {
    words,
    neutral,
    workspace: pairs + PAIR_BYTES,
    addPairs: (jobs, count) => addPairs(jobs, count, pairs),
  };
}

/** Addresses of 2 GiB and more arrive as negative numbers. */
function address(value: number): number {
  return value >>> 0;
}

/** The word at an address. */
function place(value: number): number {
  return (value >>> 0) / 4;
}
