import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { predict, outputs } from "@zkcmp/network/inference";
import { readIdx } from "@zkcmp/network/idx";
import { createNetwork, type Network, readNetwork, writeNetwork } from "@zkcmp/network/network";
import { quantise } from "@zkcmp/network/quantise";
import { score } from "@zkcmp/network/score";
import { createTestSet, readTestSet, sliceTestSet, type TestSet, writeTestSet } from "@zkcmp/network/testset";
import { type Random, seededRandom } from "../demo/random.ts";
import { trainNetwork } from "../demo/training.ts";
import { int8Shape } from "./int8-shape.ts";

/** A network with rows that it has not seen, and what they are in words. */
export interface BenchNetwork {
  readonly network: Network;
  readonly rows: TestSet;
  readonly note: string;
}

/** Kept beside the project, never in it. */
const DATA = join(import.meta.dirname, "..", "..", "shared", "data");

const TRAINING_ROWS = 8_000;

/** A 784-128-10 network with 2,000 rows: trained on MNIST's 10,000 test images where they are, else made up. */
export async function digitNetwork(): Promise<BenchNetwork> {
  const [images, labels] = ["images-idx3", "labels-idx1"].map((name) => join(DATA, `t10k-${name}-ubyte.gz`));
  if (!existsSync(images!)) return syntheticNetwork([784, 128, 10], 2_000);
  const mnist = await readIdx(images!, labels!);
  const all = createTestSet({ inputBits: 8, classes: 10, rows: mnist.images, labels: mnist.labels });
  const training = sliceTestSet(all, 0, TRAINING_ROWS);
  const rows = sliceTestSet(all, TRAINING_ROWS, all.rows.length);
  const float = await trainNetwork({ ...training, inputMax: 255 }, { hidden: [128], epochs: 4, seed: 7 });
  const { network } = quantise(float, sliceTestSet(training, 0, 1_000), { inputBits: 8 });
  const { right } = score(network, rows);
  return {
    network,
    rows,
    note: `trained on ${TRAINING_ROWS} MNIST images, right on ${right} of the other ${rows.rows.length}`,
  };
}

/** An int8 network and rows without meaning, the same in every run; it has nine rows in ten right. */
export function syntheticNetwork(widths: readonly number[], rowCount: number): BenchNetwork {
  const shape = int8Shape(widths, 12);
  const random = seededRandom(widths.reduce((sum, width) => 31 * sum + width, 1));
  const bytes = (count: number, least: number): number[] => Array.from({ length: count }, () => byte(random, least));
  const network = createNetwork(
    shape,
    shape.layers.map(({ inputs, outputs: own }) => ({ weights: bytes(inputs * own, -128), biases: bytes(own, -128) })),
    shape.layers.map(() => 1),
  );
  const features = Array.from({ length: rowCount }, () => bytes(widths[0]!, 0));
  const classes = widths.at(-1)!;
  const labels = features.map((row, i) => (predict(outputs(network, row)) + (i % 10 === 9 ? 1 : 0)) % classes);
  const rows = createTestSet({ inputBits: 8, classes, rows: features, labels });
  return { network, rows, note: `${widths.join("-")} int8 with pseudo-random weights and rows` };
}

function byte(random: Random, least: number): number {
  return Math.floor(random.between(least, least + 256));
}

/** Runs with a temporary folder that holds each network with its rows in a folder of its own, for another process. */
export async function withNetworkFolders<T>(
  networks: readonly Pick<BenchNetwork, "network" | "rows">[],
  run: (folders: readonly string[]) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "zkcmp-bench-"));
  try {
    const folders: string[] = [];
    for (const [index, { network, rows }] of networks.entries()) {
      const folder = join(root, String(index));
      await mkdir(folder);
      await writeNetwork(join(folder, "network.json"), network);
      await writeTestSet(join(folder, "rows.json"), rows);
      folders.push(folder);
    }
    return await run(folders);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** What {@link withNetworkFolders} has written. */
export async function readNetworkFolder(folder: string): Promise<{ network: Network; rows: TestSet }> {
  return {
    network: await readNetwork(join(folder, "network.json")),
    rows: await readTestSet(join(folder, "rows.json")),
  };
}
