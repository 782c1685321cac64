import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { randomBytes } from "node:crypto";
import { bytesToInteger, FIELD_BYTES, type FieldElement, multiply } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { AffinePoint } from "@zkcmp/field/kernels/kernels";
import { endCurve, sharedCurve } from "@zkcmp/groth16/curve";
import { FixedBase } from "@zkcmp/groth16/fixed-base";
import { loadKernels } from "@zkcmp/groth16/kernels";
import { WasmEngine } from "@zkcmp/groth16/wasm-engine";
import { type Measure, spread, timed } from "./figure.ts";

/** Products of one run: three vectors of 36 bytes an element stay in the processor's caches. */
const PRODUCTS = 2 ** 16;

const POINTS = 2 ** 18;

const COORDINATE_BYTES = 32;

const { version: peerVersion } = JSON.parse(
  readFileSync(new URL("../node_modules/ffjavascript/package.json", import.meta.url), "utf8"),
) as { version: string };

/** Little-endian, below r. */
function randomScalars(count: number): { bytes: Uint8Array; values: FieldElement[] } {
  const bytes = new Uint8Array(randomBytes(count * FIELD_BYTES));
  const values = Array.from({ length: count }, (_, i) => {
    const own = bytes.subarray(i * FIELD_BYTES, (i + 1) * FIELD_BYTES);
    own[FIELD_BYTES - 1]! &= 0x1f;
    return bytesToInteger(own.toReversed()) as FieldElement;
  });
  return { bytes, values };
}

function coordinate(bytes: Uint8Array, index: number): bigint {
  return bytesToInteger(bytes.slice(index * COORDINATE_BYTES, (index + 1) * COORDINATE_BYTES).reverse());
}

/** Random multiples of the generator, in ffjavascript's form and in ours. */
function randomPoints(engine: WasmEngine): { peer: Uint8Array; own: AffinePoint[] } {
  const peer = new FixedBase(engine, "G1", POINTS).multiply(randomScalars(POINTS).bytes);
  const at = engine.place(peer);
  engine.kernel("f1m_batchFromMontgomery")(at, 2 * POINTS, at);
  const plain = engine.memory().slice(at, at + peer.length);
  const own = Array.from({ length: POINTS }, (_, i) => ({
    x: coordinate(plain, 2 * i),
    y: coordinate(plain, 2 * i + 1),
  }));
  return { peer, own };
}

/** Seconds of each, in turn, after one run of each that does not count. */
async function inTurn(
  runs: number,
  own: () => unknown,
  peer: () => unknown,
): Promise<{ own: number[]; peer: number[] }> {
  const seconds: { own: number[]; peer: number[] } = { own: [], peer: [] };
  for (let run = 0; run <= runs; run++) {
    const [ours] = await timed(1, async () => own());
    const [theirs] = await timed(1, async () => peer());
    if (run === 0) continue;
    seconds.own.push(ours!);
    seconds.peer.push(theirs!);
  }
  return seconds;
}

export const fieldMeasures: readonly Measure[] = [
  {
    ids: ["field.mul"],
    run: async () => {
      const kernels = await createKernels({ threads: 1 });
      const engine = new WasmEngine((await loadKernels()).kernels);
      try {
        const [left, right] = [randomScalars(PRODUCTS), randomScalars(PRODUCTS)];
        const [a, b, product] = [left.bytes, right.bytes, left.bytes].map((bytes) => engine.place(bytes));
        const multiplyPeer = engine.kernel("frm_mul");
        const ownVectors = [kernels.fromField(left.values), kernels.fromField(right.values)] as const;
        const { own, peer } = await inTurn(
          31,
          () => kernels.scope(() => kernels.multiply(...ownVectors)),
          () => {
            const end = PRODUCTS * FIELD_BYTES;
            for (let at = 0; at < end; at += FIELD_BYTES) multiplyPeer(a! + at, b! + at, product! + at);
          },
        );
        const last = PRODUCTS - 1;
        const result = kernels.scope(() => kernels.element(kernels.multiply(...ownVectors), last));
        if (result !== multiply(left.values[last]!, right.values[last]!)) throw new Error("the product is wrong");
        const nanoseconds = (seconds: readonly number[]) => spread(seconds.map((value) => (value * 1e9) / PRODUCTS));
        const [ours, theirs] = [nanoseconds(own), nanoseconds(peer)];
        return [
          {
            ...{ id: "field.mul", unit: "ns" as const, bar: 32, ...ours },
            peer: { name: "ffjavascript, one call a product", version: peerVersion, value: theirs.value },
            ratio: theirs.value / ours.value,
            note: `one thread, ${PRODUCTS} products of vectors in memory, in turn`,
          },
        ];
      } finally {
        await kernels.dispose();
      }
    },
  },
  {
    ids: ["field.msm.2e18"],
    run: async () => {
      const threads = Math.min(2, availableParallelism());
      const kernels = await createKernels({ threads });
      try {
        const curve = await sharedCurve();
        const points = randomPoints(new WasmEngine((await loadKernels()).kernels));
        const scalars = randomScalars(POINTS);
        const [ownPoints, ownScalars] = [kernels.fromPoints(points.own), kernels.fromField(scalars.values)];
        let result: AffinePoint = { x: 0n, y: 0n };
        let peerResult: Uint8Array = new Uint8Array();
        const { own, peer } = await inTurn(
          5,
          () => kernels.scope(() => (result = kernels.multiScalar(ownPoints, ownScalars))),
          async () => (peerResult = await curve.G1.multiExpAffine(points.peer, scalars.bytes)),
        );
        const [x, y] = curve.G1.toObject(curve.G1.toAffine(peerResult));
        if (result.x !== x || result.y !== y) throw new Error("the two sums differ");
        const [ours, theirs] = [spread(own), spread(peer)];
        return [
          {
            id: "field.msm.2e18",
            value: theirs.value / ours.value,
            unit: "x",
            bar: 2.5,
            better: "higher",
            runs: ours.runs,
            peer: { name: "ffjavascript G1.multiExpAffine", version: peerVersion, value: theirs.value },
            ratio: theirs.value / ours.value,
            note: `${ours.value.toFixed(3)} s and ${theirs.value.toFixed(3)} s; random points and scalars, ${threads} threads, ffjavascript one a core, warm, in turn`,
          },
        ];
      } finally {
        await kernels.dispose();
        await endCurve();
      }
    },
  },
];
