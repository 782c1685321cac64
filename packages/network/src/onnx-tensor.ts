import { ZkcmpError } from "@zkcmp/field/error";
import { TENSOR_TYPE, type TensorProto } from "./onnx-schema.ts";
import { MAX_PARAMETERS } from "./shape.ts";

/** An ONNX model that is malformed or that is no dense classifier; names the node or tensor. */
export class OnnxError extends ZkcmpError {}

/** A constant of the graph, row-major. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

interface ElementFormat {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number;
  readonly typed: (proto: TensorProto) => readonly number[];
}

const FORMATS: Readonly<Record<number, ElementFormat>> = {
  [TENSOR_TYPE.float]: { bytes: 4, read: (view, at) => view.getFloat32(at, true), typed: (proto) => proto.floatData },
  [TENSOR_TYPE.double]: { bytes: 8, read: (view, at) => view.getFloat64(at, true), typed: (proto) => proto.doubleData },
  [TENSOR_TYPE.int32]: { bytes: 4, read: (view, at) => view.getInt32(at, true), typed: (proto) => proto.int32Data },
  [TENSOR_TYPE.int64]: {
    bytes: 8,
    read: (view, at) => Number(view.getBigInt64(at, true)),
    typed: (proto) => proto.int64Data,
  },
};

/**
 * Reads a numeric tensor from its typed field or its raw little-endian bytes. Data in other files are never opened.
 * @throws OnnxError naming the tensor: an unsupported type, data that do not match the dimensions, external data
 */
export function readTensor(proto: TensorProto): Tensor {
  const name = `The tensor "${proto.name}"`;
  if (proto.dataLocation !== 0) {
    throw new OnnxError(
      `${name} keeps its data in another file`,
      "Export the model with all weights in one .onnx file",
    );
  }
  const format = FORMATS[proto.dataType];
  if (format === undefined) {
    throw new OnnxError(
      `${name} has the ONNX data type ${proto.dataType}`,
      "Export the model with float32 or float64 weights",
    );
  }
  const count = proto.dims.reduce((product, size) => product * size, 1);
  if (!proto.dims.every((size) => Number.isSafeInteger(size) && size >= 0) || count > MAX_PARAMETERS) {
    throw new OnnxError(`${name} has the dimensions ${proto.dims.join(" x ")}`, "Give a model of reasonable size");
  }
  const typed = format.typed(proto);
  const found = proto.rawData.length > 0 ? proto.rawData.length / format.bytes : typed.length;
  if (found !== count) {
    throw new OnnxError(
      `${name} has ${found} values, its dimensions (${proto.dims.join(" x ") || "scalar"}) ask for ${count}`,
      "The file is damaged; export the model again",
    );
  }
  if (proto.rawData.length === 0) return { dims: proto.dims, data: Float64Array.from(typed) };
  const view = new DataView(proto.rawData.buffer, proto.rawData.byteOffset, proto.rawData.byteLength);
  return {
    dims: proto.dims,
    data: Float64Array.from({ length: count }, (_, i) => format.read(view, i * format.bytes)),
  };
}

/** The entries of an integer or string tensor as text; null for other types. Used for class names. */
export function readNames(proto: TensorProto): string[] | null {
  if (proto.dataType === TENSOR_TYPE.string) return proto.stringData.map(textOf);
  if (proto.dataType !== TENSOR_TYPE.int32 && proto.dataType !== TENSOR_TYPE.int64) return null;
  return Array.from(readTensor(proto).data, String);
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Names stand as UTF-8 in the file. */
export function textOf(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}
