import { ZkcmpError } from "@zkcmp/field/error";
import { type Activation, MAX_PARAMETERS } from "./shape.ts";

/** A dense layer in doubles: weights are outputs x inputs, row-major. */
export interface FloatLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly activation: Activation;
}

/** A trained network before quantisation; its last layer has the activation "none" and gives the logits. */
export interface FloatNetwork {
  readonly layers: readonly FloatLayer[];
}

/** Layers that do not make a network, or a row that does not fit it. */
export class FloatNetworkError extends ZkcmpError {}

export interface FloatLayerParts {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: ArrayLike<number>;
  readonly biases: ArrayLike<number>;
  readonly activation: Activation;
}

/**
 * The checked constructor of a float network. A hidden layer without activation is merged with the layer after it.
 * @throws FloatNetworkError for no layers, widths that do not chain, wrong counts, parameters that are not finite
 */
export function createFloatNetwork(parts: readonly FloatLayerParts[]): FloatNetwork {
  const layers: FloatLayer[] = [];
  parts.forEach((part, index) => {
    const layer = checkedLayer(part, `Layer ${index + 1}`);
    const previous = layers.at(-1);
    if (previous !== undefined && previous.outputs !== layer.inputs) {
      throw new FloatNetworkError(
        `Layer ${index} has ${previous.outputs} outputs, but layer ${index + 1} has ${layer.inputs} inputs`,
        "Make the two numbers equal",
      );
    }
    if (previous?.activation === "none") layers[layers.length - 1] = mergeLayers(previous, layer);
    else layers.push(layer);
  });
  if (layers.at(-1)?.activation !== "none") {
    throw new FloatNetworkError(
      layers.length === 0 ? "The network has no layers" : "The last layer has an activation",
      'A classifier ends with a dense layer with the activation "none" that gives the class scores',
    );
  }
  return { layers };
}

function checkedLayer(part: FloatLayerParts, name: string): FloatLayer {
  const { inputs, outputs, activation } = part;
  if (part.weights.length !== inputs * outputs || part.biases.length !== outputs || inputs < 1 || outputs < 1) {
    throw new FloatNetworkError(
      `${name} has ${part.weights.length} weights and ${part.biases.length} biases for ${inputs} inputs and ${outputs} outputs`,
      "A dense layer has inputs x outputs weights and one bias for each output",
    );
  }
  const weights = Float64Array.from(part.weights);
  const biases = Float64Array.from(part.biases);
  if (!weights.every(Number.isFinite) || !biases.every(Number.isFinite)) {
    throw new FloatNetworkError(`${name} has a weight or bias that is not finite`, "Train the network again");
  }
  return { inputs, outputs, weights, biases, activation };
}

function mergeLayers(first: FloatLayer, second: FloatLayer): FloatLayer {
  if (first.inputs * second.outputs > MAX_PARAMETERS) {
    throw new FloatNetworkError(
      `Two layers without an activation between them merge into one of ${first.inputs} x ${second.outputs} weights`,
      `Use at most ${MAX_PARAMETERS} parameters`,
    );
  }
  const weights = new Float64Array(second.outputs * first.inputs);
  const biases = Float64Array.from(second.biases);
  for (let j = 0; j < second.outputs; j++) {
    for (let m = 0; m < second.inputs; m++) {
      const factor = second.weights[j * second.inputs + m] as number;
      biases[j] = (biases[j] as number) + factor * (first.biases[m] as number);
      for (let k = 0; k < first.inputs; k++) {
        const at = j * first.inputs + k;
        weights[at] = (weights[at] as number) + factor * (first.weights[m * first.inputs + k] as number);
      }
    }
  }
  return { inputs: first.inputs, outputs: second.outputs, weights, biases, activation: second.activation };
}

/** W x + b of one layer. */
export function preActivations(layer: FloatLayer, inputs: ArrayLike<number>): Float64Array {
  const z = Float64Array.from(layer.biases);
  for (let j = 0; j < layer.outputs; j++) {
    const start = j * layer.inputs;
    let sum = z[j] as number;
    for (let k = 0; k < layer.inputs; k++) sum += (layer.weights[start + k] as number) * (inputs[k] as number);
    z[j] = sum;
  }
  return z;
}

/**
 * The logits of one row.
 * @throws FloatNetworkError when the row has the wrong width
 */
export function floatOutputs(network: FloatNetwork, row: ArrayLike<number>): Float64Array {
  const width = floatInputCount(network);
  if (row.length !== width) {
    throw new FloatNetworkError(
      `The row has ${row.length} features, the network takes ${width}`,
      "Give rows of that width",
    );
  }
  let values = row;
  let z = new Float64Array();
  for (const layer of network.layers) {
    z = preActivations(layer, values) as Float64Array<ArrayBuffer>;
    values = z.map((value) => activate(layer.activation, value));
  }
  return z;
}

function activate(activation: Activation, z: number): number {
  if (activation === "none") return z;
  return activation === "square" ? z * z : Math.max(z, 0);
}

/** The class with the largest logit; the lowest index wins ties, as in the integer network. */
export function predictFloat(network: FloatNetwork, row: ArrayLike<number>): number {
  const logits = floatOutputs(network, row);
  return logits.indexOf(Math.max(...logits));
}

export function floatInputCount(network: FloatNetwork): number {
  return network.layers[0]?.inputs ?? 0;
}

export function floatOutputCount(network: FloatNetwork): number {
  return network.layers.at(-1)?.outputs ?? 0;
}

/**
 * Rewrites a network on u into one on v, where u_k = factors[k] * v_k + offsets[k]: the first layer absorbs the map.
 * @param factors one for every feature, or a single one for all; the same for `offsets`
 * @throws FloatNetworkError for another count, or numbers that are not finite
 */
export function substituteInputs(
  network: FloatNetwork,
  factors: readonly number[],
  offsets: readonly number[],
): FloatNetwork {
  const [first, ...rest] = network.layers as [FloatLayer, ...FloatLayer[]];
  for (const [name, values] of [["factors", factors] as const, ["offsets", offsets] as const]) {
    if (values.length !== 1 && values.length !== first.inputs) {
      throw new FloatNetworkError(
        `There are ${values.length} input ${name} for a network with ${first.inputs} inputs`,
        "Give one for each input, or a single one for all",
      );
    }
  }
  const weights = Float64Array.from(first.weights);
  const biases = Float64Array.from(first.biases);
  for (let j = 0; j < first.outputs; j++) {
    for (let k = 0; k < first.inputs; k++) {
      const weight = first.weights[j * first.inputs + k] as number;
      weights[j * first.inputs + k] = weight * ((factors.length === 1 ? factors[0] : factors[k]) as number);
      biases[j] = (biases[j] as number) + weight * ((offsets.length === 1 ? offsets[0] : offsets[k]) as number);
    }
  }
  return createFloatNetwork([{ ...first, weights, biases }, ...rest]);
}
