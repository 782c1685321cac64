import { ZkcmpError } from "@zkcmp/field/error";
import { factorial, roundBounds, VALUE_BITS } from "./bounds.ts";
import { MAX_PROVIDERS, type RoundShape } from "./round-shape.ts";

/** Utilities that are not one for each coalition, or values that are out of their range. */
export class ShapleyError extends ZkcmpError {}

/** Values that one public signal takes. */
const VALUES_PER_WORD = 4;

/**
 * Shapley values (L. S. Shapley, "A value for n-person games", 1953) times n!, exactly:
 * N_i = sum over S without i of |S|! (n - |S| - 1)! (v(S + i) - v(S)).
 * @param utilities v by bit mask of the coalition, 2^players entries
 * @returns one numerator a player; all of them add up to n! (v(all) - v(none))
 * @throws ShapleyError unless there are 2^players utilities
 */
export function shapleyNumerators(utilities: readonly bigint[], players: number): bigint[] {
  if (utilities.length !== 2 ** players) {
    throw new ShapleyError(
      `There are ${utilities.length} utilities for ${players} players`,
      "Give one for each of the 2^players coalitions, the empty one first.",
    );
  }
  const weights = Array.from({ length: players }, (_, size) => factorial(size) * factorial(players - size - 1));
  const numerators = new Array<bigint>(players).fill(0n);
  utilities.forEach((utility, mask) => {
    const size = coalitionSize(mask);
    // As the coalition with i it counts |S - i|! (n - |S|)!, as the coalition without i the weight of its own size.
    const gained = size === 0 ? 0n : weights[size - 1]! * utility;
    const lost = size === players ? 0n : weights[size]! * utility;
    for (let i = 0; i < players; i++) {
      if ((mask >> i) & 1) numerators[i]! += gained;
      else numerators[i]! -= lost;
    }
  });
  return numerators;
}

/** The same for any game of up to 20 players, given as a function of the coalition's bit mask. */
export function shapleyNumeratorsOf(players: number, utility: (coalition: number) => bigint): bigint[] {
  if (!Number.isInteger(players) || players < 1 || players > 20) {
    throw new ShapleyError(
      `Exact Shapley values of ${players} players`,
      "Give 1 to 20 players, or sample permutations.",
    );
  }
  return shapleyNumerators(
    Array.from({ length: 2 ** players }, (_, mask) => utility(mask)),
    players,
  );
}

/** Number of players in a coalition. */
export function coalitionSize(mask: number): number {
  let size = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) size++;
  return size;
}

/** The published values floor(N_i / 2^T), signed integers of 62 bits. */
export function valuesOf(shape: RoundShape, numerators: readonly bigint[]): bigint[] {
  const shift = BigInt(roundBounds(shape).valueShift);
  return numerators.map((numerator) => numerator >> shift);
}

/**
 * The three public signals that hold a round's values: word w = sum over i = 4w .. 4w+3 of (value_i + 2^61) 2^(62 (i - 4w)).
 * Slots without a value count as 0.
 * @param values at most 12
 * @throws ShapleyError for a value outside [-2^61, 2^61)
 */
export function valueWords(values: readonly bigint[]): bigint[] {
  const offset = 1n << BigInt(VALUE_BITS - 1);
  if (values.length > MAX_PROVIDERS) {
    throw new ShapleyError(`There are ${values.length} values`, `A round has at most ${MAX_PROVIDERS} providers.`);
  }
  const words = new Array<bigint>(MAX_PROVIDERS / VALUES_PER_WORD).fill(0n);
  for (let i = 0; i < MAX_PROVIDERS; i++) {
    const digit = (values[i] ?? 0n) + offset;
    if (digit < 0n || digit >> BigInt(VALUE_BITS) !== 0n) {
      throw new ShapleyError(
        `The value of provider ${i + 1} does not fit ${VALUE_BITS} bits`,
        "Compute it from the round's own numerators.",
      );
    }
    words[Math.floor(i / VALUES_PER_WORD)]! += digit << BigInt(VALUE_BITS * (i % VALUES_PER_WORD));
  }
  return words;
}
