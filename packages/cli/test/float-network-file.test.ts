import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFloatNetwork } from "../src/float-network-file.ts";
import { rejected } from "./rejected.ts";

const file = {
  format: "zkcmp-float-network",
  version: 1,
  layers: [
    {
      activation: "relu",
      weights: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      biases: [7, 8, 9],
    },
    { activation: "none", weights: [[1, 1, 1]], biases: [0.5] },
  ],
};

describe("float network file", () => {
  let folder: string;
  const read = async (content: unknown): Promise<unknown> => {
    const path = join(folder, "model.json");
    await writeFile(path, JSON.stringify(content));
    return readFloatNetwork(path);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-float-"));
  });

  after(async () => rm(folder, { recursive: true }));

  it("gives layers with their widths and row-major weights", async () => {
    const { layers } = (await read(file)) as Awaited<ReturnType<typeof readFloatNetwork>>;
    expect(layers.map(({ inputs, outputs, activation }) => [inputs, outputs, activation])).to.deep.equal([
      [2, 3, "relu"],
      [3, 1, "none"],
    ]);
    expect([...layers[0]!.weights]).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect([...layers[0]!.biases]).to.deep.equal([7, 8, 9]);
  });

  it("refuses ragged weights, unknown fields, other versions and layers that do not fit", async () => {
    const [first, last] = file.layers;
    const names = [];
    for (const content of [
      { ...file, layers: [{ ...first, weights: [[1, 2], [3], [5, 6]] }, last] },
      { ...file, layers: [first, { ...last, scale: 2 }] },
      { ...file, version: 2 },
      { ...file, layers: [first, { ...last, weights: [[1, 1]] }] },
      { ...file, layers: [] },
    ]) {
      names.push(((await rejected(read(content))) as Error).name);
    }
    expect(names).to.deep.equal([
      "FileError",
      "FileFormatError",
      "FileFormatError",
      "FloatNetworkError",
      "FileFormatError",
    ]);
  });
});
