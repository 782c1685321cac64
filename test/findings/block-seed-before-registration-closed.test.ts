import { expect } from "chai";
import { deploySeedWorld, ethers, mineUpTo, networkHelpers, ROUND } from "../block-seed/fixture.ts";

/**
 * The attack: the seed of the random orders is drawn, or its block is fixed and near, while providers may still register. Whoever
 * knows it works out which place in the registry suits best, and registers there, or registers again under other
 * names until the sampled values come out high.
 * Refused because a seed's block is fixed only after the last second of the registration, by a call that anyone may make,
 * and lies ahead of that call: nothing that a provider could still choose comes after anything of the seed is known.
 */
describe("finding: seed drawn before the registration closed", () => {
  it("fixes no block in the registration's last second, in nobody's name", async () => {
    const { blockSeed, rewards, registrationUntil } = await networkHelpers.loadFixture(deploySeedWorld);
    for (const signer of (await ethers.getSigners()).slice(0, 3)) {
      await expect(blockSeed.connect(signer).arm(rewards, ROUND)).to.be.revertedWithCustomError(
        blockSeed,
        "RegistrationOpen",
      );
    }
    await networkHelpers.time.setNextBlockTimestamp(registrationUntil);
    await expect(blockSeed.arm(rewards, ROUND)).to.be.revertedWithCustomError(blockSeed, "RegistrationOpen");
    await expect(blockSeed.draw(rewards, ROUND)).to.be.revertedWithCustomError(blockSeed, "NotArmed");
  });

  it("draws of no block that is older than the end of the registration", async () => {
    const { blockSeed, rewards, registrationUntil } = await networkHelpers.loadFixture(deploySeedWorld);
    await networkHelpers.time.setNextBlockTimestamp(registrationUntil + 1n);
    await blockSeed.arm(rewards, ROUND);
    const armedIn = await networkHelpers.time.latestBlock();
    const seedBlock = await blockSeed.seedBlockOf(rewards, ROUND);
    // More than the two epochs of 32 blocks for which Ethereum's proposers are known.
    expect(seedBlock > BigInt(armedIn) + 64n).to.equal(true);
    await expect(blockSeed.draw(rewards, ROUND)).to.be.revertedWithCustomError(blockSeed, "SeedBlockAhead");
    await mineUpTo(seedBlock + 1n);
    await blockSeed.draw(rewards, ROUND);
    const { timestamp } = (await ethers.provider.getBlock(Number(seedBlock)))!;
    expect(BigInt(timestamp) > registrationUntil).to.equal(true);
  });
});
