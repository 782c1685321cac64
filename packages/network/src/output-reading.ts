import * as z from "zod";
import { layerBounds } from "./bounds.ts";
import type { NetworkShape } from "./shape.ts";

/**
 * How the output z of a regression network reads as a target digit: digit = z / multiplier + offset. Both are public and
 * integers, so that a verifier can say in units of the output where each target lies.
 */
export interface OutputReading {
  /** Units of the output in one target digit, 1 to 2^53 - 1. */
  readonly multiplier: number;
  /** The digit that z = 0 stands for. Follows from the targets' bits, never from the weights: it is public. */
  readonly offset: number;
}

export const outputReadingSchema = z.strictObject({
  multiplier: z.int().min(1),
  offset: z
    .int()
    .min(0)
    .max(2 ** 16 - 1),
});

/** t = multiplier * (digit - offset): the output that would hit the target exactly. */
export function targetOutput({ multiplier, offset }: OutputReading, digit: number): bigint {
  return BigInt(multiplier) * BigInt(digit - offset);
}

/** The real-valued digit that an output stands for. */
export function readOutput({ multiplier, offset }: OutputReading, output: bigint): number {
  return Number(output) / multiplier + offset;
}

/** The largest |t| of all digits in [0, digits). */
export function largestTargetOutput(reading: OutputReading, digits: number): bigint {
  const [low, high] = [targetOutput(reading, 0), targetOutput(reading, digits - 1)];
  return -low > high ? -low : high;
}

/** Whether every target lies in [-2^B, 2^B], B bounding the output: else a proof has no room for its error. */
export function coversTargets(shape: NetworkShape, reading: OutputReading, digits: number): boolean {
  const { magnitudeBits } = layerBounds(shape).at(-1)!;
  return largestTargetOutput(reading, digits) <= 1n << BigInt(magnitudeBits);
}
