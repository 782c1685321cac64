import { ZkcmpError } from "@zkcmp/field/error";
import { createFloatNetwork, type FloatNetwork } from "./float-network.ts";

/**
 * How a real target becomes an unsigned digit of `bits` bits: floor((y - offset) * scale + 1/2), clipped to [0, 2^bits).
 * It is part of a published encoding, in IEEE double arithmetic as everything there.
 */
export interface TargetEncoding {
  readonly bits: number;
  readonly offset: number;
  readonly scale: number;
}

/** A target encoding that contradicts itself, or a target that is not a finite number. */
export class TargetEncodingError extends ZkcmpError {}

/** The checked constructor. @throws TargetEncodingError */
export function createTargetEncoding(encoding: TargetEncoding): TargetEncoding {
  const { bits, offset, scale } = encoding;
  if (!Number.isInteger(bits) || bits < 2 || bits > 16) {
    throw new TargetEncodingError(`The targets have ${bits} bits`, "Targets take 2 to 16 bits");
  }
  if (!Number.isFinite(offset) || !Number.isFinite(scale) || scale <= 0) {
    throw new TargetEncodingError(
      "The target's offset must be finite, its scale finite and positive",
      "Fit the encoding again",
    );
  }
  return { bits, offset, scale };
}

/**
 * Maps the middle half of the digits to the targets' range, so that targets somewhat outside of it are not clipped.
 * @throws TargetEncodingError for no targets, or targets that are all equal or not finite
 */
export function fitTargetEncoding(targets: ArrayLike<number>, bits: number): TargetEncoding {
  const values = Array.from(targets);
  const [low, high] = [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  if (!(high > low)) {
    throw new TargetEncodingError("The targets do not differ", "Give rows with different targets");
  }
  const scale = 2 ** (bits - 1) / (high - low);
  return createTargetEncoding({ bits, offset: low - 2 ** (bits - 2) / scale, scale });
}

/** Whether the target lies outside of what the digits cover, by more than rounding. */
export function isClipped({ bits, offset, scale }: TargetEncoding, target: number): boolean {
  const digit = Math.floor((target - offset) * scale + 0.5);
  return digit < 0 || digit >= 2 ** bits;
}

/** @throws TargetEncodingError unless the target is a finite number */
export function encodeTarget({ bits, offset, scale }: TargetEncoding, target: number): number {
  if (!Number.isFinite(target)) {
    throw new TargetEncodingError("A target is not a finite number", "Fill in or leave out such rows");
  }
  return Math.min(Math.max(Math.floor((target - offset) * scale + 0.5), 0), 2 ** bits - 1);
}

/** The middle digit, which an output of 0 stands for: public, and near the targets' mean in a fitted encoding. */
export function middleDigit({ bits }: TargetEncoding): number {
  return 2 ** (bits - 1);
}

/**
 * Turns a network with one output in real target units into one whose output is the digit less the middle digit.
 * @throws TargetEncodingError when the network has several outputs
 */
export function foldTarget(network: FloatNetwork, target: TargetEncoding): FloatNetwork {
  const last = network.layers.at(-1)!;
  if (last.outputs !== 1) {
    throw new TargetEncodingError(`The network has ${last.outputs} outputs`, "A regression network has one");
  }
  const { offset, scale } = target;
  const biases = last.biases.map((bias) => (bias - offset) * scale - middleDigit(target));
  return createFloatNetwork([
    ...network.layers.slice(0, -1),
    { ...last, weights: last.weights.map((weight) => weight * scale), biases },
  ]);
}
