import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { FieldVector, IndexVector, Kernels, LayerWiring, SparsePattern } from "@zkcmp/field/kernels/kernels";
import type { CircuitLayer } from "./layered-circuit.ts";

/** Gates sorted by one of their slots: the weight of entry e is coefficients[e] times the weight of slot outs[e] above. */
export interface SortedGates {
  readonly pattern: SparsePattern;
  readonly outs: IndexVector;
  readonly coefficients: FieldVector;
}

/** A layer's gates in the orders in which a prover sums over them, uploaded once and shared by all rounds. */
export interface LayerGates {
  readonly layer: CircuitLayer;
  /** Slots of the layer below. */
  readonly inputSlots: number;
  /** Row: left operand; column: right operand. */
  readonly byLeft: SortedGates;
  /** Row: right operand; column: left operand. */
  readonly byRight: SortedGates;
  /** Row: the slot that is read; column: the slot that is written. */
  readonly linear: { readonly pattern: SparsePattern; readonly coefficients: FieldVector };
}

interface Entry {
  readonly row: number;
  readonly column: number;
  readonly out: number;
  readonly coefficient: FieldElement;
}

/** Uploads a layer's gates for proving. They live as long as the present scope. */
export function uploadGates(kernels: Kernels, layer: CircuitLayer, inputSlots: number): LayerGates {
  const sorted = (entries: readonly Entry[]): SortedGates => {
    const { pattern, order } = sortedPattern(kernels, inputSlots, entries);
    return {
      pattern,
      outs: kernels.fromIndices(Uint32Array.from(order, (entry) => entry.out)),
      coefficients: kernels.fromField(order.map((entry) => entry.coefficient)),
    };
  };
  const reads = layer.linear.map(({ out, input, coefficient }) => ({ row: input, column: out, out, coefficient }));
  const linear = sortedPattern(kernels, inputSlots, reads);
  return {
    layer,
    inputSlots,
    byLeft: sorted(layer.products.map(({ left, right, ...gate }) => ({ row: left, column: right, ...gate }))),
    byRight: sorted(layer.products.map(({ left, right, ...gate }) => ({ row: right, column: left, ...gate }))),
    linear: {
      pattern: linear.pattern,
      coefficients: kernels.fromField(linear.order.map((entry) => entry.coefficient)),
    },
  };
}

/** A layer's wiring as `Kernels.applyLayer` takes it. It lives as long as the present scope. */
export function uploadWiring(kernels: Kernels, layer: CircuitLayer): LayerWiring {
  const { slots } = layer;
  const products = sortedPattern(
    kernels,
    slots,
    layer.products.map(({ out, left, right, coefficient }) => ({ row: out, column: left, right, coefficient })),
  );
  const linear = sortedPattern(
    kernels,
    slots,
    layer.linear.map(({ out, input, coefficient }) => ({ row: out, column: input, coefficient })),
  );
  const constants = new Array<FieldElement>(slots).fill(reduce(0n));
  for (const { out, value } of layer.constants) constants[out] = value;
  return {
    outputs: slots,
    products: products.pattern,
    right: kernels.fromIndices(Uint32Array.from(products.order, (entry) => entry.right)),
    productCoefficients: kernels.fromField(products.order.map((entry) => entry.coefficient)),
    linear: linear.pattern,
    linearCoefficients: kernels.fromField(linear.order.map((entry) => entry.coefficient)),
    constants: kernels.fromField(constants),
  };
}

/** Entries in compressed rows: by counting sort, so that the order within a row stays. */
function sortedPattern<Item extends { readonly row: number; readonly column: number }>(
  kernels: Kernels,
  rows: number,
  entries: readonly Item[],
): { pattern: SparsePattern; order: readonly Item[] } {
  const starts = new Uint32Array(rows + 1);
  for (const { row } of entries) starts[row + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  const next = starts.slice();
  const order = new Array<Item>(entries.length);
  for (const entry of entries) order[next[entry.row]!++] = entry;
  const columns = Uint32Array.from(order, (entry) => entry.column);
  return { pattern: { starts: kernels.fromIndices(starts), columns: kernels.fromIndices(columns) }, order };
}
