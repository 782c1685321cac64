import type { Activation, LayerShape } from "@zkcmp/network/shape";

export function dense(inputs: number, outputs: number, activation: Activation, shift = 0, biasShift = 0): LayerShape {
  return { inputs, outputs, activation, shift, biasShift };
}
