import { TENSOR_TYPE } from "../src/onnx-schema.ts";
import { MODEL_TYPE } from "./onnx-messages.ts";

/** Attribute values by their ONNX kind. */
export type AttributeValue =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly t: object };

export interface NodeParts {
  readonly type: string;
  readonly name?: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export interface ValueParts {
  readonly name: string;
  /** Sizes; null for an open one such as the batch. */
  readonly dims?: readonly (number | null)[];
  readonly type?: number;
}

export interface ModelParts {
  readonly nodes: readonly NodeParts[];
  readonly initializers?: readonly object[];
  readonly inputs?: readonly ValueParts[];
  readonly outputs: readonly ValueParts[];
  readonly producer?: string;
}

const ATTRIBUTE_TYPE = { f: 1, i: 2, t: 4, floats: 6, ints: 7, strings: 8 };

function attribute([name, value]: [string, AttributeValue]): object {
  const kind = Object.keys(value)[0] as keyof typeof ATTRIBUTE_TYPE;
  const content = "strings" in value ? { strings: value.strings.map((text) => Buffer.from(text)) } : value;
  return { name, type: ATTRIBUTE_TYPE[kind], ...content };
}

function valueInfo({ name, dims, type = TENSOR_TYPE.float }: ValueParts): object {
  const shape = dims && { dim: dims.map((size) => (size === null ? { dimParam: "batch" } : { dimValue: size })) };
  return { name, type: { tensorType: { elemType: type, ...(shape ? { shape } : {}) } } };
}

/** The bytes of an .onnx file. */
export function writeOnnx({ nodes, initializers = [], inputs, outputs, producer = "test" }: ModelParts): Uint8Array {
  return MODEL_TYPE.encode({
    irVersion: 8,
    producerName: producer,
    producerVersion: "1.0",
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "main_graph",
      node: nodes.map(({ type, name = "", domain = "", inputs: from, outputs: to, attributes = {} }) => ({
        opType: type,
        name,
        domain,
        input: from,
        output: to,
        attribute: Object.entries(attributes).map(attribute),
      })),
      initializer: initializers,
      input: (inputs ?? [{ name: "input", dims: [null, 2] }]).map(valueInfo),
      output: outputs.map(valueInfo),
    },
  }).finish();
}

/** A float32 tensor with raw bytes, as PyTorch and tf2onnx write it. */
export function rawFloats(name: string, dims: readonly number[], values: readonly number[]): object {
  return { name, dims, dataType: TENSOR_TYPE.float, rawData: new Uint8Array(Float32Array.from(values).buffer) };
}

/** A float32 tensor in its typed field, as skl2onnx writes it. */
export function typedFloats(name: string, dims: readonly number[], values: readonly number[]): object {
  return { name, dims, dataType: TENSOR_TYPE.float, floatData: values };
}

export function rawDoubles(name: string, dims: readonly number[], values: readonly number[]): object {
  return { name, dims, dataType: TENSOR_TYPE.double, rawData: new Uint8Array(Float64Array.from(values).buffer) };
}

export function typedDoubles(name: string, dims: readonly number[], values: readonly number[]): object {
  return { name, dims, dataType: TENSOR_TYPE.double, doubleData: values };
}

/** An int64 tensor with raw bytes, such as the shape of a Reshape. */
export function rawIntegers(name: string, values: readonly number[]): object {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims: [values.length], dataType: TENSOR_TYPE.int64, rawData };
}

export function typedIntegers(name: string, values: readonly number[]): object {
  return { name, dims: [values.length], dataType: TENSOR_TYPE.int64, int64Data: values };
}
