import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { layerBounds } from "./bounds.ts";
import { checkJson, readJsonFile, writeJsonFile } from "./json-file.ts";
import { type OutputReading, outputReadingSchema } from "./output-reading.ts";
import { networkShapeSchema, type NetworkShape, outputCount, parameterCount, parseNetworkShape } from "./shape.ts";

/** Weights are outputs x inputs, row-major; weights and biases are weightBits-bit two's complement integers. */
export interface Layer {
  readonly weights: Int32Array;
  readonly biases: Int32Array;
}

/** An integer network. `scales` has one entry a layer: real pre-activation = integer pre-activation * scale. */
export interface Network {
  readonly shape: NetworkShape;
  readonly layers: readonly Layer[];
  readonly scales: readonly number[];
  /** How the one output of a regression network reads as a target digit; absent in a classifier. */
  readonly reading?: OutputReading | undefined;
}

/** Weights, biases or scales that do not fit the network's shape. Messages name positions, never values. */
export class NetworkError extends ZkcmpError {}

/** What {@link createNetwork} takes: any array-likes of integers. */
export interface LayerParameters {
  readonly weights: ArrayLike<number>;
  readonly biases: ArrayLike<number>;
}

/**
 * The checked constructor of a network; it copies what it is given.
 * @throws ShapeError for a bad shape or a bound above 2^250
 * @throws NetworkError for a wrong count, a weight that is not a weightBits-bit integer, a scale that is not positive, or
 * an output reading that is none or stands beside several outputs
 */
export function createNetwork(
  shape: NetworkShape,
  layers: readonly LayerParameters[],
  scales: readonly number[],
  reading?: OutputReading,
): Network {
  const checkedShape = parseNetworkShape(shape);
  layerBounds(checkedShape);
  expectCount("layers", layers.length, checkedShape.layers.length);
  expectCount("scales", scales.length, checkedShape.layers.length);
  scales.forEach((scale, index) => {
    if (!(Number.isFinite(scale) && scale > 0)) {
      throw new NetworkError(`The scale of layer ${index + 1} is not a positive number`, "Quantise the network again");
    }
  });
  const checkedLayers = checkedShape.layers.map((layerShape, index) => {
    const given = layers[index] as LayerParameters;
    const name = `layer ${index + 1}`;
    const expected = layerShape.inputs * layerShape.outputs;
    return {
      weights: checkedIntegers(given.weights, expected, checkedShape.weightBits, `weights of ${name}`),
      biases: checkedIntegers(given.biases, layerShape.outputs, checkedShape.weightBits, `biases of ${name}`),
    };
  });
  const network = { shape: checkedShape, layers: checkedLayers, scales: [...scales] };
  if (reading === undefined) return network;
  if (!outputReadingSchema.safeParse(reading).success || outputCount(checkedShape) !== 1) {
    throw new NetworkError(
      "The output reading does not fit the network",
      "Only a network with one output has one: a multiplier of at least 1 and an offset from 0 to 65535, both integers",
    );
  }
  return { ...network, reading: { ...reading } };
}

function expectCount(what: string, actual: number, expected: number): void {
  if (actual !== expected) {
    throw new NetworkError(`The network has ${actual} ${what}, its shape asks for ${expected}`, "Make the two agree");
  }
}

function checkedIntegers(values: ArrayLike<number>, count: number, bits: number, what: string): Int32Array {
  expectCount(what, values.length, count);
  const limit = 2 ** (bits - 1);
  const checked = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    if (!Number.isInteger(value) || value < -limit || value >= limit) {
      throw new NetworkError(
        `Number ${i + 1} of the ${what} is not a ${bits}-bit integer`,
        `All of them must be integers from ${-limit} to ${limit - 1}; quantise the network again or declare more bits`,
      );
    }
    checked[i] = value;
  }
  return checked;
}

/** All parameters in the order in which they are sealed: layer by layer, weights row-major, then biases. */
export function parametersInSealingOrder(network: Network): Int32Array {
  const parameters = new Int32Array(parameterCount(network.shape));
  let position = 0;
  for (const layer of network.layers) {
    parameters.set(layer.weights, position);
    parameters.set(layer.biases, position + layer.weights.length);
    position += layer.weights.length + layer.biases.length;
  }
  return parameters;
}

/**
 * The inverse of {@link parametersInSealingOrder}.
 * @throws ShapeError, NetworkError as {@link createNetwork}
 */
export function networkFromParameters(
  shape: NetworkShape,
  scales: readonly number[],
  parameters: ArrayLike<number>,
  reading?: OutputReading,
): Network {
  expectCount("parameters", parameters.length, parameterCount(shape));
  const all = Array.from(parameters);
  let position = 0;
  const take = (count: number): number[] => all.slice(position, (position += count));
  const layers = shape.layers.map((layer) => ({
    weights: take(layer.inputs * layer.outputs),
    biases: take(layer.outputs),
  }));
  return createNetwork(shape, layers, scales, reading);
}

const NETWORK_FILE = "a zkcmp network file (format zkcmp-network, version 1)";

const networkFileSchema = z.strictObject({
  format: z.literal("zkcmp-network"),
  version: z.literal(1),
  shape: networkShapeSchema,
  scales: z.array(z.number()),
  reading: outputReadingSchema.optional(),
  layers: z.array(z.strictObject({ weights: z.array(z.array(z.int())), biases: z.array(z.int()) })),
});

/** The JSON value of a network: one array a row of weights. */
export function networkToJson(network: Network): unknown {
  return {
    format: "zkcmp-network",
    version: 1,
    shape: network.shape,
    scales: network.scales,
    ...(network.reading === undefined ? {} : { reading: network.reading }),
    layers: network.layers.map((layer, index) => ({
      biases: [...layer.biases],
      weights: rowsOf(layer.weights, network.shape.layers[index]?.inputs ?? 1),
    })),
  };
}

function rowsOf(weights: Int32Array, inputs: number): number[][] {
  return Array.from({ length: weights.length / inputs }, (_, row) => [
    ...weights.subarray(row * inputs, (row + 1) * inputs),
  ]);
}

/**
 * Checks a JSON value and builds the network; `name` stands for its source in errors.
 * @throws FileFormatError, ShapeError, NetworkError
 */
export function networkFromJson(value: unknown, name = "The value"): Network {
  return networkFromFile(checkJson(value, name, NETWORK_FILE, networkFileSchema));
}

function networkFromFile(file: z.infer<typeof networkFileSchema>): Network {
  file.layers.forEach((layer, index) => {
    const inputs = file.shape.layers[index]?.inputs;
    layer.weights.forEach((row, j) => {
      if (row.length !== inputs) {
        throw new NetworkError(
          `Row ${j + 1} of the weights of layer ${index + 1} has ${row.length} entries, not ${inputs}`,
          "Every row needs one weight for each input of the layer",
        );
      }
    });
  });
  const layers = file.layers.map((layer) => ({ weights: layer.weights.flat(), biases: layer.biases }));
  return createNetwork(file.shape, layers, file.scales, file.reading);
}

/**
 * Reads a network file.
 * @throws FileFormatError, ShapeError, NetworkError
 */
export async function readNetwork(path: string): Promise<Network> {
  return networkFromFile(await readJsonFile(path, NETWORK_FILE, networkFileSchema));
}

/** Writes a network file, whole or not at all, readable by its owner only. */
export async function writeNetwork(path: string, network: Network): Promise<void> {
  await writeJsonFile(path, networkToJson(network));
}
