import { FIELD_ORDER, type FieldElement, reduce } from "../element.ts";
import {
  requireCount,
  requireElement,
  requireHalf,
  requirePattern,
  requireRange,
  requireSlots,
  requireThat,
  requireWiring,
  rowsOf,
} from "./argument-check.ts";
import { FIXED_MULTIPLIER_WORDS, fixedMultiplier } from "./fixed-multiplier.ts";
import type { FieldVector, Kernels, RoundMessage, SmallVector, SparsePattern } from "./kernels.ts";
import { ELEMENT_BYTES } from "./limbs.ts";
import type { StoredField, StoredIndices, StoredSmall, VectorStore } from "./vector-store.ts";
import { MOST_BYTE_PRODUCTS } from "./vectors/byte-layer.ts";
import { bytesOf } from "./vectors/small-type.ts";

/** The operations that {@link createVectorKernels} makes. */
export type VectorKernels = Omit<
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

/** Multiplications that are worth a thread: some 20 microseconds. */
const LEAST = 1024;

/** Small vectors from this length on are expanded by a table of all bytes. */
const BYTES = 256;

/** A stretch of a table's first half and what it meets in the second. */
interface Half {
  readonly low: number;
  readonly high: number;
  /** Bytes from one entry of `high` to the next; 0 where there is only zero. */
  readonly step: number;
}

/** The kernels on vectors of field elements, run by a machine. */
export function createVectorKernels(store: VectorStore): VectorKernels {
  const { machine } = store;
  const { memory } = machine;

  /** Runs the body with the table of a fixed multiplier in memory. */
  function withFixed(value: bigint, body: (fixed: number) => void): void {
    memory.scope(() => {
      const fixed = memory.allocate(4 * FIXED_MULTIPLIER_WORDS);
      memory.words(fixed, FIXED_MULTIPLIER_WORDS).set(fixedMultiplier(value, FIELD_ORDER));
      body(fixed);
    });
  }

  /** The sums that a kernel leaves in its last argument, `width` of them on each thread, added up. */
  function sums(
    kernel: string,
    width: number,
    count: number,
    least: number,
    values: readonly number[],
  ): FieldElement[] {
    return memory.scope(() => {
      const out = memory.allocate(ELEMENT_BYTES * width * machine.threads);
      const place = (thread: number) => out + ELEMENT_BYTES * width * thread;
      const parts = machine.run(kernel, count, least, (thread) => [...values, place(thread)]);
      return store.columnSums(out, parts, width);
    });
  }

  function half(table: StoredField | StoredSmall, from: number, entries: number, size: number): Half {
    const bytes = size * (table.kind === "field" ? ELEMENT_BYTES : bytesOf(table.type));
    const low = table.address + bytes * from;
    if (size * (from + entries) >= table.length) return { low, high: store.zero, step: 0 };
    return { low, high: low + bytes * entries, step: bytes };
  }

  /** For each of `rows` the sum over `count` steps of matrix entry times weight, by the kernel for the matrix's entries. */
  function weigh(
    matrix: FieldVector | SmallVector,
    place: { readonly start: number; readonly row: number; readonly step: number },
    weights: StoredField,
    shape: { readonly rows: number; readonly count: number },
    out: number,
  ): void {
    const least = Math.ceil(LEAST / Math.max(1, shape.count));
    if (matrix.kind === "field") {
      const { address } = store.field(matrix);
      const bytes = ELEMENT_BYTES;
      const left = [address + bytes * place.start, bytes * place.row, bytes * place.step];
      const right = [weights.address, 0, ELEMENT_BYTES];
      machine.run("dot", shape.rows, least, () => [...left, ...right, shape.count, out]);
    } else {
      const { address, type } = store.small(matrix);
      const bytes = bytesOf(type);
      const left = [address + bytes * place.start, bytes * place.row, bytes * place.step];
      machine.run(`smallDot.${type}`, shape.rows, 8 * least, () => [...left, weights.address, shape.count, out]);
    }
  }

  function pattern(
    { starts, columns }: SparsePattern,
    coefficients: number,
    bound: number,
  ): readonly [StoredIndices, StoredIndices] {
    requirePattern({ starts, columns }, coefficients);
    const stored = store.indices(starts, coefficients + 1);
    requireThat(stored.rising, "starts of a sparse pattern that fall");
    return [stored, store.indices(columns, bound)];
  }

  const kernels: VectorKernels = {
    threads: machine.threads,
    scope: (body) => memory.scope(body),
    dispose: () => machine.dispose(),

    zeros(length) {
      requireCount(length);
      return store.zeros(length);
    },
    fromField: (values) => store.fromField(values),
    fromSmall: (values) => store.fromSmall(values),
    fromIndices: (values) => store.fromIndices(values),
    expand(values) {
      const small = store.small(values);
      const out = store.allocate(small.length);
      if (bytesOf(small.type) > 1 || small.length < BYTES) {
        machine.run(`expand.${small.type}`, small.length, LEAST, () => [small.address, out.address]);
        return out;
      }
      memory.scope(() => {
        const bytes = store.fromSmall(Uint8Array.from({ length: BYTES }, (_, i) => i));
        const table = store.allocate(BYTES);
        machine.call(`expand.${small.type}`, 0, BYTES, bytes.address, table.address);
        machine.run("expandBytes", small.length, 4 * LEAST, () => [small.address, table.address, out.address]);
      });
      return out;
    },
    toField: (values) => store.read(store.field(values).address, values.length),
    element(values, index) {
      requireRange(index, 1, 1, values.length);
      return store.read(store.field(values).address + ELEMENT_BYTES * index, 1)[0]!;
    },
    write(target, start, stride, values) {
      requireRange(start, values.length, stride, target.length);
      store.write(store.field(target).address + ELEMENT_BYTES * start, ELEMENT_BYTES * stride, values);
    },
    copy(values) {
      const source = store.field(values);
      const out = store.allocate(source.length);
      const bytes = ELEMENT_BYTES * source.length;
      memory.bytes(out.address, bytes).set(memory.bytes(source.address, bytes));
      return out;
    },
    view(values, start, length) {
      requireRange(start, length, 1, values.length);
      return store.view(store.field(values), start, length);
    },

    addScaled(target, factor, values) {
      requireElement(factor);
      requireThat(values.length <= target.length, `${values.length} values for a target of ${target.length}`);
      const [sum, source] = [store.field(target), store.field(values)];
      withFixed(factor, (fixed) => {
        machine.run("addScaled", source.length, LEAST, () => [sum.address, source.address, fixed]);
      });
    },
    multiply(left, right) {
      requireThat(left.length === right.length, `${left.length} and ${right.length} factors`);
      const [a, b] = [store.field(left), store.field(right)];
      const out = store.allocate(a.length);
      machine.run("multiply", a.length, LEAST, () => [a.address, b.address, out.address]);
      return out;
    },
    innerProduct(left, right) {
      requireThat(left.length === right.length, `${left.length} and ${right.length} factors`);
      const [a, b] = [store.field(left), store.field(right)];
      const parts = Math.max(1, Math.min(machine.threads, Math.floor(a.length / LEAST)));
      const chunk = Math.floor(a.length / parts);
      const rest = a.length - parts * chunk;
      return memory.scope(() => {
        const out = memory.allocate(ELEMENT_BYTES * (parts + 1));
        const step = ELEMENT_BYTES * chunk;
        const values = [a.address, step, ELEMENT_BYTES, b.address, step, ELEMENT_BYTES, chunk, out];
        machine.run("dot", parts, 1, () => values);
        const [tailA, tailB] = [a.address + parts * step, b.address + parts * step];
        const tailOut = out + ELEMENT_BYTES * parts;
        machine.call("dot", 0, 1, tailA, 0, ELEMENT_BYTES, tailB, 0, ELEMENT_BYTES, rest, tailOut);
        return store.columnSums(out, parts + 1, 1)[0]!;
      });
    },
    gatherMultiply(coefficients, values, indices) {
      requireThat(
        coefficients.length === indices.length,
        `${coefficients.length} coefficients, ${indices.length} indices`,
      );
      const [factors, source] = [store.field(coefficients), store.field(values)];
      const places = store.indices(indices, source.length);
      const out = store.allocate(factors.length);
      const addresses = [factors.address, source.address, places.address, out.address];
      machine.run("gatherMultiply", factors.length, LEAST, () => addresses);
      return out;
    },
    equality(point, scale = reduce(1n)) {
      for (const value of [scale, ...point]) requireElement(value);
      const out = store.allocate(2 ** point.length);
      store.write(out.address, ELEMENT_BYTES, [scale]);
      // From the last variable on, so that a new variable is the most significant one of what stands already.
      [...point].reverse().forEach((r, i) => {
        const high = out.address + ELEMENT_BYTES * 2 ** i;
        withFixed(r, (fixed) => machine.run("double", 2 ** i, LEAST, () => [out.address, high, fixed]));
      });
      return out;
    },
    combineRows(matrix, columns, weights) {
      const rows = rowsOf(matrix.length, columns);
      requireThat(weights.length >= rows, `${weights.length} weights for ${rows} rows`);
      const factors = store.field(weights);
      const out = store.allocate(columns);
      // The last row may be cut short: columns from `cut` on have one entry less.
      const cut = rows === 0 ? columns : matrix.length - (rows - 1) * columns;
      const place = (start: number) => ({ start, row: 1, step: columns });
      const rest = out.address + ELEMENT_BYTES * cut;
      weigh(matrix, place(0), factors, { rows: cut, count: rows }, out.address);
      weigh(matrix, place(cut), factors, { rows: columns - cut, count: rows - 1 }, rest);
      return out;
    },
    combineColumns(matrix, columns, weights) {
      requireThat(weights.length === columns, `${weights.length} weights for ${columns} columns`);
      const factors = store.field(weights);
      const out = store.allocate(rowsOf(matrix.length, columns));
      const whole = Math.floor(matrix.length / columns);
      const place = (start: number) => ({ start, row: columns, step: 1 });
      weigh(matrix, place(0), factors, { rows: whole, count: columns }, out.address);
      const short = { rows: out.length - whole, count: matrix.length - whole * columns };
      weigh(matrix, place(whole * columns), factors, short, out.address + ELEMENT_BYTES * whole);
      return out;
    },
    sparseProduct(sparse, coefficients, vector) {
      const [factors, source] = [store.field(coefficients), store.field(vector)];
      const [starts, columns] = pattern(sparse, factors.length, source.length);
      const rows = starts.length - 1;
      const out = store.allocate(rows);
      const least = Math.ceil((LEAST * rows) / (rows + factors.length));
      const addresses = [starts.address, columns.address, factors.address, source.address, out.address];
      machine.run("sparseProduct", rows, Math.max(1, least), () => addresses);
      return out;
    },
    applyLayer(table, slots, wiring) {
      requireSlots(table.length, slots);
      requireWiring(wiring);
      const { outputs } = wiring;
      const [source, constants] = [store.field(table), store.field(wiring.constants)];
      const [products, linear] = [store.field(wiring.productCoefficients), store.field(wiring.linearCoefficients)];
      const [productStarts, left] = pattern(wiring.products, products.length, slots);
      const [linearStarts, inputs] = pattern(wiring.linear, linear.length, slots);
      const right = store.indices(wiring.right, slots);
      const copies = source.length / slots;
      const out = store.allocate(copies * outputs);
      const gates = outputs + 2 * products.length + linear.length;
      const values = [
        ...[source.address, ELEMENT_BYTES * slots, out.address, outputs, constants.address],
        ...[productStarts, left, right, products, linearStarts, inputs, linear].map(({ address }) => address),
      ];
      machine.run("applyLayer", copies, Math.ceil(LEAST / Math.max(1, gates)), () => values);
      return out;
    },

    fold(table, entries, r) {
      requireElement(r);
      requireHalf(table.length, entries);
      const stored = store.field(table);
      const left = Math.min(stored.length, entries);
      const whole = stored.length - left;
      withFixed(r, (fixed) => {
        for (const [from, to] of [[0, whole] as const, [whole, left] as const]) {
          const { low, high, step } = half(stored, from, entries, 1);
          machine.run("fold", to - from, LEAST, () => [low, high, step, fixed]);
        }
      });
      return store.view(stored, 0, left);
    },
    productRound(f, g, entries) {
      requireHalf(f.length, entries);
      requireHalf(g.length, entries);
      const [left, right] = [store.field(f), store.field(g)];
      const end = Math.min(left.length, right.length, entries);
      const cuts = [0, left.length - entries, right.length - entries, end].filter((cut) => cut >= 0 && cut <= end);
      cuts.sort((a, b) => a - b);
      const parts = cuts.slice(1).map((to, i) => {
        const [a, b] = [half(left, cuts[i]!, entries, 1), half(right, cuts[i]!, entries, 1)];
        const values = [a.low, a.high, a.step, b.low, b.high, b.step];
        return sums("productRound", 2, to - cuts[i]!, LEAST, values);
      });
      return roundMessage(parts);
    },
    foldSmall(table, entries, r) {
      requireElement(r);
      requireHalf(table.length, entries);
      if (!isBytes(table)) return kernels.fold(kernels.expand(table), entries, r);
      const stored = store.small(table);
      const out = store.allocate(Math.min(stored.length, entries));
      const whole = stored.length - out.length;
      memory.scope(() => {
        const bytes = kernels.expand(store.fromSmall(Uint8Array.from({ length: BYTES }, (_, i) => i)));
        const [low, high] = [store.zeros(BYTES), store.zeros(BYTES)];
        kernels.addScaled(low, reduce(1n - r), bytes);
        kernels.addScaled(high, r, bytes);
        for (const [from, to] of [[0, whole] as const, [whole, out.length] as const]) {
          const place = half(stored, from, entries, 1);
          const values = [place.low, place.high, place.step, low.address, high.address];
          machine.run("byteFold", to - from, 4 * LEAST, () => [...values, out.address + ELEMENT_BYTES * from]);
        }
      });
      return out;
    },
    layerRound(table, slots, entries, equality, linear, sparse, weights) {
      requireCount(entries, 1);
      requireSlots(table.length, slots);
      requireHalf(table.length, entries * slots);
      requireThat(linear.length === slots, `${linear.length} linear weights for ${slots} slots`);
      const inBytes = isBytes(table) && slots + weights.length <= MOST_BYTE_PRODUCTS;
      if (table.kind === "small" && !inBytes) {
        const same = [equality, linear, sparse, weights] as const;
        return memory.scope(() => kernels.layerRound(kernels.expand(table), slots, entries, ...same));
      }
      const stored = table.kind === "field" ? store.field(table) : store.small(table);
      const [factors, linearWeights] = [store.field(equality), store.field(linear)];
      const entryWeights = store.field(weights);
      const [starts, columns] = pattern(sparse, weights.length, slots);
      requireThat(starts.length === slots + 1, `a pattern of ${starts.length - 1} rows for ${slots} slots`);
      const copies = stored.length / slots;
      const end = Math.min(copies, entries, factors.length);
      const whole = Math.min(end, Math.max(0, copies - entries));
      const least = Math.ceil(LEAST / (2 * (slots + weights.length)));
      return memory.scope(() => {
        const zeros = store.zeros(whole < end ? slots : 0);
        const parts = [[0, whole] as const, [whole, end] as const].map(([from, to]) => {
          const { low, high, step } = half(stored, from, entries, slots);
          const values = [
            ...[low, step === 0 ? zeros.address : high, step],
            ...(inBytes ? [slots] : [ELEMENT_BYTES * slots, slots]),
            ...[factors.address + ELEMENT_BYTES * from, linearWeights.address],
            ...[starts.address, columns.address, entryWeights.address],
          ];
          return sums(inBytes ? "byteLayerRound" : "layerRound", 2, to - from, inBytes ? 4 * least : least, values);
        });
        return roundMessage(parts);
      });
    },
  };
  return kernels;
}

function isBytes(table: FieldVector | SmallVector): boolean {
  return table.kind === "small" && (table as StoredSmall).type === "u8";
}

/** The sum of the messages of parts. */
function roundMessage(parts: readonly (readonly FieldElement[])[]): RoundMessage {
  const [atZero, atInfinity] = [0, 1].map((i) => reduce(parts.reduce((sum, part) => sum + part[i]!, 0n)));
  return { atZero: atZero!, atInfinity: atInfinity! };
}
