import { expect } from "chai";
import { FIELD_ORDER, type FieldElement, randomFieldElement, reduce } from "../../src/element.ts";
import { createKernels } from "../../src/kernels/create-kernels.ts";
import { KernelArgumentError } from "../../src/kernels/kernel-error.ts";
import type { FieldVector, Kernels, LayerWiring, SmallVector, SparsePattern } from "../../src/kernels/kernels.ts";
import { createReferenceKernels } from "../../src/kernels/reference-kernels.ts";

type SmallArray = Uint8Array | Uint16Array | Int8Array | Int16Array | Int32Array;

const ZERO = reduce(0n);
const LAST = reduce(-1n);
const EDGES = [ZERO, reduce(1n), LAST, reduce(1n << 253n), reduce(2n), reduce(-2n)];

/** Longer than what one thread does alone, and odd. */
const LONG = 2 * 1024 + 177;

/** Random elements mixed with edges; `all` for one value throughout. */
function elements(count: number, all?: FieldElement): FieldElement[] {
  return Array.from({ length: count }, (_, i) => {
    if (all !== undefined) return all;
    return i % 3 === 0 ? EDGES[Math.floor(Math.random() * EDGES.length)]! : randomFieldElement();
  });
}

function integers(count: number, bound: number): Uint32Array {
  return Uint32Array.from({ length: count }, () => Math.floor(Math.random() * bound));
}

/** Rows of 0 to 3 entries, one of them with hundreds. */
function randomPattern(rows: number, columns: number): { starts: Uint32Array; columns: Uint32Array } {
  const starts = new Uint32Array(rows + 1);
  for (let i = 0; i < rows; i++) starts[i + 1] = starts[i]! + (i === 1 ? 300 : Math.floor(Math.random() * 4));
  return { starts, columns: integers(starts[rows]!, columns) };
}

function patternOf(kernels: Kernels, pattern: { starts: Uint32Array; columns: Uint32Array }): SparsePattern {
  return { starts: kernels.fromIndices(pattern.starts), columns: kernels.fromIndices(pattern.columns) };
}

for (const threads of [1, 2]) {
  describe(`vector kernels on ${threads} thread(s) equal the reference`, function () {
    this.timeout(30_000);
    const reference = createReferenceKernels();
    let kernels: Kernels;
    before(async () => {
      kernels = await createKernels({ threads });
    });
    after(() => kernels.dispose());

    /** Runs the same on both and compares. */
    function agree(run: (kernels: Kernels) => unknown, name?: string): void {
      const [expected, got] = [reference, kernels].map((each) =>
        each.scope(() => {
          const result = run(each);
          const isField = (result as FieldVector | undefined)?.kind === "field";
          return isField ? each.toField(result as FieldVector) : result;
        }),
      );
      expect(got, name).to.deep.equal(expected);
    }

    const matrices: readonly (readonly [string, (k: Kernels) => FieldVector | SmallVector])[] = (() => {
      const entries = 47 * 33 - 5;
      const random = (min: number, max: number) => () => min + Math.floor(Math.random() * (max - min + 1));
      const fill = <T extends SmallArray>(array: T, min: number, max: number): T => {
        const next = random(min, max);
        for (let i = 0; i < array.length; i++) array[i] = [min, max, next()][i % 3]!;
        return array;
      };
      const field = elements(entries);
      const most = elements(entries, LAST);
      const smalls: [string, SmallArray][] = [
        ["bits", fill(new Uint8Array(entries), 0, 1)],
        ["u8", fill(new Uint8Array(entries), 0, 255)],
        ["s8", fill(new Int8Array(entries), -128, 127)],
        ["u16", fill(new Uint16Array(entries), 0, 65535)],
        ["s16", fill(new Int16Array(entries), -32768, 32767)],
        ["s32", fill(new Int32Array(entries), -(2 ** 31), 2 ** 31 - 1)],
      ];
      return [
        ["field", (k: Kernels) => k.fromField(field)] as const,
        ["all r - 1", (k: Kernels) => k.fromField(most)] as const,
        ...smalls.map(([name, array]) => [name, (k: Kernels) => k.fromSmall(array)] as const),
      ];
    })();

    it("reads back what it was given, at any length", () => {
      for (const length of [0, 1, 2, 7, 4095, 4097, LONG]) {
        const values = elements(length);
        agree((k) => k.fromField(values), `length ${length}`);
      }
      expect(kernels.scope(() => kernels.toField(kernels.zeros(5)))).to.deep.equal(elements(5, ZERO));
      const values = elements(9);
      agree((k) => k.element(k.fromField(values), 8));
      expect(() => kernels.fromField([FIELD_ORDER as FieldElement])).to.throw("not in [0, r)");
    });

    it("writes, copies and views", () => {
      const [values, patch] = [elements(20), elements(4)];
      agree((k) => {
        const vector = k.fromField(values);
        const copy = k.copy(vector);
        k.write(k.view(vector, 3, 15), 2, 3, patch);
        return [k.toField(vector), k.toField(copy), k.toField(k.view(vector, 5, 6))];
      });
    });

    it("expands small integers of every type", () => {
      for (const [name, make] of matrices) {
        agree((k) => {
          const matrix = make(k);
          return matrix.kind === "small" ? k.expand(matrix) : matrix;
        }, name);
      }
      agree((k) => k.expand(k.fromSmall(Int8Array.of(-128, -1, 0, 1, 127))));
      agree((k) => k.expand(k.fromSmall(new Uint8Array(0))));
    });

    it("multiplies, adds multiples, sums products and gathers", () => {
      for (const length of [0, 1, 2, 33, LONG]) {
        for (const all of [undefined, LAST]) {
          const [a, b] = [elements(length, all), elements(length, all)];
          const indices = integers(length, Math.max(1, length));
          agree((k) => k.multiply(k.fromField(a), k.fromField(b)));
          agree((k) => k.innerProduct(k.fromField(a), k.fromField(b)));
          agree((k) => k.gatherMultiply(k.fromField(a), k.fromField(b), k.fromIndices(indices)));
          agree((k) => {
            const target = k.fromField([...a, ...a]);
            k.addScaled(target, LAST, k.fromField(b));
            k.addScaled(target, a[0] ?? ZERO, k.fromField(a));
            return target;
          });
        }
      }
    });

    it("stays right in many sums without reduction in between", () => {
      const [a, b] = [elements(33, LAST), elements(33, LAST)];
      agree((k) => {
        const [target, values] = [k.fromField(a), k.fromField(b)];
        for (let i = 0; i < 200; i++) k.addScaled(target, reduce(BigInt(i % 3) - 1n), values);
        return target;
      });
    });

    it("makes equality tables", () => {
      for (const point of [[], elements(1), elements(5), elements(11, LAST), elements(12), elements(8, reduce(2n))]) {
        agree((k) => k.equality(point));
        agree((k) => k.equality(point, LAST));
      }
    });

    it("combines rows and columns", () => {
      for (const [name, make] of matrices) {
        for (const columns of [1, 2, 33, 2000]) {
          for (const all of [undefined, LAST]) {
            const rows = Math.ceil((47 * 33 - 5) / columns);
            const [rowWeights, columnWeights] = [elements(rows + 3, all), elements(columns, all)];
            agree((k) => k.combineRows(make(k), columns, k.fromField(rowWeights)), `${name}, rows of ${columns}`);
            agree((k) => k.combineColumns(make(k), columns, k.fromField(columnWeights)), `${name}, columns ${columns}`);
          }
        }
      }
      agree((k) => k.combineRows(k.fromField([]), 3, k.fromField([])));
      agree((k) => k.combineColumns(k.fromSmall(new Uint8Array(0)), 3, k.fromField(elements(3))));
      const tall = elements(3 * LONG);
      agree((k) => k.combineRows(k.fromField(tall), 3, k.fromField(tall)));
      agree((k) => k.combineColumns(k.fromField(tall), 3, k.fromField(tall.slice(0, 3))));
    });

    it("multiplies by sparse matrices, also with long rows", () => {
      for (const all of [undefined, LAST]) {
        const shape = randomPattern(LONG, 50);
        const [coefficients, vector] = [elements(shape.columns.length, all), elements(50, all)];
        agree((k) => k.sparseProduct(patternOf(k, shape), k.fromField(coefficients), k.fromField(vector)));
      }
      const one = { starts: Uint32Array.of(0), columns: new Uint32Array(0) };
      agree((k) => k.sparseProduct(patternOf(k, one), k.fromField([]), k.fromField([])));
    });

    it("folds small integers of every length into a new vector", () => {
      for (const [length, half] of [
        [1, 1],
        [2, 1],
        [3, 4],
        [7, 4],
        [8, 4],
        [4 * LONG, 4 * LONG],
        [9 * LONG, 5 * LONG],
      ] as const) {
        for (const r of [ZERO, reduce(1n), LAST, randomFieldElement()]) {
          const bytes = Uint8Array.from(integers(length, 256));
          agree((k) => k.foldSmall(k.fromSmall(bytes), half, r), `${length} of ${2 * half}`);
          const integersOf16 = Int16Array.from(bytes, (value) => value - 128);
          agree((k) => k.foldSmall(k.fromSmall(integersOf16), half, r), `${length} of ${2 * half}`);
        }
      }
    });

    it("folds tables of every length, twenty times and more", () => {
      for (const [length, half] of [
        [0, 4],
        [1, 1],
        [2, 1],
        [3, 4],
        [5, 4],
        [8, 4],
        [2 * LONG, LONG],
        [LONG + 5, LONG],
        [LONG, 2 * LONG],
      ] as const) {
        const table = elements(length);
        agree((k) => k.fold(k.fromField(table), half, table[0] ?? LAST), `${length} of ${2 * half}`);
      }
      for (const r of [LAST, reduce(1n), reduce(2n), randomFieldElement()]) {
        for (const all of [undefined, LAST]) {
          const table = elements(1 << 10, all);
          agree((k) => {
            let rest = k.fromField(table);
            // The last folds meet nothing: the table is multiplied by 1 - r.
            for (let round = 0; round < 22; round++) rest = k.fold(rest, round < 10 ? 512 >> round : 1, r);
            return rest;
          });
        }
      }
    });

    it("gives the rounds of product sumchecks, also of short tables", () => {
      const half = LONG;
      for (const lengths of [
        [2 * half, 2 * half],
        [2 * half, half + 7],
        [half + 9, 2 * half - 1],
        [half - 3, half + 3],
        [5, 2 * half],
        [0, 3],
      ] as const) {
        for (const all of [undefined, LAST]) {
          const [f, g] = [elements(lengths[0], all), elements(lengths[1], all)];
          agree((k) => k.productRound(k.fromField(f), k.fromField(g), half), lengths.join());
        }
      }
    });

    it("gives the rounds of layers and applies layers", () => {
      for (const [slots, outputs, copies, half, all] of [
        [8, 5, 600, 512, undefined],
        [8, 5, 300, 512, undefined],
        [4, 4, 8, 4, LAST],
        [16, 1, 1, 1, undefined],
        [2, 3, 0, 1, undefined],
      ] as const) {
        const table = elements(slots * copies, all);
        const [gates, right] = [randomPattern(outputs, slots), integers(400, slots)];
        const linearGates = randomPattern(outputs, slots);
        const coefficients = elements(1000, all);
        agree((k) => {
          const wiring: LayerWiring = {
            outputs,
            products: patternOf(k, gates),
            right: k.fromIndices(right.slice(0, gates.columns.length)),
            productCoefficients: k.fromField(coefficients.slice(0, gates.columns.length)),
            linear: patternOf(k, linearGates),
            linearCoefficients: k.fromField(coefficients.slice(500, 500 + linearGates.columns.length)),
            constants: k.fromField(coefficients.slice(0, outputs)),
          };
          return k.applyLayer(k.fromField(table), slots, wiring);
        });
        const wiring = randomPattern(slots, slots);
        const [equality, linear] = [elements(half, all), elements(slots, all)];
        const weights = elements(wiring.columns.length, all);
        agree((k) => {
          const values = [table, equality, linear, weights].map((each) => k.fromField(each));
          return k.layerRound(values[0]!, slots, half, values[1]!, values[2]!, patternOf(k, wiring), values[3]!);
        });
        for (const small of [
          Uint8Array.from(table, (value) => (all === undefined ? Number(value & 255n) : 255)),
          Uint8Array.from(table, (_, i) => (all === undefined ? i & 1 : 255 * Number(i < half * slots))),
          Int16Array.from(table, (value) => Number(value & 511n) - 256),
        ]) {
          agree((k) => {
            const [eq, own, last] = [equality, linear, weights].map((each) => k.fromField(each));
            return k.layerRound(k.fromSmall(small), slots, half, eq!, own!, patternOf(k, wiring), last!);
          });
        }
      }
    });

    it("gives the rounds of the largest sums over bytes without carries, and of larger ones", () => {
      const slots = 4;
      for (const gates of [2 ** 17 - slots, 2 ** 17]) {
        const starts = Uint32Array.of(0, gates, gates, gates, gates);
        const wiring = { starts, columns: new Uint32Array(gates).fill(1) };
        agree((k) => {
          const [eq, linear, weights] = [1, slots, gates].map((count) => k.fromField(elements(count, LAST)));
          const table = k.fromSmall(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0));
          return k.layerRound(table, slots, 1, eq!, linear!, patternOf(k, wiring), weights!);
        }, `${gates} gates`);
      }
    });

    it("keeps changes that a scope makes to what was made before", () => {
      const outer = kernels.zeros(4);
      kernels.scope(() => kernels.write(outer, 1, 1, [LAST]));
      expect(kernels.toField(outer)).to.deep.equal([ZERO, LAST, ZERO, ZERO]);
      expect(() => kernels.scope(() => kernels.scope(() => expect.fail("from inside")))).to.throw("from inside");
    });

    it("refuses arguments that do not belong together, as the reference does", () => {
      for (const each of [kernels, reference]) {
        each.scope(() => {
          const [five, six, bytes] = [each.zeros(5), each.zeros(6), each.fromSmall(new Uint8Array(6))];
          const indicesOf = (...values: number[]) => each.fromIndices(Uint32Array.from(values));
          const indices = indicesOf(0, 1, 2, 3, 5);
          const pattern = { starts: indicesOf(0, 5), columns: indicesOf(0, 1, 2, 3, 4) };
          const wiring: LayerWiring = {
            outputs: 1,
            products: pattern,
            right: pattern.columns,
            productCoefficients: five,
            linear: pattern,
            linearCoefficients: five,
            constants: each.zeros(1),
          };
          const round = (table: FieldVector | SmallVector, slots: number, half: number, gates: SparsePattern) =>
            each.layerRound(table, slots, half, six, each.zeros(5), gates, five);
          const gates = { starts: indicesOf(0, 0, 0, 0, 0, 5), columns: pattern.columns };
          each.sparseProduct(pattern, five, five);
          each.applyLayer(five, 5, wiring);
          round(five, 5, 1, gates);
          const wrongs: (() => unknown)[] = [
            () => each.multiply(five, six),
            () => each.innerProduct(five, six),
            () => each.gatherMultiply(five, five, indices),
            () => each.sparseProduct({ ...pattern, columns: indices }, five, five),
            () => each.sparseProduct({ ...pattern, starts: indicesOf(0, 6) }, five, five),
            () => each.sparseProduct({ ...pattern, starts: indicesOf(0, 5, 4) }, five, five),
            () => each.sparseProduct({ ...pattern, starts: indicesOf(4, 3) }, five, five),
            () => each.sparseProduct({ ...pattern, starts: indicesOf() }, five, five),
            () => round(five, 5, 1, { ...gates, starts: indicesOf(0, 0, 0, 4, 3, 5) }),
            () => round(each.zeros(0), 5, 1, { ...gates, columns: indicesOf(0, 1, 2, 3, 5) }),
            () => round(five, 5, 1, pattern),
            () => each.applyLayer(five, 5, { ...wiring, linear: { ...pattern, starts: indicesOf(4, 3) } }),
            () => each.applyLayer(each.zeros(0), 5, { ...wiring, right: indices }),
            () => each.applyLayer(five, 5, { ...wiring, outputs: 1.5 }),
            () => each.fold(five, 2, LAST),
            () => each.productRound(six, five, 2),
            () => each.combineRows(six, 2, each.zeros(2)),
            () => each.combineColumns(six, 2, each.zeros(3)),
            () => each.view(five, 3, 3),
            () => each.element(five, 5),
            () => each.write(five, 1, 3, elements(3)),
            () => each.addScaled(five, LAST, six),
          ];
          for (const number of [-1, 0.5, 1.5, NaN, Infinity, -Infinity]) {
            wrongs.push(
              () => each.zeros(number),
              () => each.element(five, number),
              () => each.write(five, number, 1, [ZERO]),
              () => each.write(five, 0, number, [ZERO]),
              () => each.write(five, 0, number, []),
              () => each.view(five, number, 1),
              () => each.view(five, 1, number),
              () => each.combineRows(six, number, six),
              () => each.combineColumns(six, number, six),
              () => each.combineColumns(six, number, each.zeros(0)),
              () => each.applyLayer(six, number, wiring),
              () => each.fold(six, 6.5 * number, LAST),
              () => each.foldSmall(bytes, 6.5 * number, LAST),
              () => each.productRound(six, six, 6.5 * number),
              () => round(six, number, 6, gates),
              () => round(six, 6, number, gates),
              () => round(bytes, 2, number, gates),
            );
          }
          for (const factor of [-1n, FIELD_ORDER, 1n << 256n, 1 as unknown as bigint] as FieldElement[]) {
            wrongs.push(
              () => each.addScaled(five, factor, five),
              () => each.equality([ZERO, factor]),
              () => each.equality([ZERO], factor),
              () => each.fold(six, 3, factor),
              () => each.foldSmall(bytes, 3, factor),
            );
          }
          for (const wrong of wrongs) {
            expect(wrong, wrong.toString()).to.throw(KernelArgumentError);
          }
        });
      }
    });
  });
}
