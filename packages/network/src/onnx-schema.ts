import protobuf from "protobufjs/light.js";

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

type FieldRule = "repeated" | undefined;

function field(id: number, type: string, rule?: FieldRule): protobuf.IField {
  return rule === undefined ? { id, type } : { id, type, rule };
}

/**
 * The part of onnx.proto that dense classifiers use, with its field numbers. Subgraphs (AttributeProto.g) are left out,
 * so the messages do not nest without bound; a decoder skips fields that it does not know.
 */
const ONNX = protobuf.Root.fromJSON({
  nested: {
    Dimension: { fields: { dimValue: field(1, "int64"), dimParam: field(2, "string") } },
    TensorShape: { fields: { dim: field(1, "Dimension", "repeated") } },
    TensorType: { fields: { elemType: field(1, "int32"), shape: field(2, "TensorShape") } },
    Type: { fields: { tensorType: field(1, "TensorType") } },
    ValueInfo: { fields: { name: field(1, "string"), type: field(2, "Type") } },
    ExternalData: { fields: { key: field(1, "string"), value: field(2, "string") } },
    OperatorSet: { fields: { domain: field(1, "string"), version: field(2, "int64") } },
    Tensor: {
      fields: {
        dims: field(1, "int64", "repeated"),
        dataType: field(2, "int32"),
        floatData: field(4, "float", "repeated"),
        int32Data: field(5, "int32", "repeated"),
        stringData: field(6, "bytes", "repeated"),
        int64Data: field(7, "int64", "repeated"),
        name: field(8, "string"),
        rawData: field(9, "bytes"),
        doubleData: field(10, "double", "repeated"),
        externalData: field(13, "ExternalData", "repeated"),
        dataLocation: field(14, "int32"),
      },
    },
    Attribute: {
      fields: {
        name: field(1, "string"),
        f: field(2, "float"),
        i: field(3, "int64"),
        s: field(4, "bytes"),
        t: field(5, "Tensor"),
        floats: field(7, "float", "repeated"),
        ints: field(8, "int64", "repeated"),
        strings: field(9, "bytes", "repeated"),
        type: field(20, "int32"),
      },
    },
    Node: {
      fields: {
        input: field(1, "string", "repeated"),
        output: field(2, "string", "repeated"),
        name: field(3, "string"),
        opType: field(4, "string"),
        attribute: field(5, "Attribute", "repeated"),
        domain: field(7, "string"),
      },
    },
    Graph: {
      fields: {
        node: field(1, "Node", "repeated"),
        name: field(2, "string"),
        initializer: field(5, "Tensor", "repeated"),
        input: field(11, "ValueInfo", "repeated"),
        output: field(12, "ValueInfo", "repeated"),
      },
    },
    Model: {
      fields: {
        irVersion: field(1, "int64"),
        producerName: field(2, "string"),
        producerVersion: field(3, "string"),
        graph: field(7, "Graph"),
        opsetImport: field(8, "OperatorSet", "repeated"),
      },
    },
  },
});

/** The reflected message type of an ONNX model: it decodes here, and encodes in tests. */
export const MODEL_TYPE = ONNX.lookupType("Model");

/**
 * Decodes the bytes of an .onnx file.
 * @throws Error of the protobuf decoder when the bytes are not a protobuf message
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  const message = MODEL_TYPE.decode(bytes);
  return MODEL_TYPE.toObject(message, { longs: Number, defaults: true, arrays: true }) as ModelProto;
}
