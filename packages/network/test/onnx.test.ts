import { readFileSync } from "node:fs";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ZkcmpError } from "@zkcmp/field/error";
import { expect } from "chai";
import fc from "fast-check";
import { floatOutputs } from "../src/float-network.ts";
import { importOnnx, MAX_ONNX_BYTES, readOnnx } from "../src/onnx.ts";
import { TENSOR_TYPE } from "../src/onnx-schema.ts";
import { type NodeParts, rawFloats, rawIntegers, type ValueParts, writeOnnx } from "./onnx-writer.ts";
import { rejected, thrown } from "./thrown.ts";

// z = W1 x + b1 with W1 = [[1, 2], [-3, 1], [7, -8]], and y = W2 relu(z) + b2 with W2 = [[1, 2, 3], [-1, -2, -3]].
const W1 = [1, 2, -3, 1, 7, -8];
const B1 = [1, 0, -1];
const W2 = [1, 2, 3, -1, -2, -3];
const B2 = [5, -5];
const ROW = [0.5, 1];
const LOGITS = [8.5, -8.5];

const torchWeights = [
  rawFloats("fc1.weight", [3, 2], W1),
  rawFloats("fc1.bias", [3], B1),
  rawFloats("fc2.weight", [2, 3], W2),
  rawFloats("fc2.bias", [2], B2),
];

function gemm(name: string, from: string, layer: string, to: string): NodeParts {
  const attributes = { alpha: { f: 1 }, beta: { f: 1 }, transB: { i: 1 } };
  return { type: "Gemm", name, inputs: [from, `${layer}.weight`, `${layer}.bias`], outputs: [to], attributes };
}

const torchNodes: readonly NodeParts[] = [
  gemm("/fc1/Gemm", "input", "fc1", "/fc1/Gemm_output_0"),
  { type: "Relu", name: "/Relu", inputs: ["/fc1/Gemm_output_0"], outputs: ["/Relu_output_0"] },
  gemm("/fc2/Gemm", "/Relu_output_0", "fc2", "output"),
];
const output: ValueParts = { name: "output", dims: [null, 2] };
const torch = { nodes: torchNodes, initializers: torchWeights, outputs: [output], producer: "pytorch" };

/** The PyTorch model with nodes put between its input and the first layer. */
function torchAfter(
  nodes: readonly NodeParts[],
  initializers: readonly object[] = [],
  dims: (number | null)[] = [null, 1, 1, 2],
) {
  const [first, ...rest] = torchNodes as [NodeParts, ...NodeParts[]];
  const last = nodes.at(-1)?.outputs[0] as string;
  const moved = { ...first, inputs: [last, ...first.inputs.slice(1)] };
  return {
    ...torch,
    nodes: [...nodes, moved, ...rest],
    initializers: [...torchWeights, ...initializers],
    inputs: [{ name: "input", dims }],
  };
}

/** The PyTorch model with nodes put behind its logits. */
function torchBefore(...nodes: readonly NodeParts[]) {
  return { ...torch, nodes: [...torchNodes, ...nodes], outputs: [{ name: nodes.at(-1)?.outputs[0] as string }] };
}

function fixture(name: string): { bytes: Uint8Array; rows: number[][]; probabilities: number[][] } {
  const path = join(import.meta.dirname, "fixtures", name);
  const expected = JSON.parse(readFileSync(`${path}.json`, "utf8")) as { rows: number[][]; probabilities: number[][] };
  return { bytes: readFileSync(`${path}.onnx`), ...expected };
}

function softmax(logits: ArrayLike<number>): number[] {
  const powers = Array.from(logits, Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

describe("onnx", () => {
  describe("files of real exporters", () => {
    const names: [name: string, classNames: string[] | null, producer: string][] = [
      ["keras", null, "tf2onnx 1.17.0 None"],
      ["sklearn-pipeline", ["forged", "genuine", "unclear"], "skl2onnx 1.20.0"],
      ["sklearn-binary", ["-1", "1"], "skl2onnx 1.20.0"],
    ];
    for (const [name, classNames, producer] of names) {
      it(`imports ${name}.onnx with the original probabilities`, () => {
        const { bytes, rows, probabilities } = fixture(name);
        const imported = importOnnx(bytes);
        expect(imported.classNames).to.deep.equal(classNames);
        expect(imported.producer).to.equal(producer);
        rows.forEach((row, i) => {
          const found = softmax(floatOutputs(imported.network, row));
          expect(found).to.have.length(probabilities[i]!.length);
          found.forEach((value, j) => expect(value).to.be.closeTo(probabilities[i]![j] as number, 1e-5));
        });
      });

      it(`gives a network or one of our errors for ${name}.onnx cut off at every byte`, () => {
        const { bytes } = fixture(name);
        for (let length = 0; length < bytes.length; length++) expectOursOrNothing(bytes.subarray(0, length));
        expect(thrown(() => importOnnx(bytes.subarray(0, bytes.length / 2))).message).to.match(/not an ONNX model/);
      });

      it(`gives a network or one of our errors for ${name}.onnx with changed bytes`, () => {
        const { bytes } = fixture(name);
        const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
        fc.assert(
          fc.property(changes, (list) => {
            const changed = Uint8Array.from(bytes);
            for (const [at, value] of list) changed[at] = value;
            expectOursOrNothing(changed);
          }),
          { numRuns: 1000 },
        );
      });
    }

    function expectOursOrNothing(bytes: Uint8Array): void {
      try {
        importOnnx(bytes);
      } catch (error) {
        if (!(error instanceof ZkcmpError)) throw error;
      }
    }
  });

  it("imports Gemm layers as PyTorch exports them", () => {
    const imported = importOnnx(writeOnnx(torch));
    expect([...floatOutputs(imported.network, ROW)]).to.deep.equal(LOGITS);
    expect(imported).to.deep.include({ classNames: null, producer: "pytorch 1.0", notes: [] });
    expect(imported.network.layers.map((layer) => layer.activation)).to.deep.equal(["relu", "none"]);
  });

  it("imports images that are flattened first", () => {
    const flatten: NodeParts = {
      type: "Flatten",
      inputs: ["input"],
      outputs: ["flat"],
      attributes: { axis: { i: 1 } },
    };
    expect([...floatOutputs(importOnnx(writeOnnx(torchAfter([flatten]))).network, ROW)]).to.deep.equal(LOGITS);
  });

  it("imports a Reshape to rows, by a constant or by a computed shape", () => {
    const constant = (shape: readonly number[], dims?: (number | null)[]): Uint8Array => {
      const reshape = { type: "Reshape", inputs: ["input", "shape"], outputs: ["flat"] };
      return writeOnnx(torchAfter([reshape], [rawIntegers("shape", shape)], dims));
    };
    for (const shape of [
      [-1, 2],
      [1, 2],
      [0, -1],
      [1, -1],
      [-1, 1, 2],
    ]) {
      expect([...floatOutputs(importOnnx(constant(shape)).network, ROW)]).to.deep.equal(LOGITS);
    }
    expect(thrown(() => importOnnx(constant([-1, 4]))).message).to.match(
      /Reshape node "flat" mixes rows.*-1 x 4 from rows of 2/,
    );
    expect(thrown(() => importOnnx(constant([-1]))).message).to.match(/mixes rows/);
    expect(thrown(() => importOnnx(constant([2, -1, -1], [null, 4]))).message).to.match(
      /rows of 4 features by a matrix for 2/,
    );

    const computed: NodeParts[] = [
      { type: "Shape", inputs: ["input"], outputs: ["sizes"] },
      { type: "Constant", inputs: [], outputs: ["zero"], attributes: { value: { t: rawIntegers("", [0]) } } },
      { type: "Gather", inputs: ["sizes", "zero"], outputs: ["batch"] },
      { type: "Constant", inputs: [], outputs: ["axes"], attributes: { value_ints: { ints: [0] } } },
      { type: "Unsqueeze", inputs: ["batch", "axes"], outputs: ["batch1"] },
      { type: "Constant", inputs: [], outputs: ["rest"], attributes: { value_ints: { ints: [-1] } } },
      { type: "Concat", inputs: ["batch1", "rest"], outputs: ["shape"], attributes: { axis: { i: 0 } } },
      { type: "Reshape", inputs: ["input", "shape"], outputs: ["flat"] },
    ];
    expect([...floatOutputs(importOnnx(writeOnnx(torchAfter(computed))).network, ROW)]).to.deep.equal(LOGITS);
  });

  it("drops what follows the logits without changing the class, and says so", () => {
    const tails: NodeParts[][] = [
      [{ type: "Softmax", name: "/Softmax", inputs: ["output"], outputs: ["p"], attributes: { axis: { i: 1 } } }],
      [{ type: "LogSoftmax", name: "/Softmax", inputs: ["output"], outputs: ["p"], attributes: { axis: { i: -1 } } }],
      [{ type: "Sigmoid", name: "/Softmax", inputs: ["output"], outputs: ["p"] }],
      [
        { type: "Identity", inputs: ["output"], outputs: ["same"] },
        { type: "Softmax", name: "/Softmax", inputs: ["same"], outputs: ["p"] },
        { type: "Cast", inputs: ["p"], outputs: ["q"], attributes: { to: { i: TENSOR_TYPE.double } } },
      ],
    ];
    for (const tail of tails) {
      const { network, notes } = importOnnx(writeOnnx(torchBefore(...tail)));
      expect([...floatOutputs(network, ROW)]).to.deep.equal(LOGITS);
      expect(notes.join()).to.match(/"\/Softmax" was dropped/);
    }
    const argMax = torchBefore({ type: "ArgMax", name: "/ArgMax", inputs: ["output"], outputs: ["class"] });
    expect([...floatOutputs(importOnnx(writeOnnx(argMax)).network, ROW)]).to.deep.equal(LOGITS);
  });

  it("turns one logit with a sigmoid into two classes", () => {
    const single = {
      nodes: [
        { type: "MatMul", inputs: ["input", "w"], outputs: ["z"] },
        { type: "Sigmoid", inputs: ["z"], outputs: ["p"] },
      ],
      initializers: [rawFloats("w", [2, 1], [2, -4])],
      outputs: [{ name: "p" }],
    };
    expect([...floatOutputs(importOnnx(writeOnnx(single)).network, [3, 1])]).to.deep.equal([0, 2]);
  });

  it("refuses to join the probabilities of two different logits", () => {
    const logit = (w: string, z: string, p: string): NodeParts[] => [
      { type: "MatMul", inputs: ["input", w], outputs: [z] },
      { type: "Sigmoid", inputs: [z], outputs: [p] },
    ];
    const nodes = [
      ...logit("w1", "z1", "p1"),
      ...logit("w2", "z2", "p2"),
      { type: "Sub", inputs: ["one", "p1"], outputs: ["q1"] },
      { type: "Concat", name: "/Concat", inputs: ["q1", "p2"], outputs: ["output"] },
    ];
    const weights = (name: string, values: number[]): object => rawFloats(name, [2, 1], values);
    const initializers = [weights("w1", [2, -4]), weights("w2", [1, 1]), rawFloats("one", [1], [1])];
    expect(thrown(() => importOnnx(writeOnnx({ nodes, initializers, outputs: [output] }))).message).to.match(
      /Concat node "\/Concat" joins computed values/,
    );
  });

  it("ignores branches that the scores do not need", () => {
    const extra: NodeParts = { type: "LSTM", name: "unused", inputs: ["input"], outputs: ["other"] };
    const model = { ...torch, nodes: [extra, ...torchNodes], outputs: [output, { name: "other" }] };
    const { network, notes } = importOnnx(writeOnnx(model));
    expect([...floatOutputs(network, ROW)]).to.deep.equal(LOGITS);
    expect(notes).to.deep.equal(['The output "other" was left out.']);
  });

  it("prefers scores over an integer label that stands first", () => {
    const argMax: NodeParts = { type: "ArgMax", inputs: ["output"], outputs: ["label"] };
    const outputs = [{ name: "label", type: TENSOR_TYPE.int64 }, output];
    const { network, notes } = importOnnx(writeOnnx({ ...torch, nodes: [...torchNodes, argMax], outputs }));
    expect([...floatOutputs(network, ROW)]).to.deep.equal(LOGITS);
    expect(notes).to.deep.equal(['The output "label" was left out.']);
  });

  it("takes the width from the weights where the graph leaves it open", () => {
    for (const inputs of [[{ name: "input", dims: [null, null] }], [{ name: "input" }]]) {
      expect([...floatOutputs(importOnnx(writeOnnx({ ...torch, inputs })).network, ROW)]).to.deep.equal(LOGITS);
    }
  });

  it("takes initialisers that are listed as inputs too, as old exporters do", () => {
    const inputs = [
      { name: "fc1.weight", dims: [3, 2] },
      { name: "input", dims: [1, 2] },
    ];
    expect([...floatOutputs(importOnnx(writeOnnx({ ...torch, inputs })).network, ROW)]).to.deep.equal(LOGITS);
  });

  const refused: [what: string, bytes: Uint8Array, message: RegExp][] = [
    [
      "an unsupported operator, by node and type, with what is supported",
      writeOnnx(torchAfter([{ type: "Conv", name: "/conv1/Conv", inputs: ["input"], outputs: ["c"] }])),
      /^The Conv node "\/conv1\/Conv" is not supported\. Supported are dense networks of Gemm, MatMul, Add/,
    ],
    [
      "an unsupported operator of another domain",
      writeOnnx(torchAfter([{ type: "Normalizer", domain: "ai.onnx.ml", inputs: ["input"], outputs: ["n"] }])),
      /^The ai\.onnx\.ml\.Normalizer node "n" is not supported/,
    ],
    [
      "a standard operator under a foreign domain",
      writeOnnx(torchAfter([{ type: "Relu", domain: "com.example", inputs: ["input"], outputs: ["n"] }])),
      /com\.example\.Relu node "n" is not supported/,
    ],
    ["an empty file", new Uint8Array(), /no graph with nodes and outputs/],
    ["another kind of file", Buffer.from("PK\u0003\u0004 this is a zip archive"), /not an ONNX model/],
    ["a graph without nodes", writeOnnx({ nodes: [], outputs: [output] }), /no graph with nodes/],
    ["a graph without outputs", writeOnnx({ ...torch, outputs: [] }), /no graph with nodes and outputs/],
    [
      "two inputs",
      writeOnnx({
        ...torch,
        nodes: [{ type: "Add", inputs: ["input", "mask"], outputs: ["x"] }, gemm("g", "x", "fc1", "output")],
        inputs: [{ name: "input" }, { name: "mask" }],
      }),
      /must have one input; it has 2 \("input", "mask"\)/,
    ],
    [
      "a missing weight",
      writeOnnx({ ...torch, initializers: torchWeights.slice(1) }),
      /"\/fc1\/Gemm" reads "fc1\.weight"/,
    ],
    [
      "nodes out of order",
      writeOnnx({ ...torch, nodes: [...torchNodes].reverse() }),
      /"\/fc2\/Gemm" reads "\/Relu_output_0"/,
    ],
    [
      "a cycle",
      writeOnnx({
        ...torch,
        nodes: [
          { type: "Add", inputs: ["a", "input"], outputs: ["output"] },
          { type: "Relu", inputs: ["output"], outputs: ["a"] },
        ],
      }),
      /reads "a", which nothing before it makes/,
    ],
    [
      "an output that nothing makes",
      writeOnnx({ ...torch, outputs: [{ name: "nothing" }] }),
      /must have one input; it has 0/,
    ],
    [
      "an output that is a constant",
      writeOnnx({
        nodes: [
          { type: "Constant", inputs: [], outputs: ["c"], attributes: { value_float: { f: 1 } } },
          { type: "Shape", inputs: ["input"], outputs: ["s"] },
          { type: "Concat", inputs: ["s", "c"], outputs: ["output"] },
        ],
        outputs: [output],
      }),
      /does not depend on the input/,
    ],
    [
      "an output after relu",
      writeOnnx(torchBefore({ type: "Relu", inputs: ["output"], outputs: ["end"] })),
      /"end" does not end with a dense layer/,
    ],
    [
      "rows of another width",
      writeOnnx({ ...torch, inputs: [{ name: "input", dims: [null, 28, 28] }] }),
      /rows of 784 features by a matrix for 2/,
    ],
    [
      "a weight that is not finite",
      writeOnnx({
        ...torch,
        initializers: [rawFloats("fc1.weight", [3, 2], [NaN, ...W1.slice(1)]), ...torchWeights.slice(1)],
      }),
      /not finite/,
    ],
  ];
  for (const [what, bytes, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(thrown(() => importOnnx(bytes)).message).to.match(message);
    });
  }

  it("reads files, and refuses missing and oversized ones before reading them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zkcmp-onnx-"));
    const path = join(folder, "model.onnx");
    expect((await rejected(readOnnx(path))).message).to.contain(`Cannot read ${path}`);
    await writeFile(path, writeOnnx(torch));
    expect([...floatOutputs((await readOnnx(path)).network, ROW)]).to.deep.equal(LOGITS);
    await truncate(path, MAX_ONNX_BYTES + 1);
    expect((await rejected(readOnnx(path))).message).to.contain(`The file has ${MAX_ONNX_BYTES + 1} bytes`);
    await rm(folder, { recursive: true });
  });
});
