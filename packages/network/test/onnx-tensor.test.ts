import { expect } from "chai";
import { floatOutputs } from "../src/float-network.ts";
import { importOnnx } from "../src/onnx.ts";
import { TENSOR_TYPE } from "../src/onnx-schema.ts";
import { rawDoubles, rawFloats, typedDoubles, typedFloats, writeOnnx } from "./onnx-writer.ts";
import { thrown } from "./thrown.ts";

/** Writes and reads a network x W whose weights are the given tensor of 2 x 2. */
function outputsWith(weights: object): number[] {
  const nodes = [{ type: "MatMul", inputs: ["input", "w"], outputs: ["output"] }];
  const model = writeOnnx({ nodes, initializers: [weights], outputs: [{ name: "output" }] });
  return [...floatOutputs(importOnnx(model).network, [1, 10])];
}

function messageWith(change: object): string {
  return thrown(() => outputsWith({ ...rawFloats("w", [2, 2], [1, 2, 3, 4]), ...change })).message;
}

describe("onnx-tensor", () => {
  it("reads float32 and float64, raw and typed", () => {
    for (const write of [rawFloats, typedFloats, rawDoubles, typedDoubles]) {
      expect(outputsWith(write("w", [2, 2], [1, 2, 3, 4])), write.name).to.deep.equal([31, 42]);
    }
    expect(outputsWith(rawDoubles("w", [2, 2], [0.1, 0, 0, 0]))).to.deep.equal([0.1, 0]);
    expect(outputsWith(rawFloats("w", [2, 2], [0.1, 0, 0, 0]))).to.deep.equal([Math.fround(0.1), 0]);
  });

  it("never opens external data", () => {
    const external = {
      rawData: new Uint8Array(),
      dataLocation: 1,
      externalData: [{ key: "location", value: "/etc/passwd" }],
    };
    expect(messageWith(external)).to.match(/tensor "w" keeps its data in another file/);
  });

  it("refuses data that do not match the dimensions, before it reads them", () => {
    expect(messageWith({ dims: [2, 3] })).to.match(/tensor "w" has 4 values, its dimensions \(2 x 3\) ask for 6/);
    expect(messageWith({ rawData: new Uint8Array(15) })).to.match(/has 3\.75 values/);
    expect(messageWith({ rawData: new Uint8Array() })).to.match(/has 0 values/);
    expect(messageWith({ dims: [2 ** 31, 2 ** 31] })).to.match(/dimensions 2147483648 x 2147483648/);
    expect(messageWith({ dims: [-2, -2] })).to.match(/dimensions -2 x -2/);
    expect(messageWith({ dims: [0, 2], rawData: new Uint8Array() })).to.match(/dimensions 0 x 2/);
  });

  it("refuses other data types", () => {
    for (const dataType of [TENSOR_TYPE.float16, TENSOR_TYPE.bfloat16, TENSOR_TYPE.string, 0, 99]) {
      expect(messageWith({ dataType })).to.match(new RegExp(`tensor "w" has the ONNX data type ${dataType}`));
    }
  });
});
