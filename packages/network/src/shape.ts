import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";

/** Hidden layers are `relu` or `square`, the last layer is `none`. */
export type Activation = "relu" | "square" | "none";

/**
 * One dense layer: z_j = sum_k W[j][k] x_k + b[j] * 2^biasShift, then
 * relu: h = z >= 0 ? floor(z / 2^shift) : 0; square: h = z * z (shift 0); none: y = z (shift 0).
 */
export interface LayerShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  readonly shift: number;
  readonly biasShift: number;
}

/** Everything about an integer network that is public before its weights are: inputs are unsigned `inputBits`-bit integers. */
export interface NetworkShape {
  readonly inputBits: number;
  readonly weightBits: number;
  readonly layers: readonly LayerShape[];
}

/** A network shape that breaks one of the rules of the integer network. */
export class ShapeError extends ZkcmpError {}

export const MAX_LAYERS = 32;
export const MAX_WIDTH = 1 << 16;
export const MAX_PARAMETERS = 1 << 26;
export const MAX_SHIFT = 250;

const width = z.int().min(1).max(MAX_WIDTH);
const shift = z.int().min(0).max(MAX_SHIFT);

const layerShapeSchema = z.strictObject({
  inputs: width,
  outputs: width,
  activation: z.enum(["relu", "square", "none"]),
  shift,
  biasShift: shift,
});

/** The structure alone; use {@link parseNetworkShape}, which also checks how the layers fit together. */
export const networkShapeSchema = z.strictObject({
  inputBits: z.int().min(1).max(16),
  weightBits: z.int().min(2).max(16),
  layers: z.array(layerShapeSchema).min(1).max(MAX_LAYERS),
});

/**
 * Checks an untrusted value and returns it as a network shape. Worst-case bounds are checked by `layerBounds`.
 * @throws ShapeError naming the field or layer that is wrong
 */
export function parseNetworkShape(value: unknown): NetworkShape {
  const parsed = networkShapeSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? "the shape" : issue.path.join(".");
    throw new ShapeError(
      `Network shape: ${where}: ${issue?.message ?? "invalid"}`,
      "Weights take 2 to 16 bits, inputs 1 to 16 bits, and every layer names inputs, outputs, activation, shift and biasShift",
    );
  }
  const shape = parsed.data;
  shape.layers.forEach((layer, index) => checkLayer(shape.layers, layer, index));
  const parameters = parameterCount(shape);
  if (parameters > MAX_PARAMETERS) {
    throw new ShapeError(`The network has ${parameters} parameters`, `Use at most ${MAX_PARAMETERS}`);
  }
  return shape;
}

function checkLayer(layers: readonly LayerShape[], layer: LayerShape, index: number): void {
  const name = `Layer ${index + 1}`;
  const next = layers[index + 1];
  if (next === undefined) {
    if (layer.activation !== "none") {
      throw new ShapeError(
        `${name} is the last one and has the activation "${layer.activation}"`,
        'The last layer gives the class scores, so its activation must be "none"',
      );
    }
  } else {
    if (layer.activation === "none") {
      throw new ShapeError(
        `${name} is a hidden layer and has the activation "none"`,
        'Give it "relu" or "square", or merge it with the next layer',
      );
    }
    if (next.inputs !== layer.outputs) {
      throw new ShapeError(
        `${name} has ${layer.outputs} outputs, but layer ${index + 2} has ${next.inputs} inputs`,
        "Make the two numbers equal",
      );
    }
  }
  if (layer.activation !== "relu" && layer.shift !== 0) {
    throw new ShapeError(
      `${name} has the activation "${layer.activation}" and shift ${layer.shift}`,
      "Only relu layers are rescaled; set the shift to 0",
    );
  }
}

/** Number of weights and biases. */
export function parameterCount(shape: NetworkShape): number {
  return shape.layers.reduce((sum, layer) => sum + (layer.inputs + 1) * layer.outputs, 0);
}

/** Number of classes, or of real outputs: the width of the last layer. */
export function outputCount(shape: NetworkShape): number {
  return shape.layers.at(-1)?.outputs ?? 0;
}

/** Number of features of a row. */
export function inputCount(shape: NetworkShape): number {
  return shape.layers[0]?.inputs ?? 0;
}

/**
 * A short name that two shapes share only if they are equal: widths, hidden activations with their shifts, weight and
 * input bits, and the bias shifts unless all are 0. Examples: `196-16-10-relu8-w8-x8`, `4-8-2-square0-w8-x8-b6.9`.
 */
export function shapeId(shape: NetworkShape): string {
  const widths = [inputCount(shape), ...shape.layers.map((layer) => layer.outputs)];
  const activations = shape.layers.slice(0, -1).map((layer) => `${layer.activation}${layer.shift}`);
  const biasShifts = shape.layers.map((layer) => layer.biasShift);
  const bias = biasShifts.some((value) => value !== 0) ? [`b${biasShifts.join(".")}`] : [];
  return [...widths, ...activations, `w${shape.weightBits}`, `x${shape.inputBits}`, ...bias].join("-");
}
