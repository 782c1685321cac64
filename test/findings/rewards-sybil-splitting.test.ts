import { expect } from "chai";
import { shapleyNumeratorsOf } from "@zkcmp/shapley/shapley-values";
import {
  ethers,
  fundRound,
  networkHelpers,
  POOL,
  registeredRound,
  standardWorld,
  submitRound,
} from "../rewards/fixture.ts";

/**
 * The attack: one provider registers its rows under two names. More rows of a kind are worth less each, and the first of them is
 * counted once for each name, so that the two together earn more than the one did.
 * Not refused: Shapley values are fair to names, not to people, and a contract cannot tell two people from two addresses of one.
 * Shown here, and documented. What limits it: the owner gives receipts, may know the providers, and there are at most 12 slots.
 */
describe("finding: Sybil splitting (shown, not solved)", () => {
  /** What a model of so many bundles of rows is worth: each bundle adds less than the one before. */
  const worth = [0n, 100n, 140n, 160n, 170n];

  /** Shapley values, times a factor that changes no share, of players who hold so many bundles each. */
  function valuesOf(bundles: readonly number[]): bigint[] {
    return shapleyNumeratorsOf(bundles.length, (mask) => {
      return worth[bundles.reduce((sum, count, i) => sum + (mask & (1 << i) ? count : 0), 0)]!;
    });
  }

  async function rewardsFor(bundles: readonly number[]): Promise<bigint[]> {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), bundles.length);
    await fundRound(round);
    const unit = 1_000n * round.slack;
    const result = await submitRound(
      round,
      valuesOf(bundles).map((value) => value * unit),
    );
    const paid: bigint[] = [];
    for (const provider of round.providers.slice(0, bundles.length)) {
      const due = await round.rewards.claimable(round.roundId, provider, result);
      await expect(round.rewards.claimFor(round.roundId, result, provider)).to.changeEtherBalance(
        ethers,
        provider,
        due,
      );
      paid.push(due);
    }
    return paid;
  }

  it("pays two names more than one for the same rows", async () => {
    const [whole, other] = await rewardsFor([2, 2]);
    expect([whole, other]).to.deep.equal([POOL / 2n, POOL / 2n]);
    const [first, second] = await rewardsFor([1, 1, 2]);
    expect(first! + second! > (POOL * 54n) / 100n).to.equal(true);
  });
});
