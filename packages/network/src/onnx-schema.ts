import { ProtobufReader } from "./protobuf-reader.ts";

/** The data types of TensorProto that are read here (onnx.proto, TensorProto.DataType). */
export const TENSOR_TYPE = { float: 1, int32: 6, int64: 7, string: 8, float16: 10, double: 11, bfloat16: 16 } as const;

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly number[];
  readonly doubleData: readonly number[];
  readonly stringData: readonly Uint8Array[];
  readonly rawData: Uint8Array;
  /** 1 when the data lie in another file. */
  readonly dataLocation: number;
}

export interface AttributeProto {
  readonly name: string;
  readonly f: number;
  readonly i: number;
  readonly t: TensorProto | null;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly Uint8Array[];
}

export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

export interface DimensionProto {
  /** 0 when the size is open, such as the batch size. */
  readonly dimValue: number;
}

export interface ValueInfoProto {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly DimensionProto[] } | null;
    } | null;
  } | null;
}

export interface GraphProto {
  readonly name: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

export interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graph: GraphProto | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Decodes the bytes of an .onnx file: the part of onnx.proto that dense classifiers use, by its field  Subgraphs
 * (AttributeProto.g) are left out, so the messages do not nest without bound.
 * @throws RangeError when the bytes are not a protobuf message
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return readModel(new ProtobufReader(bytes));
}

function readModel(reader: ProtobufReader): ModelProto {
  const model: Mutable<ModelProto> = { irVersion: 0, producerName: "", producerVersion: "", graph: null };
  reader.message({
    1: (field) => (model.irVersion = field.int64()),
    2: (field) => (model.producerName = field.text()),
    3: (field) => (model.producerVersion = field.text()),
    7: (field) => (model.graph = field.nested(readGraph)),
  });
  return model;
}

function readGraph(reader: ProtobufReader): GraphProto {
  const [node, initializer]: [NodeProto[], TensorProto[]] = [[], []];
  const [input, output]: [ValueInfoProto[], ValueInfoProto[]] = [[], []];
  let name = "";
  reader.message({
    1: (field) => node.push(field.nested(readNode)),
    2: (field) => (name = field.text()),
    5: (field) => initializer.push(field.nested(readTensor)),
    11: (field) => input.push(field.nested(readValueInfo)),
    12: (field) => output.push(field.nested(readValueInfo)),
  });
  return { name, node, initializer, input, output };
}

function readNode(reader: ProtobufReader): NodeProto {
  const [input, output, attribute]: [string[], string[], AttributeProto[]] = [[], [], []];
  const node: Mutable<NodeProto> = { name: "", opType: "", domain: "", input, output, attribute };
  reader.message({
    1: (field) => input.push(field.text()),
    2: (field) => output.push(field.text()),
    3: (field) => (node.name = field.text()),
    4: (field) => (node.opType = field.text()),
    5: (field) => attribute.push(field.nested(readAttribute)),
    7: (field) => (node.domain = field.text()),
  });
  return node;
}

function readAttribute(reader: ProtobufReader): AttributeProto {
  const [floats, ints, strings]: [number[], number[], Uint8Array[]] = [[], [], []];
  const attribute: Mutable<AttributeProto> = { name: "", f: 0, i: 0, t: null, floats, ints, strings };
  reader.message({
    1: (field) => (attribute.name = field.text()),
    2: (field) => (attribute.f = field.float()),
    3: (field) => (attribute.i = field.int64()),
    5: (field) => (attribute.t = field.nested(readTensor)),
    7: (field) => field.numbers("float", floats),
    8: (field) => field.numbers("int64", ints),
    9: (field) => strings.push(field.bytes()),
  });
  return attribute;
}

function readTensor(reader: ProtobufReader): TensorProto {
  const [dims, stringData]: [number[], Uint8Array[]] = [[], []];
  const [floatData, int32Data, int64Data, doubleData]: [number[], number[], number[], number[]] = [[], [], [], []];
  const data = { floatData, int32Data, int64Data, doubleData, stringData, rawData: new Uint8Array() };
  const tensor: Mutable<TensorProto> = { name: "", dims, dataType: 0, dataLocation: 0, ...data };
  reader.message({
    1: (field) => field.numbers("int64", dims),
    2: (field) => (tensor.dataType = field.int32()),
    4: (field) => field.numbers("float", floatData),
    5: (field) => field.numbers("int32", int32Data),
    6: (field) => stringData.push(field.bytes()),
    7: (field) => field.numbers("int64", int64Data),
    8: (field) => (tensor.name = field.text()),
    9: (field) => (tensor.rawData = field.bytes()),
    10: (field) => field.numbers("double", doubleData),
    14: (field) => (tensor.dataLocation = field.int32()),
  });
  return tensor;
}

function readValueInfo(reader: ProtobufReader): ValueInfoProto {
  const value: Mutable<ValueInfoProto> = { name: "", type: null };
  reader.message({
    1: (field) => (value.name = field.text()),
    2: (field) => (value.type = field.nested(readType)),
  });
  return value;
}

function readType(reader: ProtobufReader): { tensorType: ReturnType<typeof readTensorType> | null } {
  const type: ReturnType<typeof readType> = { tensorType: null };
  reader.message({ 1: (field) => (type.tensorType = field.nested(readTensorType)) });
  return type;
}

function readTensorType(reader: ProtobufReader) {
  const type: { elemType: number; shape: { dim: DimensionProto[] } | null } = { elemType: 0, shape: null };
  reader.message({
    1: (field) => (type.elemType = field.int32()),
    2: (field) => (type.shape = field.nested(readShape)),
  });
  return type;
}

function readShape(reader: ProtobufReader): { dim: DimensionProto[] } {
  const dim: DimensionProto[] = [];
  reader.message({ 1: (field) => dim.push(field.nested(readDimension)) });
  return { dim };
}

function readDimension(reader: ProtobufReader): DimensionProto {
  let dimValue = 0;
  reader.message({ 1: (field) => (dimValue = field.int64()) });
  return { dimValue };
}
