import { type NetworkShape, ShapeError } from "./shape.ts";

/** Worst-case bounds of one layer. Every row inside the declared input bits and every set of weights keeps them. */
export interface LayerBounds {
  /** The largest value an input of this layer takes (inputs are never negative). */
  readonly inputMax: bigint;
  /** |z| <= zMax, and so is every partial sum. */
  readonly zMax: bigint;
  /** B, the bit length of zMax: z lies in [-2^B, 2^B). */
  readonly magnitudeBits: number;
  /** The largest output: (2^B - 1) >> shift for relu, 2^(2B) for square, 2^B - 1 for the last layer. */
  readonly hMax: bigint;
}

/** No bound may pass 2^250, so that sums and comparisons never wrap around in the BN254 scalar field. */
export const MAX_BOUND_BITS = 250;

/**
 * Worst-case bounds, layer by layer, from the shape alone. Never from the weights or from activations seen on data:
 * bounds fitted to data make an honest proof fail on one large row, and show the verifier how large the weights are.
 * @throws ShapeError when a bound passes 2^250, or when a shift leaves nothing of a layer's output
 */
export function layerBounds(shape: NetworkShape): LayerBounds[] {
  const weightMax = 1n << BigInt(shape.weightBits - 1);
  let inputMax = (1n << BigInt(shape.inputBits)) - 1n;
  return shape.layers.map((layer, index) => {
    const zMax = BigInt(layer.inputs) * weightMax * inputMax + (weightMax << BigInt(layer.biasShift));
    const magnitudeBits = zMax.toString(2).length;
    const bits = BigInt(magnitudeBits);
    const isSquare = layer.activation === "square";
    const hMax = isSquare ? 1n << (2n * bits) : ((1n << bits) - 1n) >> BigInt(layer.shift);
    const reachedBits = isSquare ? 2 * magnitudeBits : magnitudeBits;
    if (reachedBits > MAX_BOUND_BITS) {
      throw new ShapeError(
        `Layer ${index + 1} can reach 2^${reachedBits}, above the limit 2^${MAX_BOUND_BITS}`,
        "Use fewer or narrower layers, fewer bits, larger shifts, or relu in the place of square",
      );
    }
    if (hMax === 0n) {
      throw new ShapeError(
        `Layer ${index + 1} shifts ${layer.shift} bits away, but its values have only ${magnitudeBits} bits`,
        "Use a smaller shift",
      );
    }
    const bounds = { inputMax, zMax, magnitudeBits, hMax };
    inputMax = hMax;
    return bounds;
  });
}

/** True when every value and partial sum of the network is an integer that a double holds exactly. */
export function fitsDouble(shape: NetworkShape): boolean {
  return layerBounds(shape).every(({ zMax, hMax }) => zMax < 1n << 53n && hMax < 1n << 53n);
}
