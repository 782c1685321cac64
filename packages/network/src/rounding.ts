import type { FloatLayer } from "./float-network.ts";
import { MAX_SHIFT } from "./shape.ts";

/** The weights of a layer as integers: real weight = integer * scale, up to rounding and clipping. */
export interface RoundedWeights {
  readonly integers: Int32Array;
  readonly scale: number;
  /** Share of the weights beyond the largest integer, which were clipped to it. */
  readonly clipped: number;
}

export interface RoundedBiases {
  readonly integers: Int32Array;
  readonly biasShift: number;
}

/** Clipping the largest weights makes the steps of all others finer, which pays below about 6 bits. */
const CLIP_SHARES = Array.from({ length: 17 }, (_, i) => 1 - i / 20);

function largestInteger(weightBits: number): number {
  return 2 ** (weightBits - 1) - 1;
}

/**
 * Rounds the weights symmetrically, to [-(2^(bits-1) - 1), 2^(bits-1) - 1], with the scale whose squared error is
 * smallest when the error on input k counts by that input's mean square.
 */
export function roundWeights(layer: FloatLayer, meanSquares: Float64Array, weightBits: number): RoundedWeights {
  const largest = layer.weights.reduce((maximum, weight) => Math.max(maximum, Math.abs(weight)), 0);
  const limit = largestInteger(weightBits);
  // Below this, scales would underflow to 0.
  if (largest < 1e-300) return { integers: new Int32Array(layer.weights.length), scale: 1, clipped: 0 };
  // An input that is 0 on all calibration rows may differ on others, so its weights count a little.
  const floor = meanSquares.reduce((sum, value) => sum + value, 0) / (1000 * meanSquares.length) || 1;
  const importance = meanSquares.map((value) => value + floor);
  let best = { scale: largest / limit, error: Infinity };
  for (const share of CLIP_SHARES) {
    const scale = (share * largest) / limit;
    let error = 0;
    for (let at = 0; at < layer.weights.length; at++) {
      const weight = layer.weights[at] as number;
      error += (importance[at % layer.inputs] as number) * (weight - scale * nearest(weight / scale, limit)) ** 2;
    }
    if (error < best.error) best = { scale, error };
  }
  return roundWeightsTo(layer, best.scale, weightBits);
}

/** Rounds the weights with a scale that is given. */
export function roundWeightsTo(layer: FloatLayer, scale: number, weightBits: number): RoundedWeights {
  const limit = largestInteger(weightBits);
  const clipped = layer.weights.filter((weight) => Math.abs(weight) / scale > limit + 0.5).length;
  return {
    integers: Int32Array.from(layer.weights, (weight) => nearest(weight / scale, limit)),
    scale,
    clipped: clipped / layer.weights.length,
  };
}

/**
 * Rounds biases, given in units of the layer's integers, to weightBits-bit integers times the smallest power of two
 * that fits them all.
 */
export function roundBiases(biases: Float64Array, weightBits: number): RoundedBiases {
  const limit = largestInteger(weightBits);
  let biasShift = 0;
  while (biasShift < MAX_SHIFT && biases.some((bias) => Math.abs(Math.round(bias / 2 ** biasShift)) > limit))
    biasShift++;
  return { integers: Int32Array.from(biases, (bias) => nearest(bias / 2 ** biasShift, limit)), biasShift };
}

function nearest(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, Math.round(value)));
}
