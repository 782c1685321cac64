import { bn254 } from "@noble/curves/bn254.js";
import { type FieldElement, integerToBytes } from "../element.ts";
import { requireCount, requireRange, requireThat, rowsOf } from "./argument-check.ts";
import { createCurveHash } from "./hash-to-curve.ts";
import type { AffinePoint, FieldVector, Kernels, PointVector } from "./kernels.ts";
import {
  BASE_FIELD_ORDER,
  type CompressedPoint,
  CURVE_CONSTANT,
  countPoints,
  isCanonicalPoint,
  NEUTRAL,
  ODD_FLAG,
  POINT_BYTES,
  pointDefect,
  splitPoint,
} from "./point-encoding.ts";
import type { ScopeStack, ScopedVector } from "./vector-scope.ts";

/** What the kernels do with points. */
export type PointKernels = Pick<
  Kernels,
  | "generators"
  | "fromPoints"
  | "toPoints"
  | "viewPoints"
  | "selectPoints"
  | "concatPoints"
  | "compress"
  | "decompress"
  | "multiScalar"
  | "commitBits"
>;

const Group = bn254.G1.Point;
const Base = bn254.fields.Fp;

/**
 * The operations on points in BigInt, by @noble/curves: slow, and short enough to be read as the definition.
 * @param read the canonical values of a field vector
 * @param scopes those of the vectors
 */
export function createReferencePoints(read: (values: FieldVector) => FieldElement[], scopes: ScopeStack): PointKernels {
  function wrap(points: readonly AffinePoint[], scope = scopes.current): ReferenceVector {
    return { kind: "points", length: points.length, points, scope };
  }

  function unwrap(vector: PointVector): ReferenceVector {
    const reference = vector as ReferenceVector;
    scopes.requireAlive(reference);
    return reference;
  }

  const generatorsByLabel = new Map<string, AffinePoint[]>();
  return {
    generators: (label, count) => {
      requireCount(count);
      const hash = createCurveHash(label);
      const points = generatorsByLabel.get(label) ?? [];
      generatorsByLabel.set(label, points);
      for (let index = points.length; index < count; index++) {
        for (let attempt = 0, found = false; !found; attempt++) {
          const point = solve(hash.candidate(index, attempt));
          if (point !== null) points.push(point);
          found = point !== null;
        }
      }
      return wrap(points.slice(0, count));
    },
    fromPoints: (points) => {
      for (const [i, point] of points.entries())
        requireThat(isCanonicalPoint(point), `point ${i} does not lie on the curve`);
      return wrap([...points]);
    },
    toPoints: (points) => [...unwrap(points).points],
    viewPoints: (points, start, length) => {
      requireRange(start, length, 1, points.length);
      const source = unwrap(points);
      return wrap(source.points.slice(start, start + length), source.scope);
    },
    selectPoints: (points, indices) => {
      for (const index of indices) requireThat(index < points.length, `point ${index} in a vector of ${points.length}`);
      const source = unwrap(points).points;
      return wrap(Array.from(indices, (index) => source[index]!));
    },
    concatPoints: (parts) => wrap(parts.flatMap((part) => unwrap(part).points)),
    compress: (points) => {
      const bytes = new Uint8Array(POINT_BYTES * points.length);
      for (const [i, { x, y }] of unwrap(points).points.entries()) {
        bytes.set(integerToBytes(x, POINT_BYTES), POINT_BYTES * i);
        if (y % 2n === 1n) bytes[POINT_BYTES * i]! |= ODD_FLAG;
      }
      return bytes;
    },
    decompress: (bytes) =>
      wrap(
        Array.from({ length: countPoints(bytes) }, (_, i) => {
          const encoded = splitPoint(bytes.subarray(POINT_BYTES * i, POINT_BYTES * (i + 1)));
          if (encoded.x >= BASE_FIELD_ORDER) throw pointDefect(i, "range");
          // No point has x = 0: 3 is not a square modulo q.
          if (encoded.x === 0n && encoded.odd) throw pointDefect(i, "signed-neutral");
          if (encoded.x === 0n) return NEUTRAL;
          const point = solve(encoded);
          if (point === null) throw pointDefect(i, "no-root");
          return point;
        }),
      ),
    multiScalar: (points, scalars) => {
      requireThat(points.length === scalars.length, `${points.length} points and ${scalars.length} scalars`);
      const values = read(scalars);
      let sum = Group.ZERO;
      for (const [i, point] of unwrap(points).points.entries())
        sum = sum.add(Group.fromAffine(point).multiplyUnsafe(values[i]!));
      return sum.toAffine();
    },
    commitBits: (generators, bits, start) => {
      requireThat(rowsOf(bits.length, generators.length) === start.length, `bits for other than ${start.length} rows`);
      const columns = unwrap(generators).points.map((point) => Group.fromAffine(point));
      return wrap(
        unwrap(start).points.map((point, row) => {
          let sum = Group.fromAffine(point);
          for (const [j, generator] of columns.entries())
            if (bits[row * columns.length + j] === 1) sum = sum.add(generator);
          return sum.toAffine();
        }),
      );
    },
  };
}

/** The point with this x and y of this parity; null if there is none. It has order r like every point but the neutral one. */
function solve({ x, odd }: CompressedPoint): AffinePoint | null {
  const square = (x * x * x + CURVE_CONSTANT) % BASE_FIELD_ORDER;
  const root = Base.pow(square, (BASE_FIELD_ORDER + 1n) / 4n);
  if ((root * root) % BASE_FIELD_ORDER !== square) return null;
  // y is never 0: a point with y = 0 would have order 2, and the group's order is odd.
  return { x, y: (root % 2n === 1n) === odd ? root : BASE_FIELD_ORDER - root };
}

interface ReferenceVector extends PointVector, ScopedVector {
  readonly points: readonly AffinePoint[];
}
