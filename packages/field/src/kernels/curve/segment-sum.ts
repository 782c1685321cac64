import { ELEMENT_BYTES, LIMBS } from "../limbs.ts";

/*
 * Sums of many lists of points at once: what all large kernels on points come down to, buckets of a multi-scalar multiplication
 * and rows of bits alike. Adding affine points costs one division, and a thousand independent divisions cost little more than one
 * (Montgomery, "Speeding the Pollard and elliptic curve methods of factorization", 1987, 10.3.1). So the lists are halved in step,
 * neighbours being added, until one point each is left: 6 multiplications an addition, where mixed Jacobian ones take 11.
 */

/**
 * The address of an affine point in the kernels' memory, plus 1 if the point is meant with the other sign; addresses are
 * multiples of 4. 0 stands for no point at all.
 */
export type PointReference = number;

/** Bytes of an affine point in the kernels' memory. */
export const AFFINE_BYTES = 2 * ELEMENT_BYTES;

/** Bytes of a job: two references and the address of their sum. */
export const JOB_BYTES = 12;

/** Most jobs of one call, whose inversion they share. */
export const BATCH = 2048;

/** References that are worked off together: their sums have to stay in the cache. */
const CHUNK = 2 * BATCH;

/** Where sums stand in between: one for each two references. */
const AREA_BYTES = (AFFINE_BYTES * CHUNK) / 2;

/** Memory of one thread that a sum needs: for jobs and for the sums in between. */
export const WORKSPACE_BYTES = JOB_BYTES * BATCH + AREA_BYTES;

/** What the scheduling needs of the WebAssembly side. */
export interface PointAdder {
  /** The kernels' memory as 32-bit words. */
  readonly words: Uint32Array;
  /** The address of WORKSPACE_BYTES of memory that belong to the running thread. */
  readonly workspace: number;
  /** The address of a neutral element. */
  readonly neutral: PointReference;
  /** Adds the pairs of `count` jobs. A sum may be written over its own operands, but over no other's. */
  addPairs(jobs: number, count: number): void;
}

/** Lists of points, one behind the other in `references`; list k ends at ends[k] and begins where the one before ends. */
export interface Segments {
  readonly references: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * The sum of each list.
 * @param output where the sums may be written, 72 bytes a list
 * @returns a reference for each list: to its place in `output`, to its only point, or 0 for an empty list
 */
export function sumSegments(adder: PointAdder, { references, ends }: Segments, output: number): Uint32Array {
  const results = new Uint32Array(ends.length);
  const work = new Uint32Array(CHUNK);
  /** Where the open lists end in `work`, and which ones they are. */
  const workEnds = new Uint32Array(CHUNK);
  const owners = new Uint32Array(CHUNK);

  let list = 0;
  let read = 0;
  while (list < ends.length) {
    let open = 0;
    let filled = 0;
    while (list < ends.length && filled < CHUNK - 1) {
      const begin = filled;
      // What an earlier chunk has added up of a long list.
      if (results[list] !== 0) work[filled++] = results[list]!;
      const last = Math.min(ends[list]!, read + CHUNK - filled);
      while (read < last) work[filled++] = references[read++]!;
      if (filled > begin) {
        workEnds[open] = filled;
        owners[open++] = list;
      }
      if (read === ends[list]) list++;
      else break;
    }
    bringIntoCache(adder, work, filled);
    reduceLists(adder, work, workEnds, owners, open, output, results);
  }
  return results;
}

/** As {@link sumSegments}, but every sum is written to its place in `output`; empty lists give the neutral element. */
export function sumSegmentsInto(adder: PointAdder, segments: Segments, output: number): void {
  const results = sumSegments(adder, segments, output);
  settle(adder, results, output);
  for (const [list, result] of results.entries()) {
    const place = (output + AFFINE_BYTES * list) / 4;
    if (result === 0) adder.words.fill(0, place, place + AFFINE_BYTES / 4);
  }
}

/** Copies points that stand elsewhere to their places in `output`, and changes the references; empty lists stay 0. */
export function settle(adder: PointAdder, results: Uint32Array, output: number): void {
  const jobs = new JobList(adder);
  for (const [list, result] of results.entries()) {
    const place = output + AFFINE_BYTES * list;
    if (result === 0 || result === place) continue;
    jobs.add(result, adder.neutral, place);
    results[list] = place;
  }
  jobs.finish();
}

/**
 * Reads something of every point. The additions come to them one by one and would wait for each; reads that nothing depends on
 * wait together. For points in main memory that saves about a tenth of the time.
 */
function bringIntoCache({ words, workspace }: PointAdder, references: Uint32Array, count: number): void {
  let mixed = 0;
  for (let i = 0; i < count; i++) {
    const word = references[i]! >>> 2;
    mixed ^= words[word]! ^ words[word + LIMBS]!;
  }
  // Stored where the first job will be, lest the reads be optimised away.
  words[workspace / 4] = mixed;
}

/** Halves the open lists until each is one reference, which goes to `results`. */
function reduceLists(
  adder: PointAdder,
  work: Uint32Array,
  workEnds: Uint32Array,
  owners: Uint32Array,
  open: number,
  output: number,
  results: Uint32Array,
): void {
  const jobs = new JobList(adder);
  const area = adder.workspace + JOB_BYTES * BATCH;
  const isInArea = (reference: PointReference) => reference >= area && reference < area + AREA_BYTES;
  let free = area;
  while (open > 0) {
    let stillOpen = 0;
    let begin = 0;
    let write = 0;
    for (let k = 0; k < open; k++) {
      const end = workEnds[k]!;
      const owner = owners[k]!;
      if (end - begin === 1) {
        results[owner] = work[begin]!;
        begin = end;
        continue;
      }
      const isLast = end - begin === 2;
      for (; begin + 1 < end; begin += 2) {
        const left = work[begin]!;
        const right = work[begin + 1]!;
        let sum = output + AFFINE_BYTES * owner;
        // A sum takes the place of an operand that was a sum itself, so that the area stays small.
        if (!isLast) {
          if (isInArea(left)) sum = left;
          else if (isInArea(right)) sum = right;
          else {
            sum = free;
            free += AFFINE_BYTES;
          }
        }
        jobs.add(left, right, sum);
        work[write++] = sum;
      }
      if (begin < end) work[write++] = work[begin++]!;
      workEnds[stillOpen] = write;
      owners[stillOpen++] = owner;
    }
    jobs.finish();
    open = stillOpen;
  }
}

/** Additions that are done by the batch. */
export class JobList {
  readonly #adder: PointAdder;
  readonly #words: Uint32Array;
  readonly #first: number;
  #count = 0;

  constructor(adder: PointAdder) {
    this.#adder = adder;
    this.#words = adder.words;
    this.#first = adder.workspace / 4;
  }

  /** No later job before {@link finish} may read the sum: jobs are done in any order. */
  add(left: PointReference, right: PointReference, sum: number): void {
    const place = this.#first + 3 * this.#count;
    this.#words[place] = left;
    this.#words[place + 1] = right;
    this.#words[place + 2] = sum;
    if (++this.#count === BATCH) this.finish();
  }

  finish(): void {
    if (this.#count > 0) this.#adder.addPairs(this.#adder.workspace, this.#count);
    this.#count = 0;
  }
}
