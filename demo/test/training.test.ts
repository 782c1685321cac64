import * as tf from "@tensorflow/tfjs-core";
import { predictFloat } from "@zkcmp/network/float-network";
import { expect } from "chai";
import { trainNetwork, type TrainingOptions } from "../training.ts";

/** Exclusive or, which no network without a hidden layer learns. */
const rows = Array.from({ length: 400 }, (_, i) => [(i % 20) * 10, Math.floor(i / 20) * 10]);
const labels = rows.map(([x, y]) => Number(x! < 100 !== y! < 100));
const set = { rows, labels, classes: 2, inputMax: 200 };
const options: TrainingOptions = { hidden: [12], epochs: 60, seed: 3, learningRate: 0.02 };

describe("training", () => {
  it("learns what needs a hidden layer, on rows as they are given", async function () {
    this.timeout(30_000);
    const losses: number[] = [];
    const network = await trainNetwork(set, { ...options, onEpoch: (_, loss) => losses.push(loss) });
    const right = rows.filter((row, i) => predictFloat(network, row) === labels[i]).length;
    expect(right / rows.length).to.be.greaterThan(0.9);
    expect(losses).to.have.length(60);
    expect(losses.at(-1)).to.be.lessThan(losses[0]! / 2);
    expect(network.layers.map(({ inputs, outputs, activation }) => [inputs, outputs, activation])).to.deep.equal([
      [2, 12, "relu"],
      [12, 2, "none"],
    ]);
  });

  it("trains several hidden layers, or none", async () => {
    const widths = async (hidden: number[]): Promise<number[]> => {
      const network = await trainNetwork(set, { ...options, hidden, epochs: 1 });
      return network.layers.map((layer) => layer.outputs);
    };
    expect(await widths([5, 4])).to.deep.equal([5, 4, 2]);
    expect(await widths([])).to.deep.equal([2]);
  });

  it("gives the same network for the same seed only", async () => {
    const train = (seed: number) => trainNetwork(set, { ...options, epochs: 2, seed });
    const first = await train(1);
    expect(await train(1)).to.deep.equal(first);
    expect(await train(2)).to.not.deep.equal(first);
  });

  it("prints nothing and keeps no tensor", async () => {
    await trainNetwork(set, { ...options, epochs: 1 });
    const before = tf.memory().numTensors;
    const printed: unknown[] = [];
    const original = { log: console.log, warn: console.warn, info: console.info };
    const keep = (...values: unknown[]): number => printed.push(values);
    Object.assign(console, { log: keep, warn: keep, info: keep });
    try {
      await trainNetwork(set, { ...options, epochs: 1 });
    } finally {
      Object.assign(console, original);
    }
    expect(printed).to.deep.equal([]);
    expect(tf.memory().numTensors).to.equal(before);
  });
});
