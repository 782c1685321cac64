import { createCurveHash } from "../hash-to-curve.ts";
import type { CompressedPoint } from "../point-encoding.ts";
import type { PointStore, StoredPoints } from "./point-store.ts";
import { AFFINE_BYTES } from "./segment-sum.ts";

/** Points that are sought at once. */
const BATCH = 4096;

/**
 * Generators by label. Their limbs are kept outside the kernels' memory, where they outlive every scope; a second call copies them.
 */
export class Generators {
  readonly #store: PointStore;
  readonly #known = new Map<string, Uint32Array>();

  constructor(store: PointStore) {
    this.#store = store;
  }

  /** The first `count` points of the label. */
  get(label: string, count: number): StoredPoints {
    const vector = this.#store.allocate(count);
    const words = (AFFINE_BYTES / 4) * count;
    const known = this.#known.get(label) ?? new Uint32Array(0);
    this.#store.limbs(vector).set(known.subarray(0, words));
    if (known.length >= words) return vector;
    this.#find(label, vector, known.length / (AFFINE_BYTES / 4));
    this.#known.set(label, this.#store.limbs(vector).slice());
    return vector;
  }

  /** Writes the points with the indices from `first` on. */
  #find(label: string, vector: StoredPoints, first: number): void {
    const hash = createCurveHash(label);
    const { memory } = this.#store.machine;
    for (let begin = first; begin < vector.length; begin += BATCH) {
      let open = Array.from({ length: Math.min(BATCH, vector.length - begin) }, (_, i) => begin + i);
      for (let attempt = 0; open.length > 0; attempt++) {
        const candidates: CompressedPoint[] = open.map((index) => hash.candidate(index, attempt));
        open = memory.scope(() => {
          const lifted = this.#store.allocate(open.length);
          const exists = this.#store.lift(candidates, lifted.address);
          const [from, to] = [this.#store.limbs(lifted), this.#store.limbs(vector)];
          const limbs = AFFINE_BYTES / 4;
          for (const [i, index] of open.entries()) {
            if (exists[i]) to.set(from.subarray(limbs * i, limbs * (i + 1)), limbs * index);
          }
          return open.filter((_, i) => !exists[i]);
        });
      }
    }
  }
}
