import { expect } from "chai";
import {
  ethers,
  fundRound,
  networkHelpers,
  POOL,
  registeredRound,
  standardWorld,
  State,
  stateOf,
  submitRound,
} from "../rewards/fixture.ts";

/**
 * The attack: Shapley values are kept as unsigned numbers. Rows that make a model worse have a negative value: read as unsigned
 * it is the largest of all and takes the whole pool, or the sum wraps around and the shares exceed the pool.
 * Refused because values are signed from the circuit to the claim, and only positive ones have weight. If there is none, the pool
 * is split equally: it is not stuck, and the owner does not get it back either.
 */
describe("finding: negative value", () => {
  it("pays nothing for it and does not count it against the others", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 3);
    const { rewards, roundId, providers, slack } = round;
    await fundRound(round);
    const result = await submitRound(round, [-1n, 1_000n * slack, 3_000n * slack]);
    await expect(rewards.claimFor(roundId, result, providers[0]!)).to.be.revertedWithCustomError(
      rewards,
      "NothingToClaim",
    );
    await expect(rewards.claimFor(roundId, result, providers[1]!)).to.changeEtherBalance(
      ethers,
      providers[1]!,
      POOL / 4n,
    );
    await expect(rewards.claimFor(roundId, result, providers[2]!)).to.changeEtherBalance(
      ethers,
      providers[2]!,
      (3n * POOL) / 4n,
    );
  });

  it("of everybody splits the pool equally", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 2);
    const { rewards, roundId, providers } = round;
    await fundRound(round);
    const result = await submitRound(round, [-(2n ** 61n), -5n]);
    expect(await stateOf(round)).to.equal(State.Equal);
    for (const provider of providers.slice(0, 2)) {
      await expect(rewards.claimFor(roundId, result, provider)).to.changeEtherBalance(ethers, provider, POOL / 2n);
    }
  });
});
