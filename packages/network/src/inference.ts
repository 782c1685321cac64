import { ZkcmpError } from "@zkcmp/field/error";
import { fitsDouble } from "./bounds.ts";
import type { Layer, Network } from "./network.ts";
import { inputCount, type LayerShape } from "./shape.ts";

/** z before and h after the activation of one layer; for the last layer both are the outputs. */
export interface LayerValues {
  readonly z: readonly bigint[];
  readonly h: readonly bigint[];
}

/** A row that does not fit the network, or a label outside its classes. */
export class InferenceError extends ZkcmpError {}

/** A row of unsigned inputBits-bit integers. */
export type Row = ArrayLike<number>;

/**
 * Exact inference: the last layer's integers.
 * @throws InferenceError when the row has the wrong width or an input outside [0, 2^inputBits)
 */
export function outputs(network: Network, row: Row): bigint[] {
  return [...(forward(network, row).at(-1) as LayerValues).z];
}

/**
 * Exact inference with every layer's values. It uses doubles when the worst-case bounds prove them exact, else BigInt;
 * the integers are the same.
 * @throws InferenceError as {@link outputs}
 */
export function forward(network: Network, row: Row): LayerValues[] {
  return fitsDouble(network.shape) ? forwardNumbers(network, row) : forwardBigints(network, row);
}

/** {@link forward} in doubles: exact only where `fitsDouble(network.shape)` holds. */
export function forwardNumbers(network: Network, row: Row): LayerValues[] {
  checkRow(network, row);
  let inputs: ArrayLike<number> = row;
  return eachLayer(network, (shape, layer) => {
    const z = new Float64Array(shape.outputs);
    for (let j = 0; j < shape.outputs; j++) {
      let sum = (layer.biases[j] as number) * 2 ** shape.biasShift;
      const start = j * shape.inputs;
      for (let k = 0; k < shape.inputs; k++) sum += (layer.weights[start + k] as number) * (inputs[k] as number);
      z[j] = sum;
    }
    const h = z.map((value) => activateNumber(shape, value));
    inputs = h;
    return { z: Array.from(z, BigInt), h: Array.from(h, BigInt) };
  });
}

/** {@link forward} in BigInt: exact for every network. */
export function forwardBigints(network: Network, row: Row): LayerValues[] {
  checkRow(network, row);
  let inputs = Array.from(row, BigInt);
  return eachLayer(network, (shape, layer) => {
    const z = Array.from(layer.biases, (bias, j) => {
      let sum = BigInt(bias) << BigInt(shape.biasShift);
      const start = j * shape.inputs;
      for (let k = 0; k < shape.inputs; k++) sum += BigInt(layer.weights[start + k] as number) * (inputs[k] as bigint);
      return sum;
    });
    const h = z.map((value) => activateBigint(shape, value));
    inputs = h;
    return { z, h };
  });
}

function eachLayer<T>(network: Network, compute: (shape: LayerShape, layer: Layer) => T): T[] {
  return network.shape.layers.map((shape, index) => compute(shape, network.layers[index] as Layer));
}

function activateNumber(shape: LayerShape, z: number): number {
  if (shape.activation === "none") return z;
  if (shape.activation === "square") return z * z;
  return z >= 0 ? Math.floor(z / 2 ** shape.shift) : 0;
}

function activateBigint(shape: LayerShape, z: bigint): bigint {
  if (shape.activation === "none") return z;
  if (shape.activation === "square") return z * z;
  return z >= 0n ? z >> BigInt(shape.shift) : 0n;
}

function checkRow(network: Network, row: Row): void {
  const width = inputCount(network.shape);
  if (row.length !== width) {
    throw new InferenceError(
      `The row has ${row.length} features, the network takes ${width}`,
      "Give rows of that width",
    );
  }
  const limit = 2 ** network.shape.inputBits;
  for (let k = 0; k < width; k++) {
    const value = row[k] as number;
    if (!Number.isInteger(value) || value < 0 || value >= limit) {
      throw new InferenceError(
        `Feature ${k + 1} of the row is ${value}`,
        `This network takes integers from 0 to ${limit - 1}; encode the row with the order's encoding`,
      );
    }
  }
}

/**
 * Whether a row with this label counts: y_L - y_j - [j < L] >= 0 for every j != L, so the lowest index wins ties.
 * @throws InferenceError when the label is not a class
 */
export function isRight(outputs: readonly bigint[], label: number): boolean {
  const own = outputs[label];
  if (own === undefined) {
    throw new InferenceError(
      `The label is ${label}, but the network has ${outputs.length} outputs`,
      `Labels run from 0 to ${outputs.length - 1}`,
    );
  }
  return outputs.every((other, j) => j === label || own - other - (j < label ? 1n : 0n) >= 0n);
}

/** The class with the largest output; the lowest index wins ties, so `predict(y) === L` exactly when `isRight(y, L)`. */
export function predict(outputs: readonly bigint[]): number {
  let best = 0;
  outputs.forEach((value, j) => {
    if (value > (outputs[best] as bigint)) best = j;
  });
  return best;
}
