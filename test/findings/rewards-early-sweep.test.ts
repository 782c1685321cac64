import { expect } from "chai";
import {
  DAY,
  ethers,
  fundRound,
  goodValues,
  makeTerms,
  networkHelpers,
  nextTimestamp,
  NO_RESULT,
  POOL,
  registeredRound,
  settleRound,
  standardWorld,
  submitRound,
} from "../rewards/fixture.ts";

/**
 * The attack: the owner sweeps the pool before the providers have claimed: at once after the proof, between two top-ups, with
 * a time to claim that is over before anybody looks, or by opening, settling or funding something that moves the deadline.
 * Refused because nobody sweeps up to and including `claimUntil`, which lies at least 30 days after the last moment for a proof and which
 * no call moves, and because a round in which somebody was accepted is never refunded.
 */
describe("finding: early sweep", () => {
  it("is refused up to and including claimUntil, and claims are good until then", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 1);
    const { rewards, roundId, owner, providers, terms } = round;
    await fundRound(round);
    const result = await submitRound(round, goodValues(round));
    for (const time of [terms.submissionUntil, terms.submissionUntil + 1n, terms.claimUntil - 1n]) {
      await nextTimestamp(time);
      await expect(rewards.connect(owner).sweep(roundId, owner))
        .to.be.revertedWithCustomError(rewards, "ClaimsOpen")
        .withArgs(roundId, terms.claimUntil);
    }
    await nextTimestamp(terms.claimUntil);
    await expect(rewards.claimFor(roundId, result, providers[0]!)).to.changeEtherBalance(ethers, providers[0]!, POOL);
  });

  it("cannot be prepared by terms that leave no time to claim", async () => {
    const { rewards, owner } = await networkHelpers.loadFixture(standardWorld);
    const terms = await makeTerms();
    const claimUntil = terms.submissionUntil + 30n * DAY - 1n;
    await expect(rewards.connect(owner).open({ ...terms, claimUntil })).to.be.revertedWithCustomError(
      rewards,
      "InvalidClaimUntil",
    );
  });

  it("cannot be prepared by having a round with providers refunded", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 1);
    const { rewards, roundId, owner, providers, terms } = round;
    await fundRound(round);
    await nextTimestamp(terms.registrationUntil + 1n);
    await expect(rewards.connect(owner).settleMissed(roundId)).to.be.revertedWithCustomError(rewards, "SubmissionOpen");
    await settleRound(round);
    await expect(rewards.connect(owner).sweep(roundId, owner)).to.be.revertedWithCustomError(rewards, "ClaimsOpen");
    await rewards.claimFor(roundId, NO_RESULT, providers[0]!);
  });
});
