import { createNetwork, type Network } from "@zkcmp/network/network";
import type { OutputReading } from "@zkcmp/network/output-reading";
import type { NetworkShape } from "@zkcmp/network/shape";
import { MODEL_BITS, roundBounds } from "./bounds.ts";
import type { RoundShape } from "./round-shape.ts";
import type { Coefficients } from "./utility.ts";

/** The shape of the network that a round trains: one linear layer on the unsigned feature digits. */
export function trainedShape(shape: RoundShape): NetworkShape {
  const { features, outputs, dataBits } = shape;
  const biasShift = dataBits - 1 + roundBounds(shape).biasDroppedBits;
  return {
    inputBits: dataBits,
    weightBits: MODEL_BITS,
    layers: [{ inputs: features, outputs, activation: "none", shift: 0, biasShift }],
  };
}

/** One unit of a target digit in the trained network's output: 2^(16 - integerBits). */
export function outputUnit(shape: RoundShape): number {
  return 2 ** (MODEL_BITS - shape.integerBits);
}

/** How the output of a regression reads as a target digit; null for classes. */
export function trainedReading(shape: RoundShape): OutputReading | null {
  return shape.outputs === 1 ? { multiplier: outputUnit(shape), offset: Number(roundBounds(shape).halfRange) } : null;
}

/** Real units of one unit of the output. @param targetScale digits to one real unit of the target */
export function trainedScale(shape: RoundShape, targetScale: number): number {
  return 1 / (outputUnit(shape) * targetScale);
}

/**
 * The coefficients of the grand coalition as a network of 16-bit weights, rounded as the round's circuit does. Its output is
 * (target digit - X) * 2^(16 - integerBits), up to rounding; inputs are the unsigned feature digits.
 *
 * Digits of classes are measured from the class's prior, and the network does not add the priors back: M commits to what
 * was trained. Where they are unequal, the highest output (what a sale's accuracy counts) is not the likeliest class:
 * rare ones win too often. Whoever uses the network adds them: z * scale + prior.
 * @param theta d x k, within the round's coefficient bits
 * @param targetScale digits to one real unit of the target, so that the network's scale gives real units above the offset
 * @throws NetworkError for coefficients outside their bits
 */
export function modelOf(shape: RoundShape, theta: Coefficients, targetScale = 1): Network {
  const { droppedBits, biasDroppedBits } = roundBounds(shape);
  const dropped = BigInt(droppedBits);
  const biasDropped = BigInt(droppedBits + biasDroppedBits);
  const outputs = Array.from({ length: shape.outputs }, (_, c) => theta.map((row) => row[c]!));
  const weights = outputs.map((column) => column.slice(1).map((value) => roundedShift(value, dropped)));
  const biases = outputs.map((column, c) => {
    // The digits are unsigned: what the weights make of X has to come off the intercept.
    const sum = weights[c]!.reduce((total, weight) => total + weight, 0n);
    return roundedShift(column[0]! - (sum << dropped), biasDropped);
  });
  return createNetwork(
    trainedShape(shape),
    [{ weights: weights.flat().map(Number), biases: biases.map(Number) }],
    [trainedScale(shape, targetScale)],
    trainedReading(shape) ?? undefined,
  );
}

/** floor(value / 2^bits + 1/2), bits >= 1 */
function roundedShift(value: bigint, bits: bigint): bigint {
  return (value + (1n << (bits - 1n))) >> bits;
}
