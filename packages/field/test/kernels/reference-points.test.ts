import { bn254 } from "@noble/curves/bn254.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect } from "chai";
import { type FieldElement, reduce } from "../../src/element.ts";
import type { FieldVector } from "../../src/kernels/kernels.ts";
import { BASE_FIELD_ORDER, PointEncodingError } from "../../src/kernels/point-encoding.ts";
import { createReferencePoints } from "../../src/kernels/reference-points.ts";
import { ScopeStack } from "../../src/kernels/vector-scope.ts";

const kernels = createReferencePoints(
  (vector) => (vector as FieldVector & { values: FieldElement[] }).values,
  new ScopeStack(),
);

function scalars(...values: bigint[]): FieldVector {
  return { kind: "field", length: values.length, values: values.map(reduce) } as FieldVector;
}

const multiple = (k: bigint) => bn254.G1.Point.BASE.multiplyUnsafe(k).toAffine();
const word = (value: bigint) => Buffer.from(value.toString(16).padStart(64, "0"), "hex");

describe("reference points", () => {
  it("derives the same generators for ever, on the curve, each label its own", () => {
    const points = kernels.toPoints(kernels.generators("test", 20));
    for (const point of points) bn254.G1.Point.fromAffine(point).assertValidity();
    expect(new Set(points.map(({ x }) => x)).size).to.equal(20);
    expect(kernels.toPoints(kernels.generators("test", 5))).to.deep.equal(points.slice(0, 5));
    expect(kernels.toPoints(kernels.generators("other", 1))).to.not.deep.equal(points.slice(0, 1));
    expect(bytesToHex(sha256(kernels.compress(kernels.generators("test", 20))))).to.equal(
      "566423480eb320d51e0c7939c0644a97704116f1a8ed21c67cc8c465a1b347a7",
    );
  });

  it("compresses to big-endian x with y's parity on top, and back", () => {
    const points = [multiple(1n), { x: 1n, y: BASE_FIELD_ORDER - 2n }, multiple(0n), multiple(7n)];
    const bytes = kernels.compress(kernels.fromPoints(points));
    expect(Buffer.from(bytes.subarray(0, 32))).to.deep.equal(word(1n));
    expect(Buffer.from(bytes.subarray(32, 64))).to.deep.equal(word(1n + (1n << 255n)));
    expect(Buffer.from(bytes.subarray(64, 96))).to.deep.equal(word(0n));
    expect(kernels.toPoints(kernels.decompress(bytes))).to.deep.equal(points);
  });

  it("refuses every other encoding and says which one", () => {
    const refuses = (value: bigint, why: string) =>
      expect(() => kernels.decompress(Buffer.concat([word(1n), word(value)]))).to.throw(PointEncodingError, why);
    refuses(BASE_FIELD_ORDER, "number 1 has an x of q");
    refuses(BASE_FIELD_ORDER + 1n, "number 1 has an x of q");
    refuses(1n + (1n << 254n), "number 1 has an x of q");
    refuses(1n << 255n, "number 1 is a neutral element with a sign");
    refuses(4n, "number 1 has an x that no point");
    expect(() => kernels.decompress(new Uint8Array(33))).to.throw(PointEncodingError, "33 bytes");
  });

  it("adds up multiples and rows of bits", () => {
    const points = kernels.fromPoints([multiple(2n), multiple(3n), multiple(0n)]);
    expect(kernels.multiScalar(points, scalars(5n, -3n, 9n))).to.deep.equal(multiple(1n));
    expect(kernels.multiScalar(points, scalars(3n, -2n, 9n))).to.deep.equal({ x: 0n, y: 0n });
    const start = kernels.fromPoints([multiple(10n), multiple(0n), multiple(1n)]);
    const rows = kernels.commitBits(points, Uint8Array.of(1, 1, 1, 0, 0, 1, 0, 1), start);
    expect(kernels.toPoints(rows)).to.deep.equal([multiple(15n), multiple(0n), multiple(4n)]);
  });

  it("views, selects and joins", () => {
    const points = kernels.fromPoints([1n, 2n, 3n, 4n].map(multiple));
    expect(kernels.toPoints(kernels.viewPoints(points, 1, 2))).to.deep.equal([2n, 3n].map(multiple));
    expect(kernels.toPoints(kernels.selectPoints(points, Uint32Array.of(3, 0, 3)))).to.deep.equal(
      [4n, 1n, 4n].map(multiple),
    );
    const parts = [kernels.viewPoints(points, 3, 1), kernels.viewPoints(points, 0, 2)];
    expect(kernels.toPoints(kernels.concatPoints(parts))).to.deep.equal([4n, 1n, 2n].map(multiple));
  });
});
