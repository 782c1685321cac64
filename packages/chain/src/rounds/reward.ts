import { equalWeights, rewardOf, type Weights, weightsOf } from "@zkcmp/shapley/rewards";
import { type Round } from "./rewards-contract.ts";
import { RoundError } from "./round-error.ts";
import type { RoundHistory } from "./round-history.ts";

/** How the pool of a round is split, computed here from what was proven; null while that is open. */
export function weightsOfRound(stored: Round, { submission, registrations }: RoundHistory): Weights | null {
  if (stored.providers === 0) return null;
  if (submission !== null) {
    const weights = weightsOf(submission.result.values, stored.slack);
    if (weights.equal !== submission.equal || weights.total !== submission.totalWeight) {
      throw new RoundError(
        "the contract's weights are not those of the values that were proven",
        "Do not use this round; please report it.",
      );
    }
    return weights;
  }
  return stored.state === "equal" ? equalWeights(registrations.length) : null;
}

/** What the provider in a slot has earned of the pool so far, claimed or not. 0 while nothing is decided. */
export function earnedBy(stored: Round, weights: Weights | null, slot: number): bigint {
  return weights === null ? 0n : rewardOf(stored.pool, weights, slot);
}
