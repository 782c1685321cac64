import { expect } from "chai";
import type { Curve } from "ffjavascript";
import fc from "fast-check";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { FixedBase } from "../src/fixed-base.ts";
import { multiplyGenerators } from "../src/fixed-base-pool.ts";
import { loadKernels } from "../src/kernels.ts";
import { type GroupName, POINT_BYTES } from "../src/points.ts";
import { type Kernels, WasmEngine } from "../src/wasm-engine.ts";

const littleEndian = (value: bigint) => Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();

describe("fixed-base", function () {
  this.timeout(30_000);
  let curve: Curve;
  let kernels: Kernels;

  before(async () => ({ curve, kernels } = await loadKernels()));

  const expected = (group: GroupName, scalar: bigint) =>
    Buffer.from(curve[group].toAffine(curve[group].timesScalar(curve[group].g, scalar))).toString("hex");
  const split = (group: GroupName, points: Uint8Array) =>
    Array.from({ length: points.length / POINT_BYTES[group] }, (_, i) =>
      Buffer.from(points.subarray(i * POINT_BYTES[group], (i + 1) * POINT_BYTES[group])).toString("hex"),
    );

  for (const group of ["G1", "G2"] as const) {
    for (const scalars of [1, 3000]) {
      it(`multiplies like the double-and-add method (${group}, table for ${scalars})`, () => {
        const base = new FixedBase(new WasmEngine(kernels), group, scalars);
        fc.assert(
          fc.property(
            fc.array(fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), { minLength: 1, maxLength: 4 }),
            (list) => {
              const points = base.multiply(Buffer.concat(list.map(littleEndian)));
              expect(split(group, points)).to.deep.equal(list.map((scalar) => expected(group, scalar)));
            },
          ),
          { numRuns: 40 },
        );
      });
    }

    it(`has no exceptional scalars (${group})`, () => {
      // A table for one scalar has windows of 4 bits; the top one weighs 2^252. The scalar 6 * 2^252 - r leads to a sum
      // of lower windows that is congruent to the top digit's point, where the affine addition would divide by zero.
      const special = [0n, 1n, 2n, 8n, 9n, 15n, 16n, FIELD_ORDER - 1n, FIELD_ORDER - 2n, (FIELD_ORDER - 1n) / 2n];
      const powers = Array.from({ length: 254 }, (_, i) => 2n ** BigInt(i)).filter((power) => power < FIELD_ORDER);
      const list = [...special, ...powers, 6n * 2n ** 252n - FIELD_ORDER];
      const points = new FixedBase(new WasmEngine(kernels), group, 1).multiply(Buffer.concat(list.map(littleEndian)));
      expect(split(group, points)).to.deep.equal(list.map((scalar) => expected(group, scalar)));
    });
  }

  it("hands over every piece of every job, each where it belongs", async () => {
    const count = 20_000;
    const scalars = new Uint8Array(32 * count);
    for (let i = 0; i < count; i++) new DataView(scalars.buffer).setUint32(32 * i, i % 1000, true);
    const table = new Map(Array.from({ length: 1000 }, (_, i) => [i, expected("G1", BigInt(i))] as const));
    const received: string[] = [];
    const shares: number[] = [];
    await multiplyGenerators(
      kernels,
      [
        {
          group: "G1",
          scalars,
          receive: (points, index) => split("G1", points).forEach((point, i) => (received[index + i] = point)),
        },
        { group: "G2", scalars: scalars.subarray(0, 64), receive: (points) => expect(points.length).to.equal(256) },
      ],
      (done, all) => shares.push(done / all),
    );
    expect(received).to.deep.equal(Array.from({ length: count }, (_, i) => table.get(i % 1000)));
    expect(shares).to.deep.equal([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).to.equal(1);
  });
});
