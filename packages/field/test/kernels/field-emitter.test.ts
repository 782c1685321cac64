import { expect } from "chai";
import { FIELD_ORDER } from "../../src/element.ts";
import type { Element } from "../../src/kernels/element-emitter.ts";
import { FieldEmitter, TOP } from "../../src/kernels/field-emitter.ts";
import { fixedMultiplier } from "../../src/kernels/fixed-multiplier.ts";
import { type KernelFunctions, instantiate } from "../../src/kernels/instance.ts";
import { LIMBS, LIMB_BITS, MONTGOMERY_BITS, inverse } from "../../src/kernels/limbs.ts";
import { BASE_FIELD_ORDER } from "../../src/kernels/point-encoding.ts";
import { ProductSum } from "../../src/kernels/product-sum.ts";
import type { FunctionEmitter } from "../../src/kernels/wasm/function.ts";
import { I32 } from "../../src/kernels/wasm/expression.ts";
import { ModuleEmitter } from "../../src/kernels/wasm/module.ts";
import { WebAssembly } from "../../src/kernels/wasm/web-assembly.ts";

const [A, B, OUT, WORDS, FIXED] = [0, 64, 128, 192, 256];
const at = (address: number) => I32.constant(address);

type Operation = (f: FunctionEmitter, field: FieldEmitter, a: Element, b: Element) => Element;

/** What each operation makes of the numbers a and b that lie in memory, modulo p; `down` is 1 / R. */
const OPERATIONS: Readonly<Record<string, readonly [Operation, (a: bigint, b: bigint, down: bigint) => bigint]>> = {
  multiply: [(f, field, a, b) => field.multiply(f, a, b), (a, b, down) => a * b * down],
  multiplyAdd: [(f, field, a, b) => field.multiply(f, a, b, b), (a, b, down) => a * b * down + b],
  multiplyDifferences: [
    (f, field, a, b) => field.multiply(f, field.subtract(a, b), field.subtract(b, a)),
    (a, b, down) => -(a - b) * (a - b) * down,
  ],
  square: [(f, field, a) => field.square(f, a), (a, _b, down) => a * a * down],
  squareSum: [
    (f, field, a, b) => field.square(f, field.subtract(a, b), a),
    (a, b, down) => (a - b) * (a - b) * down + a,
  ],
  add: [(f, field, a, b) => field.carry(f, field.add(a, b)), (a, b) => a + b],
  subtract: [(f, field, a, b) => field.carry(f, field.subtract(a, b)), (a, b) => a - b],
  negate: [(f, field, a) => field.carry(f, field.negate(a)), (a) => -a],
  double: [(f, field, a) => field.carry(f, field.double(f, a)), (a) => 2n * a],
  nine: [
    (f, field, a, b) => {
      const four = field.double(f, field.double(f, a));
      return field.carry(f, field.add(field.add(four, four), b));
    },
    (a, b) => 8n * a + b,
  ],
  reduce: [(f, field, a) => field.reduce(f, a), (a) => a],
  canonical: [(f, field, a) => field.canonical(f, a), (a) => a],
  multiplyFixed: [
    (f, field, a, b) => field.multiplyFixed(f, field.loadFixed(f, at(FIXED)), field.subtract(a, b), b),
    (a, b) => (a - b) * 12345n + b,
  ],
  productSum: [
    (f, field, a, b) => {
      const total = new ProductSum(field, f);
      f.repeat(I32.constant(1000), () => total.add([a, b], [field.subtract(a, b), field.subtract(b, a)]));
      return total.total(a);
    },
    (a, b, down) => 1000n * (a * b - (a - b) * (a - b)) * down + a,
  ],
  constant: [(_f, field) => field.constant(7n), (_a, _b, down) => 7n * inverse(down, FIELD_ORDER)],
};

for (const [name, prime] of [
  ["scalar", FIELD_ORDER],
  ["base", BASE_FIELD_ORDER],
] as const) {
  describe(`arithmetic of the ${name} field in WebAssembly`, () => {
    const down = inverse(1n << BigInt(MONTGOMERY_BITS), prime);
    let functions: KernelFunctions;
    let memory: { readonly buffer: ArrayBufferLike };

    before(async () => {
      const module = new ModuleEmitter(false);
      const field = new FieldEmitter(module, prime, name);
      for (const [operation, [emit]] of Object.entries(OPERATIONS)) {
        module.export(operation, 0, (f) => {
          const [a, b] = [field.keep(f, field.load(f, at(A))), field.keep(f, field.load(f, at(B)))];
          field.store(f, at(OUT), emit(f, field, a, b));
        });
      }
      module.export("import", 0, (f) => field.store(f, at(OUT), field.importWords(f, at(WORDS))));
      module.export("export", 0, (f) => field.exportWords(f, at(WORDS), field.load(f, at(A))));
      module.export("isZero", 0, (f) => {
        f.storeIndex(at(OUT), field.isZero(field.canonical(f, field.load(f, at(A)))));
      });
      const instance = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: false });
      functions = await instantiate(await WebAssembly.compile(module.encode()), instance, 4096);
      memory = instance;
      new Uint32Array(instance.buffer, FIXED).set(fixedMultiplier(12345n, prime));
    });

    function put(address: number, limbs: readonly number[]): bigint {
      new Int32Array(memory.buffer, address, LIMBS).set(limbs);
      return numberAt(address);
    }

    function numberAt(address: number): bigint {
      const limbs = [...new Int32Array(memory.buffer, address, LIMBS)];
      return limbs.reduce((sum, limb, i) => sum + (BigInt(limb) << BigInt(LIMB_BITS * i)), 0n);
    }

    const modulo = (value: bigint) => ((value % prime) + prime) % prime;

    /** Limbs as `load` allows them: edges of the declared ranges, the prime itself, random ones. */
    const top = Number(TOP);
    const full = 2 ** LIMB_BITS - 1;
    const limbsOf = (value: bigint) =>
      Array.from({ length: LIMBS }, (_, i) => Number((value >> BigInt(LIMB_BITS * i)) & BigInt(full)));
    const random = () => Array.from({ length: LIMBS }, () => Math.floor(Math.random() * 2 ** LIMB_BITS));
    const operands: number[][] = [
      new Array<number>(LIMBS).fill(0),
      limbsOf(1n),
      limbsOf(prime),
      limbsOf(prime - 1n),
      limbsOf(2n * prime),
      [...new Array<number>(LIMBS - 1).fill(full), top - 1],
      [...new Array<number>(LIMBS - 1).fill(full), -top],
      [...new Array<number>(LIMBS - 1).fill(0), -top],
      [...new Array<number>(LIMBS - 1).fill(full), -1],
      ...Array.from({ length: 12 }, (_, i) => [
        ...random().slice(1),
        Math.floor((Math.random() - 0.5) * 2 ** (20 + (i % 8))),
      ]),
    ];

    for (const [operation, [, expected]] of Object.entries(OPERATIONS)) {
      if (operation === "constant" && prime !== FIELD_ORDER) continue;
      it(`${operation} is right at the edges of the declared ranges`, () => {
        for (const left of operands) {
          for (const right of operands) {
            const [a, b] = [put(A, left), put(B, right)];
            functions[operation]!();
            const result = numberAt(OUT);
            expect(modulo(result), `${left} ${right}`).to.equal(modulo(expected(a, b, down)));
            const limbs = [...new Int32Array(memory.buffer, OUT, LIMBS)];
            expect(limbs.slice(0, -1).every((limb) => limb >= 0 && limb <= full)).to.equal(true);
            expect(limbs[LIMBS - 1]! >= -top && limbs[LIMBS - 1]! < top).to.equal(true);
            if (operation === "canonical") expect(result >= 0n && result < prime).to.equal(true);
          }
        }
      });
    }

    it("imports, exports and recognises zero", () => {
      const words = new BigUint64Array(memory.buffer, WORDS, 4);
      for (const operand of operands) {
        const a = put(A, operand);
        functions["export"]!();
        const value = words.reduce((sum, word, i) => sum + (word << BigInt(64 * i)), 0n);
        expect(value).to.equal(modulo(a * down));
        functions["import"]!();
        expect(modulo(numberAt(OUT))).to.equal(modulo(a));
        functions["isZero"]!();
        expect(new Int32Array(memory.buffer, OUT, 1)[0]).to.equal(modulo(a) === 0n ? 1 : 0);
      }
      words.fill((1n << 64n) - 1n);
      functions["import"]!();
      expect(modulo(numberAt(OUT) * down)).to.equal(modulo((1n << 256n) - 1n));
    });
  });
}

describe("bounds of field arithmetic", () => {
  const module = new ModuleEmitter(false);
  const field = new FieldEmitter(module, FIELD_ORDER, "scalar");
  const sumOf = (a: Element, count: number) => Array.from({ length: count - 1 }, () => a).reduce(field.add, a);

  function attempt(body: (f: FunctionEmitter, a: Element) => void): () => void {
    return () => module.export("attempt", 0, (f) => body(f, field.keep(f, field.load(f, at(A)))));
  }

  it("let a difference and a short sum into a multiplication, and no longer one", () => {
    expect(attempt((f, a) => field.multiply(f, sumOf(a, 2), field.subtract(a, a)))).not.to.throw();
    expect(attempt((f, a) => field.multiply(f, sumOf(a, 3), sumOf(a, 2)))).to.throw("an i64 can reach");
    expect(attempt((f, a) => field.square(f, sumOf(a, 2)))).to.throw("an i64 can reach");
  });

  it("refuse to store what is not carried, or too large for 32 bits", () => {
    expect(attempt((f, a) => field.store(f, at(OUT), field.add(a, a)))).to.throw("a stored number can reach");
    expect(attempt((f, a) => field.store(f, at(OUT), field.carry(f, field.subtract(a, a))))).not.to.throw();
    expect(attempt((f, a) => field.store(f, at(OUT), field.carry(f, sumOf(a, 100))))).to.throw("a stored number");
  });

  it("let four products into a sum between carries, and no fifth one", () => {
    const pairs = (a: Element, count: number) =>
      Array.from({ length: count }, () => [field.subtract(a, a), field.subtract(a, a)] as const);
    expect(attempt((f, a) => new ProductSum(field, f).add(...pairs(a, 4)))).not.to.throw();
    expect(attempt((f, a) => new ProductSum(field, f).add(...pairs(a, 5)))).to.throw("an i64 can reach");
  });
});
