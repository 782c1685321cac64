import type { AffinePoint } from "../kernels.ts";
import { ELEMENT_BYTES } from "../limbs.ts";
import { NEUTRAL } from "../point-encoding.ts";
import { WORDS_BYTES } from "../vectors/conversion.ts";
import { bitOfResult, resultsOfWindow } from "./bucket-sum.ts";
import { JACOBIAN_BYTES } from "./jacobian-emitter.ts";
import type { PointStore, StoredPoints } from "./point-store.ts";
import { POWER_BYTES } from "./power-emitter.ts";
import { SCALAR_WORDS, slidingDigits } from "./scalar-split.ts";
import { AFFINE_BYTES, JobList, type PointAdder, type PointReference } from "./segment-sum.ts";
import { ADDER_BYTES, BUCKET_TASK_WORDS, bucketThreadBytes, pagesOf, pointAdder } from "./thread-tasks.ts";
import { bestWidth, planWindows } from "./window-plan.ts";

/** Up to this length doublings are shared by all points (Straus) instead of sorting points into buckets. */
const MOST_STRAUS = 32;

/** Bits of Straus' windows. */
const STRAUS_WIDTH = 4;
const STRAUS_DIGIT = 2 ** (STRAUS_WIDTH - 1) - 1;

/** Points and windows that a task of the bucket method should have, so that additions share their inversions well. */
const TASK_POINTS = 8192;

/** Scalars that are worth a thread. */
const LEAST_SCALARS = 512;

/** Points to be added up with their power of two: at place p those that count 2^p. */
type PowersOfTwo = PointReference[][];

/** The sum of scalars[i] points[i]. @param scalars the address of as many field elements */
export function multiScalar(store: PointStore, points: StoredPoints, scalars: number): AffinePoint {
  const { machine } = store;
  const { memory, threads } = machine;
  const count = points.length;
  return memory.scope(() => {
    const canonical = memory.allocate(WORDS_BYTES * count);
    const split = memory.allocate(4 * SCALAR_WORDS * count);
    const found = memory.allocate(4 * threads);
    memory.words(found, threads).fill(0);
    machine.run("export", count, LEAST_SCALARS, () => [scalars, canonical]);
    const pages = pagesOf(memory.memory);
    machine.run("splitScalars", count, LEAST_SCALARS, (thread) => [canonical, split, found + 4 * thread, pages]);
    const bits = Math.max(...memory.words(found, threads));
    if (bits === 0) return NEUTRAL;
    const powers = count <= MOST_STRAUS ? strausPowers(store, points, split) : bucketPowers(store, points, split, bits);
    return addUp(store, powers);
  });
}

/** Odd multiples of each point, at the places of its digits. */
function strausPowers(store: PointStore, points: StoredPoints, scalars: number): PowersOfTwo {
  const { memory } = store.machine;
  const oddMultiples = tabulate(store, points);
  const words = memory.words(scalars, SCALAR_WORDS * points.length);
  const powers: PowersOfTwo = [];
  for (const [i, multiples] of oddMultiples.entries()) {
    const isNegative = words[SCALAR_WORDS * (i + 1) - 1]!;
    slidingDigits(words, SCALAR_WORDS * i, STRAUS_WIDTH, (position, digit) => {
      const reference = multiples[Math.abs(digit) >> 1]! + (isNegative ^ (digit < 0 ? 1 : 0));
      (powers[position] ??= []).push(reference);
    });
  }
  return powers;
}

/** P, 3 P, 5 P, 7 P of each point. */
function tabulate(store: PointStore, points: StoredPoints): PointReference[][] {
  const table = store.machine.memory.allocate(AFFINE_BYTES * (STRAUS_DIGIT + 1) * points.length);
  const multiples = Array.from({ length: points.length }, (_, i) => {
    const point = points.address + AFFINE_BYTES * i;
    const place = (k: number) => table + AFFINE_BYTES * ((STRAUS_DIGIT + 1) * i + k);
    return Array.from({ length: STRAUS_DIGIT + 1 }, (_, k) => (k === 1 ? point : place(k)));
  });
  const jobs = new JobList(mainAdder(store));
  // Each round has one inversion.
  for (const round of [
    [[1, 1]],
    [
      [1, 2],
      [2, 2],
    ],
    [
      [1, 4],
      [3, 4],
    ],
  ] as const) {
    for (const own of multiples) for (const [a, b] of round) jobs.add(own[a]!, own[b]!, own[a + b]!);
    jobs.finish();
  }
  return multiples.map((own) => [1, 3, 5, STRAUS_DIGIT].map((k) => own[k]!));
}

/** Each window's results (bucket-sum.ts), at their places. */
function bucketPowers(store: PointStore, points: StoredPoints, scalars: number, bits: number): PowersOfTwo {
  const { machine } = store;
  const { memory, threads } = machine;
  const count = points.length;
  const width = bestWidth(count, bits);
  const plan = planWindows(width, bits);

  const shares = shareWork(count, plan.windows, threads);
  const tasks = memory.allocate(4 * BUCKET_TASK_WORDS * shares.length);
  const next = memory.allocate(4);
  const resultBytes = (windows: number) => AFFINE_BYTES * windows * resultsOfWindow(plan);
  const outputs = shares.map(({ windows }) => memory.allocate(resultBytes(windows)));
  const ownBytes = bucketThreadBytes(width, Math.max(...shares.map(({ windows }) => windows)));
  const own = Array.from({ length: threads }, () => memory.allocate(ownBytes));

  const list = memory.words(tasks, BUCKET_TASK_WORDS * shares.length);
  for (const [k, { firstWindow, windows, from, to }] of shares.entries()) {
    const [point, scalar] = [points.address + AFFINE_BYTES * from, scalars + 4 * SCALAR_WORDS * from];
    list.set([firstWindow, windows, point, scalar, to - from, outputs[k]!], BUCKET_TASK_WORDS * k);
  }
  memory.words(next, 1)[0] = 0;
  const pages = pagesOf(memory.memory);
  machine.run("addOffset", count, LEAST_SCALARS, () => [scalars, width, bits, pages]);
  machine.run("sumBuckets", threads, 1, (thread) => [next, tasks, shares.length, width, bits, own[thread]!, pages]);

  const powers: PowersOfTwo = [];
  for (const [k, { firstWindow, windows }] of shares.entries()) {
    for (let w = 0; w < windows; w++) {
      for (let result = 0; result < resultsOfWindow(plan); result++) {
        const place = outputs[k]! + AFFINE_BYTES * (w * resultsOfWindow(plan) + result);
        (powers[bitOfResult(plan, firstWindow + w, result)] ??= []).push(place);
      }
    }
  }
  return powers;
}

interface Share {
  readonly firstWindow: number;
  readonly windows: number;
  /** The points from `from` to `to` - 1. */
  readonly from: number;
  readonly to: number;
}

/**
 * Windows are independent, so each is a task; short ones are taken together. What does not divide evenly among the threads is
 * divided by points, at the price of adding up the buckets more than once.
 */
function shareWork(count: number, windows: number, threads: number): Share[] {
  const together = Math.min(Math.ceil(TASK_POINTS / count), Math.ceil(windows / threads));
  const shares: Share[] = [];
  const whole = together > 1 ? windows : windows - (windows % threads);
  for (let first = 0; first < whole; first += together) {
    shares.push({ firstWindow: first, windows: Math.min(together, whole - first), from: 0, to: count });
  }
  for (let window = whole; window < windows; window++) {
    for (let part = 0; part < threads; part++) {
      const bound = (k: number) => Math.floor((count * k) / threads);
      shares.push({ firstWindow: window, windows: 1, from: bound(part), to: bound(part + 1) });
    }
  }
  return shares;
}

/** The sum of 2^p times the points at place p. */
function addUp(store: PointStore, powers: PowersOfTwo): AffinePoint {
  const { machine } = store;
  const sum = machine.memory.allocate(JACOBIAN_BYTES);
  machine.call("jacobianClear", sum);
  let doublings = 0;
  for (let power = powers.length - 1; power >= 0; power--) {
    for (const reference of powers[power] ?? []) {
      if (doublings > 0) machine.call("jacobianDouble", sum, doublings);
      doublings = 0;
      machine.call("jacobianAdd", sum, reference);
    }
    doublings++;
  }
  // The last place counts 1.
  if (doublings > 1) machine.call("jacobianDouble", sum, doublings - 1);
  const result = store.allocate(1);
  machine.call("jacobianToAffine", sum, result.address, machine.memory.allocate(ELEMENT_BYTES + POWER_BYTES));
  return store.toPoints(result)[0]!;
}

/** Additions by the main thread. */
function mainAdder({ machine }: PointStore): PointAdder {
  const own = machine.memory.allocate(ADDER_BYTES);
  return pointAdder(
    (...values) => machine.call("addPairs", ...values),
    machine.memory.words(0, machine.memory.memory.buffer.byteLength / 4),
    own,
  );
}
