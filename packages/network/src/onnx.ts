import { bytesFile } from "#bytes-file";
import { ZkcmpError } from "@zkcmp/field/error";
import type { FloatNetwork } from "./float-network.ts";
import { finishFlow, inputFlow, type Value } from "./onnx-flow.ts";
import { describeNode, OPERATORS } from "./onnx-operators.ts";
import { decodeModel, type GraphProto, type NodeProto, TENSOR_TYPE, type ValueInfoProto } from "./onnx-schema.ts";
import { OnnxError, readNames, readTensor, textOf } from "./onnx-tensor.ts";

/** A dense classifier read from an .onnx file. */
export interface ImportedNetwork {
  /** Its outputs are the logits: a final softmax is dropped. */
  readonly network: FloatNetwork;
  /** The label that stands for each class, where the exporter stored them (scikit-learn does). */
  readonly classNames: readonly string[] | null;
  /** The program that wrote the file, such as "pytorch 2.4.0". */
  readonly producer: string;
  /** What was left out, one sentence each. */
  readonly notes: readonly string[];
}

export const MAX_ONNX_BYTES = 1 << 28;
const MAX_NODES = 10_000;

/**
 * Reads an .onnx file as {@link importOnnx} does.
 * @throws OnnxError also when the file cannot be read or is larger than MAX_ONNX_BYTES
 */
export async function readOnnx(path: string): Promise<ImportedNetwork> {
  return importOnnx(await readBounded(path));
}

/**
 * Reads the bytes of an .onnx file as {@link importOnnx} does.
 * @param name stands for the file in errors
 * @throws OnnxError, FloatNetworkError
 */
export function parseOnnx(bytes: Uint8Array, name: string): ImportedNetwork {
  try {
    return importOnnx(bytes);
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new OnnxError(`${name}: ${error.problem}`, error.fix, { cause: error });
  }
}

async function readBounded(path: string): Promise<Uint8Array> {
  try {
    expectSize(await bytesFile.size(path));
    return await bytesFile.read(path);
  } catch (cause) {
    if (cause instanceof ZkcmpError) throw cause;
    throw new OnnxError(`Cannot read ${path}`, "Give the path of an .onnx file", { cause });
  }
}

function expectSize(bytes: number): void {
  if (bytes > MAX_ONNX_BYTES) {
    throw new OnnxError(`The file has ${bytes} bytes`, `Models up to ${MAX_ONNX_BYTES} bytes are read`);
  }
}

/**
 * Imports a dense classifier as PyTorch (Gemm), Keras (tf2onnx: MatMul, Add) and scikit-learn (skl2onnx) export it.
 * Format: onnx.proto of the ONNX project; only the subset in onnx-schema.ts is read, and no other file is ever opened.
 * @throws OnnxError naming the node or tensor and what is supported; FloatNetworkError for weights that are not finite
 */
export function importOnnx(bytes: Uint8Array): ImportedNetwork {
  expectSize(bytes.length);
  const model = decode(bytes);
  const { graph } = model;
  const output = chooseOutput(graph);
  const nodes = nodesBehind(graph, output);
  const values = initialValues(graph, nodes);
  for (const node of nodes) values.set(node.output[0] as string, evaluate(node, values));
  const flow = values.get(output);
  if (flow?.kind !== "flow") {
    throw new OnnxError(`The output "${output}" does not depend on the input`, "Export the whole network");
  }
  const notes = graph.output
    .filter((other) => other.name !== output)
    .map((other) => `The output "${other.name}" was left out.`);
  if (flow.end !== null) notes.push(`${flow.end.node} was dropped: the class with the largest score wins without it.`);
  return {
    network: finishFlow(flow, output),
    classNames: classNames(graph),
    producer: `${model.producerName} ${model.producerVersion}`.trim() || "unknown",
    notes,
  };
}

function decode(bytes: Uint8Array): { producerName: string; producerVersion: string; graph: GraphProto } {
  const damaged = "Give an .onnx file as a training library exports it; this one may be cut off";
  let model;
  try {
    model = decodeModel(bytes);
  } catch (cause) {
    throw new OnnxError("The file is not an ONNX model", damaged, { cause });
  }
  const { graph } = model;
  if (graph === null || graph === undefined || graph.node.length === 0 || graph.output.length === 0) {
    throw new OnnxError("The ONNX model has no graph with nodes and outputs", damaged);
  }
  if (graph.node.length > MAX_NODES) {
    throw new OnnxError(`The graph has ${graph.node.length} nodes`, `Dense classifiers have at most ${MAX_NODES}`);
  }
  return { ...model, graph };
}

/** Prefers scores over the label: scikit-learn has an integer or string output for the label beside the probabilities. */
function chooseOutput(graph: GraphProto): string {
  const isScore = ({ name, type }: ValueInfoProto): boolean => {
    const isZipMap = graph.node.some((node) => node.opType === "ZipMap" && node.output.includes(name));
    const element = type?.tensorType?.elemType;
    return isZipMap || element === TENSOR_TYPE.float || element === TENSOR_TYPE.double;
  };
  return ((graph.output.find(isScore) ?? graph.output[0]) as ValueInfoProto).name;
}

/** The nodes that the output depends on, in file order, which ONNX requires to be topological. */
function nodesBehind(graph: GraphProto, output: string): NodeProto[] {
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const needed = new Set<NodeProto>();
  const pending = [output];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = makers.get(name);
    if (node === undefined || needed.has(node)) continue;
    if (node.output[0] !== name) {
      throw new OnnxError(`${describeNode(node)}: its second output is used`, "Only first outputs are supported");
    }
    needed.add(node);
    for (const input of node.input) pending.push(input);
  }
  return graph.node.filter((node) => needed.has(node));
}

function initialValues(graph: GraphProto, nodes: readonly NodeProto[]): Map<string, Value> {
  const used = new Set(nodes.flatMap((node) => node.input));
  const values = new Map<string, Value>();
  const labels = classLabelTensors(graph);
  for (const tensor of graph.initializer) {
    if (used.has(tensor.name) && !labels.has(tensor.name)) {
      values.set(tensor.name, { kind: "constant", tensor: readTensor(tensor) });
    }
  }
  const initialised = new Set(graph.initializer.map((tensor) => tensor.name));
  const inputs = graph.input.filter(({ name }) => !initialised.has(name) && used.has(name));
  const [input] = inputs;
  if (inputs.length !== 1 || input === undefined) {
    const names = inputs.map(({ name }) => `"${name}"`).join(", ") || "none";
    throw new OnnxError(
      `The network must have one input; it has ${inputs.length} (${names})`,
      "Export it with all features in one input tensor",
    );
  }
  values.set(input.name, inputFlow(rowWidth(input)));
  return values;
}

/** Features of a row: the product of the dimensions after the batch, or undefined if one of them is open. */
function rowWidth({ type }: ValueInfoProto): number | undefined {
  const sizes = type?.tensorType?.shape?.dim.map((dimension) => dimension.dimValue) ?? [];
  const [, ...features] = sizes;
  if (features.length === 0 || features.some((size) => size <= 0)) return undefined;
  return features.reduce((product, size) => product * size, 1);
}

function evaluate(node: NodeProto, values: ReadonlyMap<string, Value>): Value {
  const isStandard = node.domain === "" || node.domain === "ai.onnx";
  const operator = OPERATORS.get(isStandard ? node.opType : `${node.domain}.${node.opType}`);
  if (operator === undefined) {
    throw new OnnxError(
      `${describeNode(node)} is not supported`,
      `Supported are dense networks of ${[...OPERATORS.keys()].join(", ")}`,
    );
  }
  const labels = node.opType === "ArrayFeatureExtractor" ? node.input[0] : undefined;
  const inputs = node.input.map((name) => {
    if (name === "" || name === labels) return null;
    const value = values.get(name);
    if (value === undefined) {
      throw new OnnxError(
        `${describeNode(node)} reads "${name}", which nothing before it makes`,
        "Export the model again",
      );
    }
    return value;
  });
  return operator(node, inputs);
}

function classLabelTensors(graph: GraphProto): Set<string> {
  const extractors = graph.node.filter((node) => node.opType === "ArrayFeatureExtractor");
  return new Set(extractors.map((node) => node.input[0] ?? ""));
}

function classNames(graph: GraphProto): string[] | null {
  for (const { name, ints, strings } of graph.node.flatMap((node) =>
    node.opType === "ZipMap" ? node.attribute : [],
  )) {
    if (name === "classlabels_strings") return strings.map(textOf);
    if (name === "classlabels_int64s") return ints.map(String);
  }
  const labels = classLabelTensors(graph);
  const tensor = graph.initializer.find(({ name }) => labels.has(name));
  return tensor === undefined ? null : readNames(tensor);
}
