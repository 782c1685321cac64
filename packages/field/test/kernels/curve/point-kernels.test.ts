import { bn254 } from "@noble/curves/bn254.js";
import { expect } from "chai";
import { FIELD_ORDER, type FieldElement, randomFieldElement, reduce } from "../../../src/element.ts";
import { createKernels } from "../../../src/kernels/create-kernels.ts";
import { KernelArgumentError } from "../../../src/kernels/kernel-error.ts";
import type { AffinePoint, Kernels, PointVector } from "../../../src/kernels/kernels.ts";
import { BASE_FIELD_ORDER, PointEncodingError } from "../../../src/kernels/point-encoding.ts";
import { createReferenceKernels } from "../../../src/kernels/reference-kernels.ts";

const Group = bn254.G1.Point;
const reference = createReferenceKernels();

const known = new Map<bigint, AffinePoint>();

/** k times the standard generator. */
function multiple(k: bigint): AffinePoint {
  const factor = reduce(k);
  const point = known.get(factor) ?? (factor === 0n ? Group.ZERO : Group.BASE.multiply(factor)).toAffine();
  known.set(factor, point);
  return point;
}

/** Points whose multiples of the standard generator are known: the sums below have one multiplication to compare with. */
class KnownPoints {
  readonly logarithms: readonly bigint[];

  constructor(logarithms: readonly (bigint | number)[]) {
    this.logarithms = logarithms.map((value) => reduce(BigInt(value)));
  }

  get points(): AffinePoint[] {
    return this.logarithms.map(multiple);
  }

  dot(scalars: readonly bigint[]): AffinePoint {
    return multiple(this.logarithms.reduce((sum, k, i) => sum + k * scalars[i]!, 0n));
  }
}

const repeat = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Chosen so that sums meet equal, opposite and neutral points on the way. */
const KINDS_OF_POINTS: Readonly<Record<string, (i: number) => number>> = {
  "small multiples": (i) => 1 + (i % 97),
  "equal points": () => 5,
  "opposite points": (i) => (i % 2 === 0 ? 7 : -7),
  "neutral and other points": (i) => (i % 3 === 0 ? 0 : (i % 5) - 2),
};

const small = (i: number) => reduce(BigInt((i * 7919) % 251));

const KINDS_OF_SCALARS: Readonly<Record<string, (i: number) => FieldElement>> = {
  random: () => randomFieldElement(),
  small,
  "small and negative": (i) => reduce(-BigInt(small(i))),
  "zeros and ones": (i) => reduce(BigInt(i % 2)),
  "all equal": () => reduce(12345678901234567890n),
  "all zero": () => reduce(0n),
  "r - 1": () => reduce(-1n),
  "about r / 2": (i) => reduce((FIELD_ORDER >> 1n) + BigInt((i % 5) - 2)),
  "one large": (i) => (i === 0 ? reduce(-(1n << 200n)) : small(i)),
};

for (const threads of [1, 2]) {
  describe(`kernels on points, ${threads} thread${threads === 1 ? "" : "s"}`, () => {
    let kernels: Kernels;

    before(async () => {
      kernels = await createKernels({ threads });
    });
    after(() => kernels.dispose());

    const read = (points: PointVector) => kernels.toPoints(points);

    for (const length of [0, 1, 2, 3, 32, 33, 100, 1000]) {
      it(`adds up multiples of ${length} points of all kinds`, () => {
        for (const kindOfPoint of Object.values(KINDS_OF_POINTS)) {
          const list = new KnownPoints(repeat(length, kindOfPoint));
          kernels.scope(() => {
            const points = kernels.fromPoints(list.points);
            for (const [name, kindOfScalar] of Object.entries(KINDS_OF_SCALARS)) {
              const scalars = repeat(length, kindOfScalar);
              const sum = kernels.multiScalar(points, kernels.fromField(scalars));
              expect(sum, name).to.deep.equal(list.dot(scalars));
            }
          });
        }
      });
    }

    it("adds up multiples of 5000 points", () => {
      const list = new KnownPoints(repeat(5000, KINDS_OF_POINTS["small multiples"]!));
      for (const kind of ["random", "all equal", "zeros and ones"]) {
        const scalars = repeat(5000, KINDS_OF_SCALARS[kind]!);
        const sum = kernels.scope(() =>
          kernels.multiScalar(kernels.fromPoints(list.points), kernels.fromField(scalars)),
        );
        expect(sum, kind).to.deep.equal(list.dot(scalars));
      }
    });

    it("commits to rows of bits, whatever the points", () => {
      for (const kindOfPoint of Object.values(KINDS_OF_POINTS)) {
        for (const [rows, columns] of [
          [1, 1],
          [2, 9],
          [40, 67],
          [300, 20],
        ] as const) {
          const list = new KnownPoints(repeat(columns, kindOfPoint));
          const start = new KnownPoints(repeat(rows, (row) => (row % 4) * (row % 3)));
          const bits = Uint8Array.from({ length: rows * columns }, (_, i) =>
            i % (columns * 7) < columns ? 0 : (i * i + (i >> 3)) % 2,
          );
          const rowSum = (row: number, end: number) => {
            let sum = start.logarithms[row]!;
            for (let j = 0; j < columns && row * columns + j < end; j++) {
              if (bits[row * columns + j] === 1) sum += list.logarithms[j]!;
            }
            return multiple(sum);
          };
          for (const end of [bits.length, bits.length - columns + 1]) {
            const sums = kernels.scope(() =>
              read(
                kernels.commitBits(
                  kernels.fromPoints(list.points),
                  bits.subarray(0, end),
                  kernels.fromPoints(start.points),
                ),
              ),
            );
            expect(sums).to.deep.equal(repeat(rows, (row) => rowSum(row, end)));
          }
        }
      }
    });

    it("finds the reference's generators, also in inner scopes and from a longer or shorter list", () => {
      const expected = reference.toPoints(reference.generators("test", 70));
      const inner = kernels.scope(() => read(kernels.generators("test", 30)));
      expect(inner).to.deep.equal(expected.slice(0, 30));
      expect(read(kernels.generators("test", 70))).to.deep.equal(expected);
      expect(read(kernels.generators("test", 7))).to.deep.equal(expected.slice(0, 7));
    });

    it("compresses and decompresses as the reference", () => {
      const { points } = new KnownPoints(repeat(60, (i) => (i % 11) - 5));
      const bytes = kernels.compress(kernels.fromPoints(points));
      expect(bytes).to.deep.equal(reference.compress(reference.fromPoints(points)));
      expect(read(kernels.decompress(bytes))).to.deep.equal(points);
    });

    it("refuses the first wrong encoding, as the reference", () => {
      const word = (value: bigint) => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
      const wrong = [BASE_FIELD_ORDER, BASE_FIELD_ORDER + 1n, 1n + (1n << 254n), 1n << 255n, 4n, (1n << 256n) - 1n];
      const messageOf = (decompress: () => unknown): string => {
        try {
          decompress();
        } catch (error) {
          expect(error).to.be.instanceOf(PointEncodingError);
          return (error as PointEncodingError).message;
        }
        return "";
      };
      for (const first of wrong) {
        for (const second of wrong) {
          const bytes = Buffer.concat([1n, 0n, first, 2n, second].map(word));
          const expected = messageOf(() => reference.decompress(bytes));
          expect(expected).to.contain("number 2 ");
          expect(messageOf(() => kernels.decompress(bytes))).to.equal(expected);
        }
      }
      expect(messageOf(() => kernels.decompress(new Uint8Array(31)))).to.contain("31 bytes");
    });

    it("views, selects and joins", () => {
      const points = kernels.fromPoints(new KnownPoints([1, 2, 3, 4]).points);
      const expected = (...logarithms: number[]) => new KnownPoints(logarithms).points;
      expect(read(kernels.viewPoints(points, 1, 2))).to.deep.equal(expected(2, 3));
      expect(read(kernels.selectPoints(points, Uint32Array.of(3, 0, 3)))).to.deep.equal(expected(4, 1, 4));
      expect(read(kernels.concatPoints([kernels.viewPoints(points, 3, 1), points]))).to.deep.equal(
        expected(4, 1, 2, 3, 4),
      );
    });

    it("refuses places and numbers that are none, as the reference does", () => {
      for (const each of [kernels, reference]) {
        const points = each.fromPoints(new KnownPoints([1, 2]).points);
        for (const number of [-1, 0.5, NaN, Infinity]) {
          expect(() => each.generators("test", number)).to.throw(KernelArgumentError);
          expect(() => each.viewPoints(points, number, 1)).to.throw(KernelArgumentError);
          expect(() => each.viewPoints(points, 0, number)).to.throw(KernelArgumentError);
        }
      }
    });

    it("refuses points off the curve and lists of different lengths", () => {
      expect(() => kernels.fromPoints([{ x: 1n, y: 1n }])).to.throw("point 0");
      const points = kernels.fromPoints(new KnownPoints([1, 2]).points);
      expect(() => kernels.multiScalar(points, kernels.zeros(3))).to.throw("2 points and 3 scalars");
      expect(() => kernels.selectPoints(points, Uint32Array.of(2))).to.throw("point 2");
      expect(() => kernels.commitBits(points, new Uint8Array(5), points)).to.throw("rows");
    });
  });
}
