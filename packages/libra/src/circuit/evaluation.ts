import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { CircuitLayer, LayeredCircuit } from "./layered-circuit.ts";

/**
 * A circuit's values in one used copy, gate by gate: what the kernels' faster evaluation is tested against.
 * @param input inputSlots values
 * @returns the values of every layer, the input's first
 */
export function evaluateCircuit(circuit: LayeredCircuit, input: readonly FieldElement[]): FieldElement[][] {
  const values = [[...input]];
  for (const layer of circuit.layers) values.push(evaluateLayer(layer, values.at(-1)!));
  return values;
}

/** One layer's values in one used copy, from those of the layer below. */
export function evaluateLayer(layer: CircuitLayer, below: readonly FieldElement[]): FieldElement[] {
  const sums = new Array<bigint>(layer.slots).fill(0n);
  for (const { out, left, right, coefficient } of layer.products) {
    sums[out]! += coefficient * multiply(below[left]!, below[right]!);
  }
  for (const { out, input, coefficient } of layer.linear) sums[out]! += coefficient * below[input]!;
  for (const { out, value } of layer.constants) sums[out]! += value;
  return sums.map(reduce);
}
