import { SLACK_FACTOR } from "./bounds.ts";

/** How a pool is split; the contract computes the same. */
export interface Weights {
  /** One a provider, never negative. */
  readonly weights: readonly bigint[];
  /** Sum of the weights. */
  readonly total: bigint;
  /** True if the values are too small against the slack to tell the providers apart, and all get the same. */
  readonly equal: boolean;
}

/** Rewards of a pool, and what rounding leaves over. */
export interface Rewards {
  readonly rewards: readonly bigint[];
  readonly dust: bigint;
}

/**
 * The positive parts of the values as weights; all 1 if their sum is below 1000 times the slack, since a prover's rounding
 * could then move more than 0.1 % of the pool (docs/rewards.md).
 * @param values one a provider, at least one
 * @param slack in units of a value, at least 1
 */
export function weightsOf(values: readonly bigint[], slack: bigint): Weights {
  const weights = values.map((value) => (value > 0n ? value : 0n));
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total >= SLACK_FACTOR * slack) return { weights, total, equal: false };
  return equalWeights(values.length);
}

/** The split of a round without a submission in time. */
export function equalWeights(providers: number): Weights {
  return { weights: new Array<bigint>(providers).fill(1n), total: BigInt(providers), equal: true };
}

/** All that provider `index` has earned of a pool so far: floor(pool * w / W). The pool only grows, and so does this. */
export function rewardOf(pool: bigint, { weights, total }: Weights, index: number): bigint {
  return (pool * weights[index]!) / total;
}

/** The rewards of all providers; they and the dust add up to the pool. */
export function rewardsOf(pool: bigint, weights: Weights): Rewards {
  const rewards = weights.weights.map((_, index) => rewardOf(pool, weights, index));
  return { rewards, dust: rewards.reduce((left, reward) => left - reward, pool) };
}
