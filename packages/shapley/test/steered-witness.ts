import { roundBounds, valueSlack } from "../src/bounds.ts";
import { coalitionGrams } from "../src/coalitions.ts";
import type { Gram } from "../src/gram.ts";
import { solveRidge } from "../src/ridge.ts";
import type { RoundShape } from "../src/round-shape.ts";
import { coalitionSize, shapleyNumerators } from "../src/shapley-values.ts";
import { type Coefficients, utilityOf } from "../src/utility.ts";

/** Bits beyond the round's own with which "exact" solutions are computed. */
const EXTRA_BITS = 100;

/** The residual that the circuit checks, e = (A + ridge I) theta - 2^f B. */
export function residualOf(gram: Gram, theta: Coefficients, ridgeBits: number, fractionBits: number): bigint[][] {
  return gram.features.map((row, j) =>
    gram.targets[j]!.map((target, c) => {
      const product = row.reduce((sum, value, l) => sum + value * theta[l]![c]!, theta[j]![c]! << BigInt(ridgeBits));
      return product - (target << BigInt(fractionBits));
    }),
  );
}

/** Whether the circuit takes these coefficients for a coalition of this size. */
export function isAccepted(
  shape: RoundShape,
  ridgeBits: number,
  gram: Gram,
  size: number,
  theta: Coefficients,
): boolean {
  const { coefficientBits, residualBits } = roundBounds(shape);
  const within = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value;
  return (
    theta.flat().every((value) => within(value, coefficientBits)) &&
    residualOf(gram, theta, ridgeBits, shape.fractionBits)
      .flat()
      .every((value) => within(value, residualBits(size)))
  );
}

/**
 * The accepted coefficients that push v(S) furthest in one direction (of a round with one output): from every corner of the
 * residual's box as far as it is accepted, and then uphill coordinate by coordinate.
 */
function steer(
  shape: RoundShape,
  ridgeBits: number,
  gram: Gram,
  size: number,
  validation: Gram,
  direction: 1n | -1n,
): Coefficients {
  const { coefficients: d, residualBits } = roundBounds(shape);
  const score = (theta: Coefficients): bigint => direction * utilityOf(validation, theta, shape.fractionBits);
  const accepted = (theta: Coefficients): boolean => isAccepted(shape, ridgeBits, gram, size, theta);
  const honest = solveRidge(gram, ridgeBits, shape.fractionBits);
  let best: Coefficients = honest;
  const offer = (theta: Coefficients): boolean => {
    const isBetter = score(theta) > score(best) && accepted(theta);
    if (isBetter) best = theta;
    return isBetter;
  };
  for (let corner = 0; corner < 2 ** d; corner++) {
    const edge = 1n << BigInt(residualBits(size) - 1);
    const targets = Array.from({ length: d }, (_, j) => [(corner >> j) & 1 ? edge : -edge]);
    // In units of 2^-16, so that the scaled step is not rounded twice.
    const step = solveRidge({ ...gram, targets }, ridgeBits, 16).flat();
    for (let share = 16n; share > 0n; share--) {
      offer(honest.map(([value], j) => [value! + ((step[j]! * share) >> 20n)]));
    }
  }
  for (let move = 1n << 44n; move > 0n; move >>= 1n) {
    for (let turn = 0; turn < 2 * d; turn++) {
      const delta = turn & 1 ? move : -move;
      const at = turn >> 1;
      // A concave or convex climb may take many steps of one size.
      for (let count = 0; count < 8; count++) {
        if (!offer(best.map(([value], j) => [j === at ? value! + delta : value!]))) break;
      }
    }
  }
  return best;
}

/** The published values of an exact and of a steered witness. */
export interface SteeredValues {
  readonly exact: readonly bigint[];
  readonly steered: readonly bigint[];
  /** By how much the favoured player's value was moved, as a share of sigma. */
  readonly tightness: number;
}

/** Pushes the value of one player up: the utility of every coalition with it up, of every other one down. */
export function steerValue(
  shape: RoundShape,
  ridgeBits: number,
  providers: readonly Gram[],
  validation: Gram,
  player: number,
): SteeredValues {
  const shift = BigInt(roundBounds(shape).valueShift);
  const grams = coalitionGrams(shape, providers);
  const finer = shape.fractionBits + EXTRA_BITS;
  const exactUtilities = grams.map((gram) => utilityOf(validation, solveRidge(gram, ridgeBits, finer), finer));
  const steeredUtilities = grams.map((gram, mask) => {
    if (mask === 0) return 0n;
    const direction = (mask >> player) & 1 ? 1n : -1n;
    const theta = steer(shape, ridgeBits, gram, coalitionSize(mask), validation, direction);
    return utilityOf(validation, theta, shape.fractionBits);
  });
  const valuesOf = (utilities: readonly bigint[], bits: bigint): bigint[] =>
    shapleyNumerators(utilities, providers.length).map((numerator) => numerator >> bits);
  const exact = valuesOf(exactUtilities, shift + BigInt(2 * EXTRA_BITS));
  const steered = valuesOf(steeredUtilities, shift);
  const moved = steered[player]! - exact[player]!;
  return { exact, steered, tightness: Number(moved) / Number(valueSlack(shape, ridgeBits)) };
}
