import { requireThat } from "../argument-check.ts";
import type { AffinePoint, PointVector } from "../kernels.ts";
import type { KernelMachine } from "../machine.ts";
import {
  BASE_FIELD_ORDER,
  type CompressedPoint,
  countPoints,
  isCanonicalPoint,
  ODD_FLAG,
  POINT_BYTES,
  pointDefect,
  splitPoint,
} from "../point-encoding.ts";
import { WORDS_BYTES } from "../vectors/conversion.ts";
import type { ScopedVector } from "../vector-scope.ts";
import { LIFT_BYTES, LIFT_MEMORY_BYTES } from "./codec-emitter.ts";
import { AFFINE_BYTES } from "./segment-sum.ts";

/** A vector and where it lies; its points take AFFINE_BYTES each. */
export interface StoredPoints extends PointVector, ScopedVector {
  readonly address: number;
}

/** Coordinates and square roots that are worth a thread. */
const LEAST_CONVERSIONS = 512;
const LEAST_ROOTS = 4;

const WORD_BITS = 64n;

/** Points in a machine's memory: makes, reads and writes them, and finds out where they lie. */
export class PointStore {
  readonly machine: KernelMachine;

  constructor(machine: KernelMachine) {
    this.machine = machine;
  }

  /** A new vector of undefined points. */
  allocate(length: number): StoredPoints {
    const { memory } = this.machine;
    return { kind: "points", length, address: memory.allocate(AFFINE_BYTES * length), scope: memory.scopes.current };
  }

  /** Points of a vector as one that lives as long. */
  view({ address, scope }: StoredPoints, start: number, length: number): StoredPoints {
    return { kind: "points", length, address: address + AFFINE_BYTES * start, scope };
  }

  /** @throws {KernelArgumentError} if the vector's scope has ended */
  points(vector: PointVector): StoredPoints {
    const stored = vector as StoredPoints;
    this.machine.memory.scopes.requireAlive(stored);
    return stored;
  }

  /** The limbs of a vector's points. Valid until the next allocation. */
  limbs({ address, length }: StoredPoints): Uint32Array {
    return this.machine.memory.words(address, (AFFINE_BYTES / 4) * length);
  }

  /** @throws {KernelArgumentError} if a point has coordinates outside [0, q) or does not lie on the curve */
  fromPoints(points: readonly AffinePoint[]): StoredPoints {
    const { memory } = this.machine;
    const vector = this.allocate(points.length);
    memory.scope(() => {
      const words = memory.allocate(2 * WORDS_BYTES * points.length);
      const longs = memory.longs(words, 8 * points.length);
      for (const [i, point] of points.entries()) {
        requireThat(isCanonicalPoint(point), `point ${i} does not lie on the curve`);
        writeLongs(longs, 8 * i, point.x);
        writeLongs(longs, 8 * i + 4, point.y);
      }
      this.machine.run("importCoordinates", 2 * points.length, LEAST_CONVERSIONS, () => [words, vector.address]);
    });
    return vector;
  }

  toPoints(vector: StoredPoints): AffinePoint[] {
    return this.#exported(vector, (longs) =>
      Array.from({ length: vector.length }, (_, i) => ({ x: readLongs(longs, 8 * i), y: readLongs(longs, 8 * i + 4) })),
    );
  }

  compress(vector: StoredPoints): Uint8Array {
    const bytes = new Uint8Array(POINT_BYTES * vector.length);
    this.#exported(vector, ({ buffer, byteOffset }) => {
      const coordinates = new Uint8Array(buffer, byteOffset, 2 * WORDS_BYTES * vector.length);
      for (let i = 0; i < vector.length; i++) {
        const [x, y] = [2 * WORDS_BYTES * i, 2 * WORDS_BYTES * i + WORDS_BYTES];
        for (let k = 0; k < POINT_BYTES; k++) bytes[POINT_BYTES * i + k] = coordinates[x + POINT_BYTES - 1 - k]!;
        if ((coordinates[y]! & 1) === 1) bytes[POINT_BYTES * i]! |= ODD_FLAG;
      }
    });
    return bytes;
  }

  /** @throws {PointEncodingError} naming the first place that is no canonical encoding of a point */
  decompress(bytes: Uint8Array): StoredPoints {
    const count = countPoints(bytes);
    const vector = this.allocate(count);
    const encoded = Array.from({ length: count }, (_, i) =>
      splitPoint(bytes.subarray(POINT_BYTES * i, POINT_BYTES * (i + 1))),
    );
    const isWrong = encoded.findIndex(({ x, odd }) => x >= BASE_FIELD_ORDER || (x === 0n && odd));
    // A place before it may have no root.
    const checked = isWrong < 0 ? encoded : encoded.slice(0, isWrong);
    const lifted = this.lift(checked, vector.address);
    for (const [i, { x }] of checked.entries()) {
      if (x === 0n) this.limbs(this.view(vector, i, 1)).fill(0);
      else if (!lifted[i]) throw pointDefect(i, "no-root");
    }
    if (isWrong >= 0) throw pointDefect(isWrong, encoded[isWrong]!.x === 0n ? "signed-neutral" : "range");
    return vector;
  }

  /** Writes the points with these x and parities of y to `out`; tells which exist, the others' places hold no points. */
  lift(candidates: readonly CompressedPoint[], out: number): boolean[] {
    const { machine } = this;
    const { memory, threads } = machine;
    return memory.scope(() => {
      const longs = LIFT_BYTES / 8;
      const compressed = memory.allocate(LIFT_BYTES * candidates.length);
      const own = memory.allocate(LIFT_MEMORY_BYTES * threads);
      const view = memory.longs(compressed, longs * candidates.length);
      for (const [i, { x, odd }] of candidates.entries()) {
        writeLongs(view, longs * i, x);
        view[longs * (i + 1) - 1] = odd ? 1n : 0n;
      }
      machine.run("lift", candidates.length, LEAST_ROOTS, (thread) => [
        compressed,
        out,
        own + LIFT_MEMORY_BYTES * thread,
      ]);
      return candidates.map((_, i) => view[longs * (i + 1) - 1] === 1n);
    });
  }

  /** Hands over x and y of every point, four 64-bit words each. */
  #exported<T>({ address, length }: StoredPoints, use: (longs: BigUint64Array) => T): T {
    const { memory } = this.machine;
    return memory.scope(() => {
      const words = memory.allocate(2 * WORDS_BYTES * length);
      this.machine.run("exportCoordinates", 2 * length, LEAST_CONVERSIONS, () => [address, words]);
      return use(memory.longs(words, 8 * length));
    });
  }
}

function writeLongs(longs: BigUint64Array, first: number, value: bigint): void {
  for (let k = 0; k < 4; k++) {
    longs[first + k] = value;
    value >>= WORD_BITS;
  }
}

function readLongs(longs: BigUint64Array, first: number): bigint {
  const high = longs[first + 2]! | (longs[first + 3]! << WORD_BITS);
  return longs[first]! | (longs[first + 1]! << WORD_BITS) | (high << (2n * WORD_BITS));
}
