import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import {
  createNetwork,
  type Network,
  networkFromJson,
  networkFromParameters,
  networkToJson,
  parametersInSealingOrder,
  readNetwork,
  writeNetwork,
} from "../src/network.ts";
import type { NetworkShape } from "../src/shape.ts";
import { networks } from "./arbitrary.ts";
import { rejected, thrown } from "./thrown.ts";

const shape: NetworkShape = {
  inputBits: 8,
  weightBits: 4,
  layers: [
    { inputs: 3, outputs: 2, activation: "relu", shift: 2, biasShift: 1 },
    { inputs: 2, outputs: 2, activation: "none", shift: 0, biasShift: 0 },
  ],
};
const layers = [
  { weights: [1, 2, 3, -8, 7, 0], biases: [4, 5] },
  { weights: [6, -1, -2, -3], biases: [-4, -5] },
];
const network = createNetwork(shape, layers, [0.5, 0.25]);

type Json = { layers: { weights: number[][]; biases: number[] }[]; [key: string]: unknown };

function changedJson(change: (json: Json) => void): unknown {
  const json = JSON.parse(JSON.stringify(networkToJson(network))) as Json;
  change(json);
  return json;
}

describe("network", () => {
  it("seals layer by layer, weights row-major, then biases", () => {
    expect([...parametersInSealingOrder(network)]).to.deep.equal([1, 2, 3, -8, 7, 0, 4, 5, 6, -1, -2, -3, -4, -5]);
  });

  it("comes back from its parameters", () => {
    fc.assert(
      fc.property(networks(), (any) => {
        const parameters = parametersInSealingOrder(any);
        expect(networkFromParameters(any.shape, any.scales, parameters)).to.deep.equal(any);
      }),
    );
  });

  it("comes back from JSON", () => {
    fc.assert(
      fc.property(networks(), (any) => {
        expect(networkFromJson(JSON.parse(JSON.stringify(networkToJson(any))))).to.deep.equal(any);
      }),
    );
  });

  it("copies what it is given", () => {
    const weights = Int32Array.from(layers[0]?.weights ?? []);
    const copy = createNetwork(shape, [{ ...layers[0]!, weights }, layers[1]!], [1, 1]);
    weights[0] = 7;
    expect(copy.layers[0]?.weights[0]).to.equal(1);
  });

  const refused: [what: string, build: () => unknown, message: RegExp][] = [
    ["a weight above its bits", () => withWeight(8), /Number 1 of the weights of layer 1 is not a 4-bit integer/],
    ["a weight below its bits", () => withWeight(-9), /Number 1 of the weights of layer 1/],
    ["a fractional weight", () => withWeight(0.5), /Number 1 of the weights of layer 1/],
    ["NaN", () => withWeight(NaN), /Number 1 of the weights of layer 1/],
    [
      "a bias above its bits",
      () => createNetwork(shape, [layers[0]!, { ...layers[1]!, biases: [0, 8] }], [1, 1]),
      /Number 2 of the biases of layer 2/,
    ],
    ["a missing layer", () => createNetwork(shape, layers.slice(1), [1, 1]), /1 layers, its shape asks for 2/],
    ["a missing scale", () => createNetwork(shape, layers, [1]), /1 scales/],
    ["a scale of 0", () => createNetwork(shape, layers, [1, 0]), /scale of layer 2/],
    ["an infinite scale", () => createNetwork(shape, layers, [Infinity, 1]), /scale of layer 1/],
    ["too few parameters", () => networkFromParameters(shape, [1, 1], new Int32Array(13)), /13 parameters/],
    ["too many parameters", () => networkFromParameters(shape, [1, 1], new Int32Array(15)), /15 parameters/],
    [
      "bounds above 2^250",
      () => createNetwork({ ...shape, layers: shape.layers.map((l) => ({ ...l, biasShift: 250 })) }, layers, [1, 1]),
      /Layer 1 can reach/,
    ],
    ["another format", () => networkFromJson(changedJson((json) => (json.format = "x"))), /format/],
    ["a later version", () => networkFromJson(changedJson((json) => (json.version = 2))), /version/],
    ["an unknown field", () => networkFromJson(changedJson((json) => (json.note = 1))), /note/],
    [
      "a short row",
      () => networkFromJson(changedJson((json) => json.layers[0]!.weights[1]!.pop())),
      /Row 2 .* layer 1/,
    ],
    [
      "a missing row",
      () => networkFromJson(changedJson((json) => json.layers[0]!.weights.pop())),
      /3 weights of layer 1/,
    ],
    ["a missing layer in JSON", () => networkFromJson(changedJson((json) => json.layers.pop())), /1 layers/],
  ];
  for (const [what, build, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(thrown(build).message).to.match(message);
    });
  }

  it("never shows a weight in an error", () => {
    expect(thrown(() => withWeight(123456)).message).to.not.contain("123456");
  });

  function withWeight(weight: number): Network {
    const weights = [weight, ...(layers[0]?.weights.slice(1) ?? [])];
    return createNetwork(shape, [{ ...layers[0]!, weights }, layers[1]!], [1, 1]);
  }

  describe("file", () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "zkcmp-network-"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it("comes back from its file, which only its owner can read", async () => {
      const path = join(folder, "network.json");
      await writeNetwork(path, network);
      expect(await readNetwork(path)).to.deep.equal(network);
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
      expect(await readFile(path, "utf8")).to.contain("[1,2,3],\n");
    });

    it("replaces a file as a whole and leaves nothing beside it", async () => {
      const path = join(folder, "network.json");
      await writeFile(path, "old");
      await writeNetwork(path, network);
      expect(await readdir(folder)).to.deep.equal(["network.json"]);
    });

    it("leaves the old file when writing fails", async () => {
      const path = join(folder, "taken");
      await mkdir(path);
      await writeFile(join(path, "inside"), "old");
      expect((await rejected(writeNetwork(path, network))).message).to.match(/Cannot write/);
      expect(await readdir(folder)).to.deep.equal(["taken"]);
      expect(await readFile(join(path, "inside"), "utf8")).to.equal("old");
    });

    it("keeps how the output of a regression reads, and refuses a reading of several outputs", async () => {
      const path = join(folder, "regression.json");
      const single = { ...shape, layers: [shape.layers[0]!, { ...shape.layers[1]!, outputs: 1 }] };
      const reading = { multiplier: 1024, offset: 7 };
      const parameters = [layers[0]!, { weights: [6, -1], biases: [-4] }];
      const regression = createNetwork(single, parameters, [1, 1], reading);
      await writeNetwork(path, regression);
      expect(await readNetwork(path)).to.deep.equal(regression);
      expect(networkFromParameters(single, [1, 1], parametersInSealingOrder(regression), reading)).to.deep.equal(
        regression,
      );
      expect(thrown(() => createNetwork(shape, layers, [1, 1], reading)).message).to.contain("output reading");
      const wrong = { multiplier: 0, offset: 7 };
      expect(thrown(() => createNetwork(single, parameters, [1, 1], wrong)).message).to.contain("output reading");
    });

    it("refuses a cut-off file at every length without showing its content", async () => {
      const path = join(folder, "network.json");
      await writeNetwork(path, network);
      const text = await readFile(path, "utf8");
      for (let length = 0; length < text.trimEnd().length; length += 7) {
        await writeFile(path, text.slice(0, length));
        expect((await rejected(readNetwork(path))).message).to.match(/is not valid JSON\. Give a zkcmp network file/);
      }
    });

    it("names a file that is missing or cannot be read", async () => {
      const missing = join(folder, "missing.json");
      expect((await rejected(readNetwork(missing))).message).to.contain(
        `Cannot read ${missing}: there is no such file`,
      );
      expect((await rejected(readNetwork(folder))).message).to.contain("it is a folder");
    });
  });
});
