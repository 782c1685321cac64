import { reduce } from "@zkcmp/field/element";
import { type LayerBuilder, type LayeredCircuit, LayeredCircuitBuilder } from "../circuit/layered-circuit.ts";

/** Writes b^2 - b of a slot into an output: zero exactly if the slot holds 0 or 1. */
export function testBit(layer: LayerBuilder, output: number, slot: number): void {
  layer.product(output, slot, slot).linear(output, slot, reduce(-1n));
}

/** Slots 0 to bits - 1 hold 0 or 1: every output is zero. */
export function bitTestCircuit(name: string, slots: number, bits: number): LayeredCircuit {
  const builder = new LayeredCircuitBuilder(name, slots);
  const layer = builder.layer(slots);
  for (let bit = 0; bit < bits; bit++) testBit(layer, bit, bit);
  return builder.build();
}
