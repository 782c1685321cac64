import {
  appendActivation,
  appendAffine,
  appendDense,
  type End,
  type Flow,
  twoClasses,
  type Value,
} from "./onnx-flow.ts";
import type { AttributeProto, NodeProto } from "./onnx-schema.ts";
import { TENSOR_TYPE } from "./onnx-schema.ts";
import { OnnxError, readTensor, type Tensor } from "./onnx-tensor.ts";

/** Computes a node's first output from its inputs; an input that is left out is null. */
type Operator = (node: NodeProto, inputs: readonly (Value | null)[]) => Value;

/** `the Gemm node "/fc1/Gemm"`, for errors. */
export function describeNode(node: NodeProto): string {
  const domain = node.domain === "" || node.domain === "ai.onnx" ? "" : `${node.domain}.`;
  return `The ${domain}${node.opType} node "${node.name || node.output[0]}"`;
}

function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((entry) => entry.name === name);
}

function integer(node: NodeProto, name: string, otherwise: number): number {
  return attribute(node, name)?.i ?? otherwise;
}

function float(node: NodeProto, name: string, otherwise: number): number {
  return attribute(node, name)?.f ?? otherwise;
}

/** The flow before any final softmax; anything that computes with probabilities is refused. */
function openFlow(node: NodeProto, value: Value | null | undefined): Flow {
  const flow = anyFlow(node, value);
  if (flow.end !== null) {
    throw new OnnxError(
      `${flow.end.node} is not the last layer: ${describeNode(node)} computes with its result`,
      "Hidden activations may be Relu or a square; softmax, sigmoid and argmax are supported at the end only",
    );
  }
  return flow;
}

function anyFlow(node: NodeProto, value: Value | null | undefined): Flow {
  if (value?.kind !== "flow") {
    throw new OnnxError(
      `${describeNode(node)} does not take its first operand from the model's input`,
      "Only a chain of layers x W + b is supported: constants stand on the right",
    );
  }
  return value;
}

function constant(node: NodeProto, value: Value | null | undefined, what: string): Tensor {
  if (value?.kind !== "constant") {
    throw new OnnxError(
      `${describeNode(node)}: the ${what} is not a constant`,
      "Weights must be stored in the model; products or sums of two computed values are not supported",
    );
  }
  return value.tensor;
}

function matrix(
  node: NodeProto,
  value: Value | null | undefined,
): { rows: number; columns: number; data: Float64Array } {
  const tensor = constant(node, value, "weight matrix");
  const [rows, columns] = tensor.dims;
  if (tensor.dims.length !== 2 || !rows || !columns) {
    throw new OnnxError(
      `${describeNode(node)}: the weights have the dimensions ${tensor.dims.join(" x ") || "of a scalar"}`,
      "Give a matrix",
    );
  }
  return { rows, columns, data: tensor.data };
}

function transpose(rows: number, columns: number, data: Float64Array): Float64Array {
  return data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)] as number);
}

/** A constant that is one number or one a feature; leading dimensions of size 1 are broadcast. */
function vector(node: NodeProto, tensor: Tensor): number[] {
  if (tensor.data.length !== 1 && tensor.data.length !== tensor.dims.at(-1)) {
    throw new OnnxError(
      `${describeNode(node)}: the constant has the dimensions ${tensor.dims.join(" x ")}`,
      "Give one number, or one for each feature",
    );
  }
  return [...tensor.data];
}

const gemm: Operator = (node, [a, b, c]) => {
  const flow = openFlow(node, a);
  if (integer(node, "transA", 0) !== 0) {
    throw new OnnxError(`${describeNode(node)} transposes its input (transA = 1)`, "Rows of the input must be samples");
  }
  const { rows, columns, data } = matrix(node, b);
  const isTransposed = integer(node, "transB", 0) !== 0;
  const outputs = isTransposed ? rows : columns;
  const alpha = float(node, "alpha", 1);
  const weights = (isTransposed ? data : transpose(rows, columns, data)).map((weight) => alpha * weight);
  const biases = new Float64Array(outputs);
  const dense = appendDense(flow, weights, biases, describeNode(node));
  if (c === null || c === undefined) return dense;
  const beta = float(node, "beta", 1);
  const bias = vector(node, constant(node, c, "bias")).map((value) => beta * value);
  return appendAffine(dense, [1], bias, describeNode(node));
};

const matMul: Operator = (node, [a, b]) => {
  const flow = openFlow(node, a);
  const { rows, columns, data } = matrix(node, b);
  return appendDense(flow, transpose(rows, columns, data), new Float64Array(columns), describeNode(node));
};

/** Add, Sub, Mul and Div of the flow and a constant; `reversed` is for the constant on the left. */
function elementwise(
  map: (values: number[]) => { factors?: number[]; offsets?: number[] },
  reversed: ((values: number[]) => { factors?: number[]; offsets?: number[] }) | null,
): Operator {
  return (node, [left, right]) => {
    const isReversed = left?.kind === "constant";
    const flow = openFlow(node, isReversed ? right : left);
    const values = vector(node, constant(node, isReversed ? left : right, "second operand"));
    const chosen = isReversed ? reversed : map;
    if (chosen === null) {
      throw new OnnxError(`${describeNode(node)} divides a constant by a computed value`, "This is not a dense layer");
    }
    const { factors = [1], offsets = [0] } = chosen(values);
    return appendAffine(flow, factors, offsets, describeNode(node));
  };
}

const addition = (offsets: number[]): { offsets: number[] } => ({ offsets });
const scaling = (factors: number[]): { factors: number[] } => ({ factors });

const add = elementwise(addition, addition);
const divide = elementwise((values) => ({ factors: values.map((value) => 1 / value) }), null);
const scale = elementwise(scaling, scaling);
const difference = elementwise(
  (values) => ({ offsets: values.map((value) => -value) }),
  (values) => ({ factors: [-1], offsets: values }),
);

const multiply: Operator = (node, inputs) => {
  if (node.input[0] !== node.input[1]) return scale(node, inputs);
  return appendActivation(openFlow(node, inputs[0]), "square", describeNode(node));
};

const power: Operator = (node, [base, exponent]) => {
  const flow = openFlow(node, base);
  const { data } = constant(node, exponent, "exponent");
  if (data.length !== 1 || data[0] !== 2)
    throw new OnnxError(`${describeNode(node)} is not a square`, "Use exponent 2");
  return appendActivation(flow, "square", describeNode(node));
};

/** Binary scikit-learn classifiers put 1 - p beside p; everything else is arithmetic. */
const subtract: Operator = (node, inputs) => {
  const [left, right] = inputs;
  const isOne = left?.kind === "constant" && left.tensor.data.every((value) => value === 1);
  if (isOne && right?.kind === "flow" && right.end?.kind === "sigmoid") {
    return { ...right, end: { ...right.end, kind: "complement" } };
  }
  return difference(node, inputs);
};

const concat: Operator = (node, inputs) => {
  if (inputs.some((value) => value?.kind === "shape")) return { kind: "shape" };
  const [negative, positive] = inputs;
  const isBinary =
    inputs.length === 2 &&
    negative?.kind === "flow" &&
    positive?.kind === "flow" &&
    negative.end?.kind === "complement" &&
    positive.end?.kind === "sigmoid" &&
    positive.width === 1 &&
    negative.layers === positive.layers;
  if (isBinary) return twoClasses(positive, describeNode(node));
  throw new OnnxError(
    `${describeNode(node)} joins computed values`,
    "Only the two probabilities of a binary classifier may be joined; other branches are not supported",
  );
};

const relu: Operator = (node, [value]) => appendActivation(openFlow(node, value), "relu", describeNode(node));

const scaler: Operator = (node, [value]) => {
  const offset = [...(attribute(node, "offset")?.floats ?? [0])];
  const factors = [...(attribute(node, "scale")?.floats ?? [1])];
  const where = describeNode(node);
  const centred = appendAffine(
    openFlow(node, value),
    [1],
    offset.map((number) => -number),
    where,
  );
  return appendAffine(centred, factors, [0], where);
};

const batchNormalization: Operator = (node, [value, gamma, beta, mean, variance]) => {
  const flow = openFlow(node, value);
  const read = (input: Value | null | undefined, what: string): number[] => vector(node, constant(node, input, what));
  const means = read(mean, "mean");
  const deviations = read(variance, "variance").map((number) => Math.sqrt(number + float(node, "epsilon", 1e-5)));
  const factors = read(gamma, "scale").map((number, k) => number / (deviations[k] as number));
  const offsets = read(beta, "bias").map((number, k) => number - (means[k] as number) * (factors[k] as number));
  return appendAffine(flow, factors, offsets, describeNode(node));
};

function end(node: NodeProto, kind: End["kind"]): End {
  return { kind, node: describeNode(node) };
}

const sigmoid: Operator = (node, [value]) => ({ ...openFlow(node, value), end: end(node, "sigmoid") });

const argMax: Operator = (node, [value]) => ({ ...anyFlow(node, value), end: end(node, "class") });

const softmax: Operator = (node, [value]) => {
  const axis = integer(node, "axis", -1);
  if (axis !== 1 && axis !== -1) {
    throw new OnnxError(`${describeNode(node)} runs along axis ${axis}`, "The classes are axis 1");
  }
  return { ...openFlow(node, value), end: end(node, "probabilities") };
};

const identity: Operator = (node, [value]) => (value?.kind === "constant" ? value : anyFlow(node, value));

const cast: Operator = (node, [value]) => {
  if (value?.kind !== "flow") return value ?? anyFlow(node, value);
  const floats: readonly number[] = [TENSOR_TYPE.float, TENSOR_TYPE.double, TENSOR_TYPE.float16, TENSOR_TYPE.bfloat16];
  const type = integer(node, "to", TENSOR_TYPE.float);
  if (value.end?.kind === "class" || floats.includes(type)) return value;
  throw new OnnxError(
    `${describeNode(node)} rounds computed values to another type`,
    "Cast to float32 or float64 only",
  );
};

const flatten: Operator = (node, [value]) => {
  const axis = integer(node, "axis", 1);
  if (axis === 1) return anyFlow(node, value);
  throw new OnnxError(`${describeNode(node)} flattens from axis ${axis}`, "Keep the batch apart: axis 1");
};

/** Rows stay rows: the first dimension is the batch, the others multiply to the row's width. */
const reshape: Operator = (node, [value, shape]) => {
  const flow = anyFlow(node, value);
  if (flow.end?.kind === "class" || shape?.kind === "shape") return flow;
  const [batch, ...rest] = constant(node, shape, "new shape").data;
  const sizes = rest.reduce((product, size) => product * size, 1);
  const keepsRows = rest.includes(-1) ? batch !== -1 : flow.width === undefined || sizes === flow.width;
  if (rest.length > 0 && keepsRows) return flow;
  throw new OnnxError(
    `${describeNode(node)} mixes rows: it makes the shape ${[batch, ...rest].join(" x ")} from rows of ${flow.width ?? "?"} features`,
    "Keep the batch as the first dimension",
  );
};

const transposeConstant: Operator = (node, [value]) => {
  const { rows, columns, data } = matrix(node, value);
  const order = attribute(node, "perm")?.ints ?? [1, 0];
  if (order[0] === 0) return value as Value;
  return { kind: "constant", tensor: { dims: [columns, rows], data: transpose(rows, columns, data) } };
};

const constantNode: Operator = (node) => {
  const value = attribute(node, "value")?.t;
  if (value) return { kind: "constant", tensor: readTensor(value) };
  const single = attribute(node, "value_float")?.f ?? attribute(node, "value_int")?.i;
  const list = attribute(node, "value_floats")?.floats ?? attribute(node, "value_ints")?.ints;
  const data = single === undefined ? list : [single];
  if (data === undefined) {
    throw new OnnxError(`${describeNode(node)} holds no number`, "Only constants of numbers are supported");
  }
  const dims = single === undefined ? [data.length] : [];
  return { kind: "constant", tensor: { dims, data: Float64Array.from(data) } };
};

/** Exporters compute the shape for a Reshape from the batch size; the widths are checked where the result is used. */
const shapeOf: Operator = () => ({ kind: "shape" });

const shapeArithmetic: Operator = (node, [value]) => {
  if (value?.kind === "shape") return value;
  throw new OnnxError(`${describeNode(node)} picks or rearranges features`, "Prepare the features before the network");
};

/** The operators that are supported, by domain and type. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["Gemm", gemm],
  ["MatMul", matMul],
  ["Add", add],
  ["Sub", subtract],
  ["Mul", multiply],
  ["Div", divide],
  ["Pow", power],
  ["BatchNormalization", batchNormalization],
  ["Relu", relu],
  ["Flatten", flatten],
  ["Reshape", reshape],
  ["Identity", identity],
  ["Cast", cast],
  ["Softmax", softmax],
  ["LogSoftmax", softmax],
  ["Sigmoid", sigmoid],
  ["ArgMax", argMax],
  ["Concat", concat],
  ["Constant", constantNode],
  ["Transpose", transposeConstant],
  ["Shape", shapeOf],
  ["Gather", shapeArithmetic],
  ["Slice", shapeArithmetic],
  ["Unsqueeze", shapeArithmetic],
  ["Squeeze", shapeArithmetic],
  ["ai.onnx.ml.Scaler", scaler],
  ["ai.onnx.ml.ZipMap", identity],
  ["ai.onnx.ml.ArrayFeatureExtractor", (node, inputs) => anyFlow(node, inputs[1])],
]);
