import { expect } from "chai";
import fc from "fast-check";
import { importOnnx } from "../src/onnx.ts";
import { decodeModel, type ModelProto, TENSOR_TYPE } from "../src/onnx-schema.ts";
import { MODEL_TYPE } from "./onnx-messages.ts";
import { rawFloats, typedDoubles, typedFloats, typedIntegers, writeOnnx } from "./onnx-writer.ts";

const float = fc.float({ noNaN: true });
const size = fc.integer({ min: 0, max: 2 ** 40 });
const name = fc.string({ maxLength: 5, unit: "grapheme" });
const bytes = fc.uint8Array({ maxLength: 5 });

const tensor = fc.record({
  name,
  dims: fc.array(size, { maxLength: 3 }),
  dataType: fc.integer(),
  floatData: fc.array(float, { maxLength: 3 }),
  int32Data: fc.array(fc.integer(), { maxLength: 3 }),
  int64Data: fc.array(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }).map(Number), { maxLength: 3 }),
  doubleData: fc.array(fc.double({ noNaN: true }), { maxLength: 3 }),
  stringData: fc.array(bytes, { maxLength: 3 }),
  rawData: bytes,
  dataLocation: fc.integer(),
  externalData: fc.constantFrom([], [{ key: "location", value: "weights.bin" }]),
});
const attribute = fc.record(
  {
    name,
    f: float,
    i: size,
    t: tensor,
    floats: fc.array(float, { maxLength: 3 }),
    ints: fc.array(size, { maxLength: 3 }),
    strings: fc.array(bytes, { maxLength: 3 }),
    type: fc.integer(),
  },
  { requiredKeys: [] },
);
const names = fc.array(name, { maxLength: 3 });
const node = fc.record({
  ...{ name, opType: name, domain: name, input: names, output: names },
  attribute: fc.array(attribute, { maxLength: 2 }),
});
const dimension = fc.oneof(fc.record({ dimValue: size }), fc.record({ dimParam: name }));
const valueInfo = fc.record(
  {
    name,
    type: fc.record(
      {
        tensorType: fc.record(
          { elemType: fc.integer(), shape: fc.record({ dim: fc.array(dimension, { maxLength: 3 }) }) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const model = fc.record(
  {
    irVersion: size,
    producerName: name,
    producerVersion: name,
    opsetImport: fc.constant([{ domain: "", version: 17 }]),
    graph: fc.record({
      name,
      node: fc.array(node, { maxLength: 3 }),
      initializer: fc.array(tensor, { maxLength: 2 }),
      input: fc.array(valueInfo, { maxLength: 2 }),
      output: fc.array(valueInfo, { maxLength: 2 }),
    }),
  },
  { requiredKeys: [] },
);

/** What protobufjs reads, without the fields that are not read here, and with one kind of byte arrays. */
function reference(written: Uint8Array): unknown {
  const options = { longs: Number, defaults: true, arrays: true } as const;
  const unread = new Set(["opsetImport", "externalData", "dimParam", "s"]);
  const object = MODEL_TYPE.toObject(MODEL_TYPE.decode(written), options);
  const plain = (value: unknown, key = ""): unknown => {
    if (value instanceof Uint8Array) return [...value];
    if (Array.isArray(value)) return value.map((entry) => plain(entry));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(
      ([inner]) => !unread.has(inner) && !(inner === "type" && ("strings" in value || key === "attribute")),
    );
    return Object.fromEntries(entries.map(([inner, entry]) => [inner, plain(entry, inner)]));
  };
  return plain(object);
}

function decoded(written: Uint8Array): unknown {
  const plain = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return [...value];
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
  };
  return plain(decodeModel(written) satisfies ModelProto);
}

const SMALL = writeOnnx({
  nodes: [{ type: "Gemm", inputs: ["input", "w", "b"], outputs: ["output"], attributes: { transB: { i: 0 } } }],
  initializers: [rawFloats("w", [2, 2], [1, 2, 3, 4]), typedFloats("b", [2], [5, 6])],
  outputs: [{ name: "output", dims: [null, 2] }],
});

describe("onnx-schema", () => {
  it("reads what protobufjs reads, in every model", () => {
    fc.assert(
      fc.property(model, (content) => {
        const written = MODEL_TYPE.encode(content).finish();
        expect(decoded(written)).to.deep.equal(reference(written));
      }),
      { numRuns: 300 },
    );
    for (const write of [typedDoubles("w", [1], [2.5]), typedIntegers("w", [-1]), { dataType: TENSOR_TYPE.string }]) {
      const written = MODEL_TYPE.encode({ graph: { initializer: [write] } }).finish();
      expect(decoded(written)).to.deep.equal(reference(written));
    }
  });

  it("refuses a model that is cut off within its graph", () => {
    // The versions of the operators stand behind the graph, in eight bytes at most.
    for (let length = SMALL.length - 9; length > SMALL.length - 40; length--) {
      expect(() => decodeModel(SMALL.subarray(0, length)), `${length}`).to.throw(RangeError, "cut off");
    }
  });

  it("makes no code, which a page that forbids eval would refuse", () => {
    const refuse = () => {
      throw new EvalError("code was made of text");
    };
    const real = { Function: globalThis.Function, eval: globalThis.eval };
    const { constructor } = Function.prototype;
    try {
      Object.assign(globalThis, { Function: refuse, eval: refuse });
      Object.assign(real.Function.prototype, { constructor: refuse });
      expect(() => globalThis.Function("return 1")).to.throw(EvalError);
      expect(importOnnx(SMALL).network.layers).to.have.length(1);
    } finally {
      Object.assign(globalThis, real);
      Object.assign(real.Function.prototype, { constructor });
    }
  });
});
