import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { ZkcmpError } from "@zkcmp/field/error";
import { fromHex, type Hex } from "@zkcmp/sale/hex";
import { addGrams, type Gram } from "./gram.ts";
import { solveRidge } from "./ridge.ts";
import { utilityOf } from "./utility.ts";

/** A game whose coalitions are built up player by player, so that each step can reuse the one before. */
export interface Game<Coalition> {
  readonly players: number;
  readonly empty: Coalition;
  readonly join: (coalition: Coalition, player: number) => Coalition;
  readonly utility: (coalition: Coalition) => bigint;
}

export interface SamplingPlan {
  /** The largest error of any player's estimate, as a share of the range of the utilities. */
  readonly epsilon: number;
  /** The probability that some estimate errs by more, between 0 and 1. */
  readonly delta: number;
}

/** Sampled Shapley values. */
export interface SampledValues {
  readonly permutations: number;
  /** What the permutations that were drawn guarantee; epsilon is at most the one asked for. */
  readonly epsilon: number;
  readonly delta: number;
  /** Sum of a player's marginal contributions over all permutations, exactly. All add up to permutations * (v(all) - v(none)). */
  readonly sums: readonly bigint[];
  /** Mean contribution as a share of the range. */
  readonly shares: readonly number[];
  /** How many utilities lay outside the range and were clipped. */
  readonly clipped: number;
}

/** A plan, range or seed that sampling cannot be honest with. */
export class PermutationSamplingError extends ZkcmpError {}

/**
 * Permutations that make every estimate right within epsilon at once, but for a probability of delta. A marginal contribution
 * lies in [-1, 1] times the range, so by Hoeffding's inequality (J. Am. Stat. Assoc. 58, 1963) and the union bound
 * 2 P exp(-T epsilon^2 / 2) <= delta.
 * @throws PermutationSamplingError for epsilon > 1 / (4 players): a fair share could not be told from nothing
 */
export function permutationCount(players: number, { epsilon, delta }: SamplingPlan): number {
  if (!(epsilon > 0) || epsilon > 1 / (4 * players)) {
    throw new PermutationSamplingError(
      `epsilon is ${epsilon} with ${players} players`,
      `Give at most 1 / (4 players) = ${1 / (4 * players)}: a larger error could hide a fair share.`,
    );
  }
  if (!(delta > 0 && delta < 1)) {
    throw new PermutationSamplingError(`delta is ${delta}`, "Give a probability between 0 and 1.");
  }
  return Math.ceil((2 * Math.log((2 * players) / delta)) / epsilon ** 2);
}

/** The error that so many permutations guarantee with probability 1 - delta: the inverse of {@link permutationCount}. */
export function samplingError(players: number, permutations: number, delta: number): number {
  return Math.sqrt((2 * Math.log((2 * players) / delta)) / permutations);
}

/** A uniform integer below `bound`, at most 2^32, from 32-bit words; words that would favour small values are skipped. */
export function uniformInteger(bound: number, nextWord: () => number): number {
  const limit = Math.floor(2 ** 32 / bound) * bound;
  for (;;) {
    const word = nextWord();
    if (word < limit) return word % bound;
  }
}

/**
 * The permutation of 0 .. players - 1 that a seed draws at position `index`: Fisher-Yates over SHA-256 in counter mode.
 */
export function permutationOf(seed: Hex, index: number, players: number): number[] {
  let counter = 0;
  let words: number[] = [];
  const nextWord = (): number => {
    if (words.length === 0) {
      const block = new CanonicalEncoder("zkcmp/permutation/v1")
        .bytes(fromHex(seed))
        .unsigned(index, 6)
        .unsigned(counter++, 4)
        .digest();
      const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
      words = Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i));
    }
    return words.pop()!;
  };
  const order = Array.from({ length: players }, (_, player) => player);
  for (let i = players - 1; i > 0; i--) {
    const j = uniformInteger(i + 1, nextWord);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/**
 * Estimates Shapley values from random orders of the players (J. Castro, D. Gomez and J. Tejada, "Polynomial calculation of the
 * Shapley value based on sampling", 2009). Utilities are clipped to the declared range; the guarantee is about the clipped game.
 * @param seed 32 bytes that nobody could choose or foresee while the players were still being registered
 * @param range smallest and largest utility, declared before the seed is known; 0 must lie in it, and it must not be empty
 * @throws PermutationSamplingError
 */
export function sampleValues<Coalition>(
  game: Game<Coalition>,
  seed: Hex,
  range: readonly [bigint, bigint],
  plan: SamplingPlan,
): SampledValues {
  const { players } = game;
  const [low, high] = range;
  if (low > 0n || high < 0n || low === high) {
    throw new PermutationSamplingError("The range of utilities must hold 0 and more", "Declare a range around 0.");
  }
  if (fromHex(seed).length !== 32) {
    throw new PermutationSamplingError("The seed does not have 32 bytes", "Give the seed of the block.");
  }
  const permutations = permutationCount(players, plan);
  const sums = new Array<bigint>(players).fill(0n);
  let clipped = 0;
  const utility = (coalition: Coalition): bigint => {
    const exact = game.utility(coalition);
    if (exact >= low && exact <= high) return exact;
    clipped++;
    return exact < low ? low : high;
  };
  const none = utility(game.empty);
  for (let index = 0; index < permutations; index++) {
    let coalition = game.empty;
    let before = none;
    for (const player of permutationOf(seed, index, players)) {
      coalition = game.join(coalition, player);
      const after = utility(coalition);
      sums[player]! += after - before;
      before = after;
    }
  }
  const unit = Number(high - low) * permutations;
  return {
    permutations,
    epsilon: samplingError(players, permutations, plan.delta),
    delta: plan.delta,
    sums,
    shares: sums.map((sum) => Number(sum) / unit),
    clipped,
  };
}

/**
 * The game of a round: a coalition is its rows' Gram matrix, its utility the drop of the validation loss.
 * @param providers Gram matrices, one a player
 */
export function roundGame(
  providers: readonly Gram[],
  validation: Gram,
  ridgeBits: number,
  fractionBits: number,
): Game<Gram | null> {
  return {
    players: providers.length,
    empty: null,
    join: (coalition, player) => (coalition === null ? providers[player]! : addGrams(coalition, providers[player]!)),
    utility: (coalition) =>
      coalition === null ? 0n : utilityOf(validation, solveRidge(coalition, ridgeBits, fractionBits), fractionBits),
  };
}
