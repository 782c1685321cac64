import type { NetworkShape } from "@zkcmp/network/shape";

/** A ReLU network as the quantiser makes it from int8 weights and 8-bit inputs. */
export function int8Shape(widths: readonly number[], shift = 8): NetworkShape {
  return {
    inputBits: 8,
    weightBits: 8,
    layers: widths.slice(1).map((outputs, l) => {
      const last = l === widths.length - 2;
      return {
        inputs: widths[l]!,
        outputs,
        activation: last ? "none" : "relu",
        shift: last ? 0 : shift,
        biasShift: last ? 8 : 12,
      };
    }),
  };
}
