import { fitsDouble } from "@zkcmp/network/bounds";
import { forwardBigints } from "@zkcmp/network/inference";
import type { Network } from "@zkcmp/network/network";
import type { LayerShape } from "@zkcmp/network/shape";

/** Integers of a matrix, rows x neurons, row-major: doubles where the shape's bounds prove them exact. */
export type Integers = Float64Array | readonly bigint[];

/** z before and h after the activation of one layer, for all rows; for the last layer both are the outputs. */
export interface BatchLayer {
  readonly z: Integers;
  readonly h: Integers;
}

/**
 * Exact inference of many rows at once; the integers are those of `forward`.
 * @param inputs rows x features, row-major, inside the network's input bits
 */
export function inferRows(network: Network, rows: number, inputs: Uint16Array): BatchLayer[] {
  return fitsDouble(network.shape) ? inferDoubles(network, rows, inputs) : inferBigints(network, rows, inputs);
}

function inferDoubles(network: Network, rows: number, inputs: Uint16Array): BatchLayer[] {
  let below: Uint16Array | Float64Array = inputs;
  return network.shape.layers.map((shape, index) => {
    const { weights, biases } = network.layers[index]!;
    const transposed = transpose(weights, shape);
    const scaledBiases = Float64Array.from(biases, (bias) => bias * 2 ** shape.biasShift);
    const z = new Float64Array(rows * shape.outputs);
    for (let row = 0; row < rows; row++) {
      const out = z.subarray(row * shape.outputs, (row + 1) * shape.outputs);
      out.set(scaledBiases);
      for (let k = 0; k < shape.inputs; k++) {
        const input = below[row * shape.inputs + k]!;
        // Rows of images and activations of ReLU are mostly zeros.
        if (input !== 0) addMultiple(out, transposed, k * shape.outputs, input);
      }
    }
    const h = activate(shape, z);
    below = h;
    return { z, h };
  });
}

function addMultiple(target: Float64Array, values: Float64Array, start: number, factor: number): void {
  for (let j = 0; j < target.length; j++) target[j]! += factor * values[start + j]!;
}

function transpose(weights: Int32Array, { inputs, outputs }: LayerShape): Float64Array {
  const transposed = new Float64Array(weights.length);
  for (let j = 0; j < outputs; j++) {
    for (let k = 0; k < inputs; k++) transposed[k * outputs + j] = weights[j * inputs + k]!;
  }
  return transposed;
}

function activate({ activation, shift }: LayerShape, z: Float64Array): Float64Array {
  if (activation === "none") return z;
  if (activation === "square") return z.map((value) => value * value);
  const divisor = 2 ** shift;
  return z.map((value) => (value > 0 ? Math.floor(value / divisor) : 0));
}

function inferBigints(network: Network, rows: number, inputs: Uint16Array): BatchLayer[] {
  const features = network.shape.layers[0]!.inputs;
  const values = Array.from({ length: rows }, (_, row) =>
    forwardBigints(network, inputs.subarray(row * features, (row + 1) * features)),
  );
  return network.shape.layers.map((_, layer) => ({
    z: values.flatMap((layers) => layers[layer]!.z),
    h: values.flatMap((layers) => layers[layer]!.h),
  }));
}
