import { expect } from "chai";
import { type FloatNetwork, floatOutputs } from "../src/float-network.ts";
import { importOnnx } from "../src/onnx.ts";
import { TENSOR_TYPE } from "../src/onnx-schema.ts";
import { type NodeParts, rawFloats, rawIntegers, typedFloats, writeOnnx } from "./onnx-writer.ts";
import { thrown } from "./thrown.ts";

const MATRIX = [1, 2, 3, 4, 5, 6]; // 2 x 3, row-major

/** Imports nodes that lead from "input" (rows of two features) to "output". */
function network(nodes: readonly NodeParts[], initializers: readonly object[]): FloatNetwork {
  return importOnnx(writeOnnx({ nodes, initializers, outputs: [{ name: "output" }] })).network;
}

function outputsOf(nodes: readonly NodeParts[], initializers: readonly object[], row: readonly number[]): number[] {
  return [...floatOutputs(network(nodes, initializers), row)];
}

function messageOf(nodes: readonly NodeParts[], initializers: readonly object[] = []): string {
  return thrown(() => network(nodes, initializers)).message;
}

function node(
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: NodeParts["attributes"] = {},
): NodeParts {
  return { type, name: `/${type}`, inputs, outputs: [output], attributes };
}

const matrix = rawFloats("w", [2, 3], MATRIX);
const matMul = node("MatMul", ["input", "w"], "z");

describe("onnx-operators", () => {
  it("computes Gemm with all its attributes", () => {
    const bias = rawFloats("b", [3], [10, 20, 30]);
    const transposed = rawFloats("w", [3, 2], MATRIX);
    const gemm = (attributes: NodeParts["attributes"]): NodeParts =>
      node("Gemm", ["input", "w", "b"], "output", attributes);
    expect(outputsOf([gemm({})], [matrix, bias], [1, 10])).to.deep.equal([51, 72, 93]);
    expect(outputsOf([gemm({ transB: { i: 1 } })], [transposed, bias], [1, 10])).to.deep.equal([31, 63, 95]);
    const scaled = gemm({ alpha: { f: 2 }, beta: { f: 0.5 } });
    expect(outputsOf([scaled], [matrix, bias], [1, 10])).to.deep.equal([87, 114, 141]);
    expect(outputsOf([gemm({})], [matrix, rawFloats("b", [1, 3], [10, 20, 30])], [1, 10])).to.deep.equal([51, 72, 93]);
    expect(outputsOf([gemm({})], [matrix, rawFloats("b", [], [1])], [1, 10])).to.deep.equal([42, 53, 64]);
    expect(outputsOf([node("Gemm", ["input", "w"], "output")], [matrix], [1, 10])).to.deep.equal([41, 52, 63]);
    expect(outputsOf([node("Gemm", ["input", "w", ""], "output")], [matrix], [1, 10])).to.deep.equal([41, 52, 63]);
    expect(messageOf([gemm({ transA: { i: 1 } })], [matrix, bias])).to.match(/Gemm node "\/Gemm" transposes its input/);
    expect(messageOf([gemm({})], [matrix, rawFloats("b", [2], [1, 2])])).to.match(/3 features with 2 constants/);
    expect(messageOf([gemm({})], [matrix, rawFloats("b", [3, 1], [1, 2, 3])])).to.match(/dimensions 3 x 1/);
  });

  it("computes MatMul with Add on either side", () => {
    const bias = typedFloats("b", [3], [10, 20, 30]);
    for (const operands of [
      ["z", "b"],
      ["b", "z"],
    ]) {
      expect(outputsOf([matMul, node("Add", operands, "output")], [matrix, bias], [1, 10])).to.deep.equal([51, 72, 93]);
    }
    expect(messageOf([node("MatMul", ["w", "input"], "output")], [matrix])).to.match(
      /does not take its first operand from the model/,
    );
    expect(messageOf([node("MatMul", ["input", "w"], "output")], [rawFloats("w", [6], MATRIX)])).to.match(
      /weights have the dimensions 6/,
    );
    expect(messageOf([node("MatMul", ["input", "w"], "output")], [rawFloats("w", [3, 2], MATRIX)])).to.match(
      /2 features by a matrix for 3/,
    );
    expect(messageOf([matMul, node("Add", ["z", "z"], "output")], [matrix])).to.match(
      /second operand is not a constant/,
    );
  });

  it("folds arithmetic with constants before, between and after the layers", () => {
    const mean = rawFloats("mean", [2], [1, 10]);
    const factor = rawFloats("factor", [], [2]);
    const normalised = [
      node("Sub", ["input", "mean"], "centred"),
      node("Div", ["centred", "factor"], "x"),
      node("MatMul", ["x", "w"], "z"),
      node("Relu", ["z"], "h"),
      node("Mul", ["h", "factor"], "h2"),
      node("MatMul", ["h2", "v"], "y"),
      node("Sub", ["one", "y"], "output"),
    ];
    const others = [matrix, mean, factor, rawFloats("v", [3, 1], [1, 1, 1]), rawFloats("one", [1], [1])];
    // x = (5 - 1) / 2, (4 - 10) / 2 = 2, -3; z = 2 - 12, 4 - 15, 6 - 18 < 0.
    expect(outputsOf(normalised, others, [5, 4])).to.deep.equal([1]);
    // x = 2, 1; z = 6, 9, 12; y = 2 * 27.
    expect(outputsOf(normalised, others, [5, 12])).to.deep.equal([-53]);
    expect(messageOf([node("Div", ["factor", "input"], "output")], [factor])).to.match(/divides a constant/);
    expect(messageOf([node("Add", ["input", "b"], "output")], [rawFloats("b", [3], [1, 2, 3])])).to.match(
      /2 features with 3/,
    );
  });

  it("folds Scaler and BatchNormalization", () => {
    const scaler: NodeParts = {
      ...node("Scaler", ["input"], "x", { offset: { floats: [1, 10] }, scale: { floats: [2, 0.5] } }),
      domain: "ai.onnx.ml",
    };
    // x = (3 - 1) * 2, (14 - 10) / 2 = 4, 2.
    expect(outputsOf([scaler, node("MatMul", ["x", "w"], "output")], [matrix], [3, 14])).to.deep.equal([12, 18, 24]);
    const statistics = ["gamma", "beta", "mean", "variance"].map((name, i) =>
      rawFloats(
        name,
        [3],
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
          [3, 15, 0],
        ][i]!,
      ),
    );
    const norm = node("BatchNormalization", ["z", "gamma", "beta", "mean", "variance"], "output", {
      epsilon: { f: 1 },
    });
    // z = 41, 52, 63; (41 - 7) / 2 + 4, 2 * (52 - 8) / 4 + 5, 3 * (63 - 9) + 6.
    expect(outputsOf([matMul, norm], [matrix, ...statistics], [1, 10])).to.deep.equal([21, 27, 168]);
  });

  it("reads squares as Mul of a value with itself and as Pow", () => {
    const last = node("MatMul", ["h", "v"], "output");
    const v = rawFloats("v", [3, 1], [1, 1, 1]);
    const expected = [41 ** 2 + 52 ** 2 + 63 ** 2];
    expect(outputsOf([matMul, node("Mul", ["z", "z"], "h"), last], [matrix, v], [1, 10])).to.deep.equal(expected);
    const power = [matMul, node("Pow", ["z", "two"], "h"), last];
    expect(outputsOf(power, [matrix, v, rawFloats("two", [], [2])], [1, 10])).to.deep.equal(expected);
    expect(messageOf(power, [matrix, v, rawFloats("two", [], [3])])).to.match(/Pow node "\/Pow" is not a square/);
  });

  it("computes with constants that nodes hold or transpose", () => {
    const held = node("Constant", [], "w", { value: { t: rawFloats("", [3, 2], MATRIX) } });
    const nodes = [
      held,
      node("Transpose", ["w"], "wt", { perm: { ints: [1, 0] } }),
      node("MatMul", ["input", "wt"], "output"),
    ];
    expect(outputsOf(nodes, [], [1, 10])).to.deep.equal([21, 43, 65]);
    const kept = [
      node("Transpose", ["w"], "wt", { perm: { ints: [0, 1] } }),
      node("MatMul", ["input", "wt"], "output"),
    ];
    expect(outputsOf(kept, [matrix], [1, 10])).to.deep.equal([41, 52, 63]);
    const cast = [
      node("Cast", ["w"], "w2", { to: { i: TENSOR_TYPE.float } }),
      node("MatMul", ["input", "w2"], "output"),
    ];
    expect(outputsOf(cast, [matrix], [1, 10])).to.deep.equal([41, 52, 63]);
    const floats = [
      node("Constant", [], "b", { value_floats: { floats: [1, 2, 3] } }),
      matMul,
      node("Add", ["z", "b"], "output"),
    ];
    expect(outputsOf(floats, [matrix], [1, 10])).to.deep.equal([42, 54, 66]);
    expect(
      messageOf(
        [node("Constant", [], "b", { value_strings: { strings: ["a"] } }), matMul, node("Add", ["z", "b"], "output")],
        [matrix],
      ),
    ).to.match(/holds no number/);
    expect(messageOf([node("Transpose", ["input"], "output")])).to.match(
      /Transpose node "\/Transpose".*not a constant/,
    );
  });

  it("refuses activations other than relu, naming the node", () => {
    for (const type of ["Tanh", "Elu", "LeakyRelu", "Gelu"]) {
      expect(messageOf([matMul, node(type, ["z"], "output")], [matrix])).to.match(
        new RegExp(`The ${type} node "/${type}" is not supported`),
      );
    }
    for (const type of ["Sigmoid", "Softmax"]) {
      const nodes = [matMul, node(type, ["z"], "p"), node("Gemm", ["p", "v"], "output")];
      expect(messageOf(nodes, [matrix, rawFloats("v", [3, 1], [1, 1, 1])])).to.contain(
        `The ${type} node "/${type}" is not the last layer`,
      );
    }
  });

  it("refuses relu that does not follow a dense layer", () => {
    expect(messageOf([node("Relu", ["input"], "x"), node("MatMul", ["x", "w"], "output")], [matrix])).to.match(
      /Relu node "\/Relu" does not follow/,
    );
    const scaledRelu = [
      matMul,
      node("Relu", ["z"], "h"),
      node("Mul", ["h", "two"], "h2"),
      node("Relu", ["h2"], "output"),
    ];
    expect(messageOf(scaledRelu, [matrix, rawFloats("two", [], [2])])).to.match(/does not follow a dense layer/);
  });

  it("refuses what mixes rows, features or branches", () => {
    expect(messageOf([node("Flatten", ["input"], "output", { axis: { i: 0 } })])).to.match(/flattens from axis 0/);
    expect(messageOf([matMul, node("Softmax", ["z"], "output", { axis: { i: 0 } })], [matrix])).to.match(
      /along axis 0/,
    );
    expect(messageOf([node("Gather", ["input", "i"], "output")], [rawIntegers("i", [0])])).to.match(
      /picks or rearranges features/,
    );
    expect(messageOf([matMul, node("Concat", ["z", "z"], "output")], [matrix])).to.match(/joins computed values/);
    const rounded = [matMul, node("Cast", ["z"], "output", { to: { i: TENSOR_TYPE.int64 } })];
    expect(messageOf(rounded, [matrix])).to.match(/Cast node "\/Cast" rounds computed values/);
  });
});
