import { expect } from "chai";
import {
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  POOL,
  registeredRound,
  standardWorld,
  submitRound,
} from "../rewards/fixture.ts";

/**
 * The attack: a provider claims, and claims again: by itself and through a relayer, to another recipient, after a top-up, or after
 * the same proof was brought once more. Without a record of what was paid each of them pays in full.
 * Refused because a claim pays what is due of the pool so far less what was ever paid to this provider.
 */
describe("finding: double payment", () => {
  it("pays each share of each coin once, on whatever way it is claimed", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 2);
    const { rewards, roundId, providers, stranger } = round;
    const [provider, other] = providers;
    await fundRound(round, 300n);
    const result = await submitRound(round, goodValues(round));
    const refused = async () => {
      for (const claim of [
        () => rewards.connect(provider).claim(roundId, result, provider!),
        () => rewards.connect(provider).claim(roundId, result, stranger),
        () => rewards.claimFor(roundId, result, provider!),
      ]) {
        await expect(claim()).to.be.revertedWithCustomError(rewards, "NothingToClaim");
      }
    };
    await expect(rewards.connect(provider).claim(roundId, result, provider!)).to.changeEtherBalance(
      ethers,
      provider!,
      100n,
    );
    await refused();
    await fundRound(round, 30n);
    await expect(rewards.claimFor(roundId, result, provider!)).to.changeEtherBalance(ethers, provider!, 10n);
    await refused();
    await expect(rewards.claimFor(roundId, result, other!)).to.changeEtherBalance(ethers, other!, 220n);
    expect(await ethers.provider.getBalance(rewards)).to.equal(0n);
  });

  it("takes nothing from another round of the same contract", async () => {
    const world = await networkHelpers.loadFixture(standardWorld);
    const rich = await registeredRound(world, 1, { salt: ethers.id("rich") });
    await fundRound(rich, POOL);
    const poor = await registeredRound(world, 1, { salt: ethers.id("poor") });
    await fundRound(poor, 1n);
    const result = await submitRound(poor, goodValues(poor));
    await world.rewards.claimFor(poor.roundId, result, world.providers[0]!);
    await expect(world.rewards.claimFor(poor.roundId, result, world.providers[0]!)).to.be.revertedWithCustomError(
      world.rewards,
      "NothingToClaim",
    );
    expect(await ethers.provider.getBalance(world.rewards)).to.equal(POOL);
  });
});
