import { requireCount, requireRange, requireThat, rowsOf } from "../argument-check.ts";
import type { PointKernels } from "../reference-points.ts";
import type { VectorStore } from "../vector-store.ts";
import { commitBits } from "./bit-rows.ts";
import { Generators } from "./generators.ts";
import { multiScalar } from "./multi-scalar.ts";
import { PointStore, type StoredPoints } from "./point-store.ts";
import { AFFINE_BYTES } from "./segment-sum.ts";

/** The operations on points, run by the machine of the vectors. */
export function createPointKernels(vectors: VectorStore): PointKernels {
  const store = new PointStore(vectors.machine);
  const generators = new Generators(store);

  function join(parts: readonly StoredPoints[]): StoredPoints {
    const vector = store.allocate(parts.reduce((length, part) => length + part.length, 0));
    const limbs = store.limbs(vector);
    let place = 0;
    for (const part of parts) {
      limbs.set(store.limbs(part), place);
      place += (AFFINE_BYTES / 4) * part.length;
    }
    return vector;
  }

  return {
    generators(label, count) {
      requireCount(count);
      return generators.get(label, count);
    },
    fromPoints: (points) => store.fromPoints(points),
    toPoints: (points) => store.toPoints(store.points(points)),
    viewPoints(points, start, length) {
      requireRange(start, length, 1, points.length);
      return store.view(store.points(points), start, length);
    },
    selectPoints(points, indices) {
      const stored = store.points(points);
      for (const index of indices) requireThat(index < points.length, `point ${index} in a vector of ${points.length}`);
      return join(Array.from(indices, (index) => store.view(stored, index, 1)));
    },
    concatPoints: (parts) => join(parts.map((part) => store.points(part))),
    compress: (points) => store.compress(store.points(points)),
    decompress: (bytes) => store.decompress(bytes),
    multiScalar(points, scalars) {
      requireThat(points.length === scalars.length, `${points.length} points and ${scalars.length} scalars`);
      return multiScalar(store, store.points(points), vectors.field(scalars).address);
    },
    commitBits(points, bits, start) {
      requireThat(rowsOf(bits.length, points.length) === start.length, `bits for other than ${start.length} rows`);
      return commitBits(store, store.points(points), bits, store.points(start));
    },
  };
}
