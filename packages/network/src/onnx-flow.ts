import { createFloatNetwork, type FloatLayerParts, type FloatNetwork } from "./float-network.ts";
import { OnnxError, type Tensor } from "./onnx-tensor.ts";

/**
 * What follows the logits: probabilities (softmax), the sigmoid of one logit, one minus it, or the class itself.
 * None of these changes which class wins, so they are dropped; anything else after them is refused.
 */
export interface End {
  readonly kind: "probabilities" | "sigmoid" | "complement" | "class";
  /** The node that made it, for errors. */
  readonly node: string;
}

/**
 * The value that flows from the graph's input: dense layers so far, and an elementwise map u = factor * x + offset
 * after them that the next dense layer absorbs.
 */
export interface Flow {
  readonly kind: "flow";
  /** Number of features of a row; undefined while the graph leaves it open. */
  readonly width: number | undefined;
  readonly layers: readonly FloatLayerParts[];
  readonly factors: readonly number[] | null;
  readonly offsets: readonly number[] | null;
  readonly end: End | null;
}

/** A value of the graph: the flow, a constant, or a shape that the graph computes from the batch size. */
export type Value = Flow | { readonly kind: "constant"; readonly tensor: Tensor } | { readonly kind: "shape" };

export function inputFlow(width: number | undefined): Flow {
  return { kind: "flow", width, layers: [], factors: null, offsets: null, end: null };
}

/**
 * Appends a dense layer y = W x + b.
 * @param weights outputs x inputs, row-major
 * @throws OnnxError when the widths differ
 */
export function appendDense(flow: Flow, weights: Float64Array, biases: Float64Array, where: string): Flow {
  const outputs = biases.length;
  const inputs = weights.length / outputs;
  if (flow.width !== undefined && flow.width !== inputs) {
    throw new OnnxError(
      `${where} multiplies rows of ${flow.width} features by a matrix for ${inputs}`,
      "Flatten the rows to one dimension before the first dense layer, and check the widths",
    );
  }
  const absorbed = weights.map((weight, at) => weight * at1(flow.factors, at % inputs, 1));
  const shifted = biases.map((bias, j) => {
    let sum = bias;
    for (let k = 0; k < inputs; k++) sum += (weights[j * inputs + k] as number) * at1(flow.offsets, k, 0);
    return sum;
  });
  const layer: FloatLayerParts = { inputs, outputs, weights: absorbed, biases: shifted, activation: "none" };
  return { ...flow, width: outputs, layers: [...flow.layers, layer], factors: null, offsets: null };
}

/**
 * Applies x -> factor * x + offset to each feature: a dense layer that has no activation yet takes it in, else it
 * waits for the next one.
 */
export function appendAffine(flow: Flow, factors: readonly number[], offsets: readonly number[], where: string): Flow {
  const width = Math.max(flow.width ?? 1, factors.length, offsets.length);
  for (const values of [factors, offsets]) {
    if (values.length !== 1 && values.length !== (flow.width ?? width)) {
      throw new OnnxError(
        `${where} combines rows of ${flow.width ?? width} features with ${values.length} constants`,
        "Constants must be one number, or one for each feature",
      );
    }
  }
  const last = flow.layers.at(-1);
  if (last === undefined || last.activation !== "none") {
    const indices = Array.from({ length: width }, (_, k) => k);
    return {
      ...flow,
      width: flow.width ?? (width > 1 ? width : undefined),
      factors: indices.map((k) => at1(flow.factors, k, 1) * at1(factors, k, 1)),
      offsets: indices.map((k) => at1(flow.offsets, k, 0) * at1(factors, k, 1) + at1(offsets, k, 0)),
    };
  }
  const weights = Float64Array.from(
    last.weights,
    (weight, at) => weight * at1(factors, Math.floor(at / last.inputs), 1),
  );
  const biases = Float64Array.from(last.biases, (bias, j) => bias * at1(factors, j, 1) + at1(offsets, j, 0));
  return { ...flow, layers: [...flow.layers.slice(0, -1), { ...last, weights, biases }] };
}

function at1(values: readonly number[] | null, index: number, otherwise: number): number {
  if (values === null) return otherwise;
  return (values.length === 1 ? values[0] : values[index]) as number;
}

/** @throws OnnxError when the activation does not follow a dense layer */
export function appendActivation(flow: Flow, activation: "relu" | "square", where: string): Flow {
  const last = flow.layers.at(-1);
  if (last === undefined || last.activation !== "none") {
    throw new OnnxError(`${where} does not follow a dense layer`, "Put activations after Gemm or MatMul only");
  }
  return { ...flow, layers: [...flow.layers.slice(0, -1), { ...last, activation }] };
}

/**
 * One logit z with a sigmoid is the two-class network with the logits 0 and z: class 1 wins exactly when z > 0, that is
 * when the sigmoid is above one half.
 */
export function twoClasses(flow: Flow, node: string): Flow {
  const last = flow.layers.at(-1) as FloatLayerParts;
  const weights = new Float64Array(2 * last.inputs);
  weights.set(Array.from(last.weights), last.inputs);
  const biases = Float64Array.of(0, last.biases[0] as number);
  const layers = [...flow.layers.slice(0, -1), { ...last, outputs: 2, weights, biases }];
  return { ...flow, width: 2, layers, end: { kind: "probabilities", node } };
}

/** @throws OnnxError, FloatNetworkError when the flow does not end with a dense layer */
export function finishFlow(flow: Flow, output: string): FloatNetwork {
  if (flow.layers.length === 0 || flow.layers.at(-1)?.activation !== "none") {
    throw new OnnxError(
      `The output "${output}" does not end with a dense layer`,
      "A classifier ends with its class scores",
    );
  }
  const whole = flow.end?.kind === "sigmoid" && flow.width === 1 ? twoClasses(flow, flow.end.node) : flow;
  return createFloatNetwork(whole.layers);
}
