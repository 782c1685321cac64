import { expect } from "chai";
import {
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  nextTimestamp,
  POOL,
  registeredRound,
  standardWorld,
  submitRound,
} from "../rewards/fixture.ts";

/**
 * The attack: an owner who sells the model forwards the providers' share of the price in the last block before `claimUntil`, sees nobody
 * claim in time, and sweeps it in the next.
 * Not refused: a deadline that a payment could move would let anybody put off the sweep for ever with dust. Shown here, and
 * documented: what comes in late may reach the owner alone. After `claimUntil` nothing is taken any more, and a provider who watches the
 * round can claim in the same block, for the time of a block is compared.
 */
describe("finding: late top-up (shown, not solved)", () => {
  it("can still be claimed at claimUntil itself, and is swept if nobody does", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 2);
    const { rewards, roundId, owner, providers, terms } = round;
    const result = await submitRound(round, goodValues(round));
    await nextTimestamp(terms.claimUntil - 1n);
    await fundRound(round);
    await nextTimestamp(terms.claimUntil);
    await expect(rewards.claimFor(roundId, result, providers[0]!)).to.changeEtherBalance(
      ethers,
      providers[0]!,
      POOL / 3n,
    );
    await expect(rewards.connect(owner).sweep(roundId, owner)).to.changeEtherBalance(ethers, owner, POOL - POOL / 3n);
  });

  it("is refused after claimUntil, so that it stays with who wanted to pay", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 1);
    await nextTimestamp(round.terms.claimUntil + 1n);
    await expect(fundRound(round)).to.be.revertedWithCustomError(round.rewards, "ClaimsClosed");
  });

  it("moves no deadline", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 1);
    const before = await round.rewards.round(round.roundId);
    await nextTimestamp(round.terms.claimUntil);
    await fundRound(round, 1n);
    const after = await round.rewards.round(round.roundId);
    expect([after.submissionUntil, after.claimUntil]).to.deep.equal([before.submissionUntil, before.claimUntil]);
  });
});
