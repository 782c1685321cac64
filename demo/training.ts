import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { createFloatNetwork, type FloatNetwork } from "@zkcmp/network/float-network";
import { foldNormalisation } from "@zkcmp/network/encoding";
import { seededRandom } from "./random.ts";

export interface TrainingSet {
  /** Rows of numbers from 0 to `inputMax`, such as encoded rows. */
  readonly rows: readonly ArrayLike<number>[];
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  readonly inputMax: number;
}

export interface TrainingOptions {
  /** Widths of the hidden relu layers. */
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly seed: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  /** Called after each epoch with the mean loss of its batches. */
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

/**
 * Trains a dense relu network with softmax cross-entropy and Adam, on tfjs' CPU backend. The same rows, options and
 * seed give the same network.
 * @returns a network on rows as they are given (it has absorbed the division by `inputMax`)
 */
export async function trainNetwork(set: TrainingSet, options: TrainingOptions): Promise<FloatNetwork> {
  await useQuietCpu();
  const { hidden, epochs, seed, batchSize = 64, learningRate = 0.005, onEpoch } = options;
  const width = set.rows[0]?.length ?? 0;
  const model = buildModel(width, hidden, set.classes, seed);
  const optimizer = tf.train.adam(learningRate);
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  const random = seededRandom(seed);
  const indices = Array.from(set.labels, (_, i) => i);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.shuffled(indices);
    let loss = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.slice(start, start + batchSize);
      loss += (await trainOnBatch(model, set, batch, width)) * batch.length;
    }
    onEpoch?.(epoch, loss / order.length);
  }
  const network = readNetwork(model, [width, ...hidden, set.classes]);
  model.dispose();
  optimizer.dispose();
  return foldNormalisation(network, [0], [set.inputMax]);
}

/** The backend greets on the console unless the library believes that it is under test. */
async function useQuietCpu(): Promise<void> {
  tf.env().set("IS_TEST", true);
  await tf.setBackend("cpu");
}

function buildModel(width: number, hidden: readonly number[], classes: number, seed: number): layers.LayersModel {
  const input = layers.input({ shape: [width] });
  const dense = (units: number, activation: "relu" | "softmax", index: number): layers.layers.Layer =>
    layers.layers.dense({
      units,
      activation,
      kernelInitializer: layers.initializers.glorotUniform({ seed: seed + index }),
    });
  const hiddenLayers = hidden.map((units, index) => dense(units, "relu", index));
  const stack = [...hiddenLayers, dense(classes, "softmax", hidden.length)];
  const output = stack.reduce((value, layer) => layer.apply(value) as layers.SymbolicTensor, input);
  return layers.model({ inputs: input, outputs: output });
}

async function trainOnBatch(
  model: layers.LayersModel,
  set: TrainingSet,
  batch: readonly number[],
  width: number,
): Promise<number> {
  const inputs = new Float32Array(batch.length * width);
  const targets = new Float32Array(batch.length * set.classes);
  batch.forEach((row, i) => {
    const values = set.rows[row] as ArrayLike<number>;
    for (let k = 0; k < width; k++) inputs[i * width + k] = (values[k] as number) / set.inputMax;
    targets[i * set.classes + (set.labels[row] as number)] = 1;
  });
  const x = tf.tensor2d(inputs, [batch.length, width]);
  const y = tf.tensor2d(targets, [batch.length, set.classes]);
  const loss = await model.trainOnBatch(x, y);
  x.dispose();
  y.dispose();
  return loss as number;
}

/** tfjs stores a kernel as inputs x outputs. */
function readNetwork(model: layers.LayersModel, widths: readonly number[]): FloatNetwork {
  const parameters = model.getWeights().map((tensor) => tensor.dataSync());
  return createFloatNetwork(
    widths.slice(1).map((outputs, index) => {
      const inputs = widths[index] as number;
      const kernel = parameters[2 * index] as ArrayLike<number>;
      const weights = Float64Array.from({ length: inputs * outputs }, (_, at) => {
        return kernel[(at % inputs) * outputs + Math.floor(at / inputs)] as number;
      });
      const isLast = index === widths.length - 2;
      const biases = parameters[2 * index + 1] as ArrayLike<number>;
      return { inputs, outputs, weights, biases, activation: isLast ? "none" : "relu" };
    }),
  );
}
