import { expect } from "chai";
import fc from "fast-check";
import {
  AFFINE_BYTES,
  BATCH,
  type PointAdder,
  sumSegments,
  sumSegmentsInto,
  WORKSPACE_BYTES,
} from "../../../src/kernels/curve/segment-sum.ts";

const MEMORY_BYTES = 1 << 22;
const NEUTRAL = 8;
const WORKSPACE = 1024;
const OUTPUT = 1 << 21;
const POINTS = 3 << 20;

/** Integers in the place of points, the first word of each. The order of additions must not matter: a batch runs backwards. */
function integerAdder(): PointAdder {
  const words = new Uint32Array(MEMORY_BYTES / 4);
  const read = (reference: number) => {
    const value = words[(reference & ~1) / 4]! | 0;
    return (reference & 1) === 1 ? -value : value;
  };
  return {
    words,
    neutral: NEUTRAL,
    workspace: WORKSPACE,
    addPairs(jobs, count) {
      expect(count).to.be.within(1, BATCH);
      for (let job = count - 1; job >= 0; job--) {
        const [left, right, sum] = words.subarray(jobs / 4 + 3 * job);
        const inWorkspace = sum! >= WORKSPACE && sum! + AFFINE_BYTES <= WORKSPACE + WORKSPACE_BYTES;
        expect(inWorkspace || (sum! >= OUTPUT && sum! < POINTS)).to.equal(true);
        words[sum! / 4] = read(left!) + read(right!);
      }
    },
  };
}

/** Lists of the given lengths, with point i worth i + 1 and every third one negative. */
function lists(adder: PointAdder, lengths: readonly number[]) {
  const count = lengths.reduce((sum, length) => sum + length, 0);
  const references = Uint32Array.from({ length: count }, (_, i) => POINTS + AFFINE_BYTES * i + (i % 3 === 0 ? 1 : 0));
  let end = 0;
  const sums: number[] = [];
  const ends = Uint32Array.from(lengths, (length) => {
    let sum = 0;
    for (let i = end; i < end + length; i++) {
      adder.words[(POINTS + AFFINE_BYTES * i) / 4] = i + 1;
      sum += i % 3 === 0 ? -(i + 1) : i + 1;
    }
    sums.push(sum);
    return (end += length);
  });
  return { segments: { references, ends }, sums };
}

const valueAt = (adder: PointAdder, address: number) => adder.words[address / 4]! | 0;

describe("sums of lists", () => {
  it("adds lists of all lengths, also those longer than a chunk", () => {
    const length = fc.oneof({ weight: 9, arbitrary: fc.nat(20) }, fc.nat(3 * BATCH));
    fc.assert(
      fc.property(fc.array(length, { maxLength: 40 }), (lengths) => {
        fc.pre(lengths.reduce((sum, each) => sum + each, 0) < 14_000);
        const adder = integerAdder();
        const { segments, sums } = lists(adder, lengths);
        sumSegmentsInto(adder, segments, OUTPUT);
        const found = lengths.map((_, list) => valueAt(adder, OUTPUT + AFFINE_BYTES * list));
        expect(found).to.deep.equal(sums);
      }),
      { numRuns: 40 },
    );
  });

  it("refers to a list's only point where it stands, and to nothing for an empty list", () => {
    const adder = integerAdder();
    const { segments } = lists(adder, [0, 1, 2]);
    expect([...sumSegments(adder, segments, OUTPUT)]).to.deep.equal([0, POINTS + 1, OUTPUT + 2 * AFFINE_BYTES]);
  });

  it("works off many lists with few batches", () => {
    const adder = integerAdder();
    const { segments } = lists(
      adder,
      Array.from({ length: 800 }, () => 16),
    );
    let batches = 0;
    sumSegments({ ...adder, addPairs: (jobs, count) => (batches++, adder.addPairs(jobs, count)) }, segments, OUTPUT);
    expect(batches).to.be.at.most(20);
  });
});
