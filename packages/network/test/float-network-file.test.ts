import { expect } from "chai";
import { FloatNetworkError } from "../src/float-network.ts";
import { parseFloatNetwork, RaggedLayerError } from "../src/float-network-file.ts";
import { FileFormatError } from "../src/json-file.ts";

const first = {
  activation: "relu",
  weights: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  biases: [7, 8, 9],
};
const last = { activation: "none", weights: [[1, 1, 1]], biases: [0.5] };
const file = { format: "zkcmp-float-network", version: 1, layers: [first, last] };
const parse = (content: unknown) => parseFloatNetwork(JSON.stringify(content), "model.json");

describe("text of a float network", () => {
  it("gives layers with their widths and row-major weights", () => {
    const { layers } = parse(file);
    expect(layers.map(({ inputs, outputs }) => [inputs, outputs])).to.deep.equal([
      [2, 3],
      [3, 1],
    ]);
    expect([...layers[0]!.weights]).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });

  it("refuses ragged weights, unknown fields, other versions and layers that do not fit, naming the source", () => {
    const ragged = { ...file, layers: [{ ...first, weights: [[1, 2], [3], [5, 6]] }, last] };
    expect(() => parse(ragged)).to.throw(RaggedLayerError, "model.json: the rows of the weights of layer 1");
    expect(() => parse({ ...file, layers: [first, { ...last, scale: 2 }] })).to.throw(FileFormatError, "model.json");
    expect(() => parse({ ...file, version: 2 })).to.throw(FileFormatError);
    expect(() => parse({ ...file, layers: [first, { ...last, weights: [[1, 1]] }] })).to.throw(FloatNetworkError);
    expect(() => parse({ ...file, layers: [] })).to.throw(FileFormatError);
  });
});
