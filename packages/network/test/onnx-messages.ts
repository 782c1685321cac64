import protobuf from "protobufjs/light.js";

type FieldRule = "repeated" | undefined;

function field(id: number, type: string, rule?: FieldRule): protobuf.IField {
  return rule === undefined ? { id, type } : { id, type, rule };
}

/** The part of onnx.proto that dense classifiers use, and some fields that are not read, with their field numbers. */
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

/** An ONNX model as protobufjs writes and reads it, which shares nothing with the reader under test. */
export const MODEL_TYPE = ONNX.lookupType("Model");
