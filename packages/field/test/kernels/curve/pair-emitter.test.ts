import { bn254 } from "@noble/curves/bn254.js";
import { expect } from "chai";
import { AffineEmitter } from "../../../src/kernels/curve/affine-emitter.ts";
import { PAIR_BYTES } from "../../../src/kernels/curve/pair-emitter.ts";
import { PointStore } from "../../../src/kernels/curve/point-store.ts";
import { AFFINE_BYTES, BATCH, JOB_BYTES } from "../../../src/kernels/curve/segment-sum.ts";
import { FieldEmitter } from "../../../src/kernels/field-emitter.ts";
import { ELEMENT_BYTES, LIMB_BITS, LIMBS, MONTGOMERY_BITS } from "../../../src/kernels/limbs.ts";
import { KernelMachine } from "../../../src/kernels/machine.ts";
import { BASE_FIELD_ORDER } from "../../../src/kernels/point-encoding.ts";
import { BoundsError } from "../../../src/kernels/wasm/interval.ts";
import { ModuleEmitter } from "../../../src/kernels/wasm/module.ts";

const Group = bn254.G1.Point;

/** Multiples of the standard generator. */
const known = new Map(
  Array.from({ length: 21 }, (_, i) => {
    const k = i - 10;
    const size = k === 0 ? Group.ZERO : Group.BASE.multiply(BigInt(Math.abs(k)));
    return [k, (k < 0 ? size.negate() : size).toAffine()];
  }),
);

/** How far from [0, q) elements in memory may stray: 31 q is just below the bound of field-emitter.ts. */
const FARTHEST = 31n;

interface Written {
  /** The point is this multiple of the standard generator. */
  readonly k: number;
  /** Its coordinates are written as x R + stray q, y R + stray q. */
  readonly stray: bigint;
  readonly negated: boolean;
}

describe("additions of pairs", () => {
  let machine: KernelMachine;

  before(async () => {
    machine = await KernelMachine.start(1);
  });
  after(() => machine.dispose());

  function write(address: number, { k, stray }: Written): void {
    const { x, y } = known.get(k)!;
    const words = machine.memory.words(address, AFFINE_BYTES / 4);
    for (const [i, coordinate] of [x, y].entries()) {
      let rest =
        ((coordinate << BigInt(MONTGOMERY_BITS)) % BASE_FIELD_ORDER) + (k === 0 ? 0n : stray * BASE_FIELD_ORDER);
      for (let limb = 0; limb < LIMBS; limb++) {
        words[LIMBS * i + limb] = Number(limb < LIMBS - 1 ? BigInt.asUintN(LIMB_BITS, rest) : BigInt.asUintN(32, rest));
        rest >>= BigInt(LIMB_BITS);
      }
    }
  }

  /** The sums of all pairs in one batch, each written over its left or its right operand or beside them. */
  function add(pairs: readonly (readonly [Written, Written])[]) {
    return machine.memory.scope(() => {
      const store = new PointStore(machine);
      const own = machine.memory.allocate(PAIR_BYTES);
      const jobs = machine.memory.allocate(JOB_BYTES * pairs.length);
      const points = machine.memory.allocate(3 * AFFINE_BYTES * pairs.length);
      const places = pairs.map(([left, right], i) => {
        const at = points + 3 * AFFINE_BYTES * i;
        write(at, left);
        write(at + AFFINE_BYTES, right);
        const sum = at + AFFINE_BYTES * (i % 3);
        const references = [at + Number(left.negated), at + AFFINE_BYTES + Number(right.negated), sum];
        machine.memory.words(jobs + JOB_BYTES * i, 3).set(references);
        return sum;
      });
      machine.call("addPairs", jobs, pairs.length, own);
      return places.map((place) => store.toPoints({ ...store.allocate(1), address: place })[0]);
    });
  }

  const valueOf = ({ k, negated }: Written) => (negated ? -k : k);

  it("adds, doubles and cancels, whatever multiples of q are in the coordinates", () => {
    const strays = [0n, 1n, -1n, 7n, FARTHEST, -FARTHEST];
    const written = [0, 1, 2, 5].flatMap((k) =>
      strays.flatMap((stray) => [false, true].map((negated) => ({ k, stray, negated }))),
    );
    const pairs = written.flatMap((left) => written.map((right) => [left, right] as const));
    for (let first = 0; first < pairs.length; first += BATCH) {
      const batch = pairs.slice(first, first + BATCH);
      expect(add(batch)).to.deep.equal(batch.map(([left, right]) => known.get(valueOf(left) + valueOf(right))));
    }
  });

  it("is not written where a difference could be a larger multiple of q than the quick test looks for", () => {
    const module = new ModuleEmitter(false);
    const field = new FieldEmitter(module, BASE_FIELD_ORDER, "base");
    const affine = new AffineEmitter(field);
    module.export("test", 1, (f, address) => {
      const difference = field.subtract(field.load(f, address), field.load(f, address, ELEMENT_BYTES));
      f.storeIndex(address, affine.mayBeZero(difference));
      expect(() => affine.mayBeZero(field.add(difference, difference))).to.throw(BoundsError, "a difference");
    });
  });

  it("adds one pair", () => {
    const plain = (k: number) => ({ k, stray: 0n, negated: false });
    expect(add([[plain(3), plain(4)]])).to.deep.equal([known.get(7)]);
  });
});
