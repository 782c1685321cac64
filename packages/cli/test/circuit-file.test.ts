import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetwork, writeNetwork } from "@zkcmp/network/network";
import type { NetworkShape } from "@zkcmp/network/shape";
import { chosenCircuit, encodeCircuitFile } from "../src/circuit-file.ts";
import { UsageError } from "../src/cli-error.ts";
import { rejected } from "./rejected.ts";

const shape: NetworkShape = {
  inputBits: 8,
  weightBits: 8,
  layers: [{ inputs: 2, outputs: 2, activation: "none", shift: 0, biasShift: 0 }],
};

describe("circuit file", () => {
  let folder: string;
  let network: string;
  let circuit: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-circuit-"));
    network = join(folder, "network.json");
    circuit = join(folder, "circuit.json");
    await writeNetwork(network, createNetwork(shape, [{ weights: [1, 2, 3, 4], biases: [0, 0] }], [1]));
  });

  after(async () => rm(folder, { recursive: true }));

  it("names the circuit that network and rows name, and shows no weight", async () => {
    const chosen = await chosenCircuit({ network, rows: 5 });
    const text = encodeCircuitFile(chosen);
    expect(text).to.not.contain("weights");
    await writeFile(circuit, text);
    expect(await chosenCircuit({ circuit })).to.deep.equal(chosen);
  });

  it("asks for one way to name it", async () => {
    for (const choice of [{}, { network }, { rows: 5 }, { network, rows: 5, circuit }, { circuit, rows: 5 }]) {
      expect(await rejected(chosenCircuit(choice))).to.be.instanceOf(UsageError);
    }
  });

  it("refuses a shape that is none", async () => {
    await writeFile(
      circuit,
      JSON.stringify({
        format: "zkcmp-circuit",
        version: 2,
        shape: { layers: [] },
        rows: 5,
        predicate: "accuracy",
        committed: false,
      }),
    );
    expect(((await rejected(chosenCircuit({ circuit }))) as Error).name).to.equal("ShapeError");
  });
});
