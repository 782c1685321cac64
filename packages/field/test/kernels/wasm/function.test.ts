import { expect } from "chai";
import fc from "fast-check";
import { instantiate } from "../../../src/kernels/instance.ts";
import { I32, I64 } from "../../../src/kernels/wasm/expression.ts";
import type { FunctionEmitter } from "../../../src/kernels/wasm/function.ts";
import { BoundsError, type Interval, signed, unsigned } from "../../../src/kernels/wasm/interval.ts";
import { ModuleEmitter } from "../../../src/kernels/wasm/module.ts";
import { WebAssembly } from "../../../src/kernels/wasm/web-assembly.ts";

/** Runs one function of no parameters; gives the i64 that it leaves at address 0. */
async function run(body: (f: FunctionEmitter) => void): Promise<bigint> {
  const module = new ModuleEmitter(false);
  module.export("body", 0, body);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: false });
  const functions = await instantiate(await WebAssembly.compile(module.encode()), memory, 4096);
  functions["body"]!();
  return new BigInt64Array(memory.buffer)[0]!;
}

const zero = I32.constant(0);

describe("functions written with intervals", () => {
  const numbers = { min: -(1n << 30n), max: 1n << 30n };

  it("compute what their expressions say, inside the intervals", async () => {
    const steps: [string, (a: I64, b: I64) => I64, (a: bigint, b: bigint) => bigint][] = [
      ["add", (a, b) => a.add(b), (a, b) => a + b],
      ["subtract", (a, b) => a.subtract(b), (a, b) => a - b],
      ["multiply", (a, b) => a.multiply(b), (a, b) => a * b],
      ["shiftRight", (a) => a.shiftRight(7), (a) => a >> 7n],
      ["shiftLeft", (a) => a.shiftLeft(9), (a) => a << 9n],
      ["low", (a) => a.low(13), (a) => BigInt.asUintN(13, a)],
      ["or", (a, b) => a.low(20).or(b.low(9)), (a, b) => BigInt.asUintN(20, a) | BigInt.asUintN(9, b)],
      ["orElse", (a, b) => a.orElse(b, b.isNegative()), (a, b) => (b < 0n ? a : b)],
      ["isZero", (a) => a.isZero().extendUnsigned(), (a) => (a === 0n ? 1n : 0n)],
      ["wrap", (a) => a.wrap().extendSigned(), (a) => BigInt.asIntN(32, a)],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(numbers),
        fc.bigInt(numbers),
        fc.integer({ min: 0, max: steps.length - 1 }),
        async (x, y, choice) => {
          const [name, emit, expected] = steps[choice]!;
          let range: Interval = signed(64);
          const result = await run((f) => {
            f.store64(zero, I64.constant(x), 8);
            f.store64(zero, I64.constant(y), 16);
            const value = emit(f.keep(f.load("s64", zero, 8, numbers)), f.keep(f.load("s64", zero, 16, numbers)));
            range = value.range;
            f.store64(zero, value);
          });
          expect(result, name).to.equal(expected(x, y));
          expect(range.min <= result && result <= range.max, name).to.equal(true);
        },
      ),
    );
  });

  it("loop, branch, call and reuse locals of regions", async () => {
    const module = new ModuleEmitter(false);
    const store = module.internal("store", 2, null, (f, address, value) => f.store64(address, value.extendUnsigned()));
    const double = module.internal("double", 1, "i32", (f, value) => f.leave(value.add(value)));
    module.export("triangle", 1, (f, count) => {
      const [total, i] = [f.variable(0), f.variable(0)];
      f.repeat(count, () => {
        const odd = f.keep(i.value.and(1));
        f.if(
          odd,
          () => total.advance(f.callForIndex(double, i.value)),
          () => total.advance(i.value),
        );
        i.advance(1);
      });
      const before = f.keep(total.value);
      f.while(total.value.isAbove(1000), () => total.set(total.value.subtract(1000)));
      f.call(store, zero, total.value);
      f.call(store, I32.constant(8), before);
    });
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: false });
    const functions = await instantiate(await WebAssembly.compile(module.encode()), memory, 4096);
    functions["triangle"]!(100);
    // 0 + 2 + 2 + 6 + 4 + ...: even numbers once, odd ones twice.
    expect([...new BigUint64Array(memory.buffer, 0, 2)]).to.deep.equal([450n, 7450n]);
  });

  it("are refused with shifts that wrap around and with facts that contradict each other", () => {
    const one = I64.constant(1n);
    for (const bits of [64, -1]) {
      expect(() => one.shiftRight(bits)).to.throw(BoundsError, "a shift");
      expect(() => one.shiftLeft(bits)).to.throw();
    }
    expect(one.shiftRight(63).range).to.deep.equal({ min: 0n, max: 0n });
    expect(() => one.known({ min: 2n, max: 3n })).to.throw(BoundsError, "what is known of a number");
  });

  it("are refused where a number could leave 64 bits", () => {
    const module = new ModuleEmitter(false);
    const attempt = (body: (f: FunctionEmitter) => void) => () => module.export("bad", 0, body);
    const any = (f: FunctionEmitter) => f.load("s32", zero);
    const bad: ((f: FunctionEmitter) => void)[] = [
      (f) =>
        any(f)
          .multiply(any(f))
          .add(any(f).multiply(any(f)))
          .add(any(f).multiply(any(f))),
      (f) => f.load("s64", zero).add(I64.constant(1n)),
      (f) => f.load("s64", zero).subtract(I64.constant(1n)),
      (f) => any(f).shiftLeft(33),
      (f) => any(f).or(any(f)),
      (f) => f.load("s32", zero, 0, signed(33)),
      (f) => f.store32(zero, any(f).add(any(f)), 0, signed(32)),
      (f) => f.store32(zero, any(f), 0, unsigned(29)),
      (f) => f.bounded(unsigned(29)).set(any(f)),
      (f) => f.bounded({ min: 1n, max: 2n }),
      (f) => f.sum(signed(32), 1n << 10n).add(any(f).add(any(f))),
      (f) => f.sum(signed(32), 1n << 33n),
    ];
    for (const body of bad) expect(attempt(body), body.toString()).to.throw("Carry or reduce earlier");
    expect(attempt((f) => any(f).multiply(any(f)).add(any(f)))).not.to.throw();
    expect(attempt((f) => f.sum(signed(32), 1n << 30n).add(any(f)))).not.to.throw();
  });
});
