import { expect } from "chai";
import {
  ethers,
  fundRound,
  networkHelpers,
  NO_RESULT,
  POOL,
  registeredRound,
  settleRound,
  standardWorld,
} from "../rewards/fixture.ts";

/**
 * The attack: an owner collects the rows of all providers, who had to show them for their receipts, and then cancels the round or
 * never brings a proof, takes the pool back and trains for nothing.
 * Refused because there is no cancelling, and because without a proof in time those who were accepted share the pool equally.
 * The owner gets it back only if nobody was accepted.
 */
describe("finding: cancel after collecting rows", () => {
  it("leaves the pool to the providers when the owner brings no proof", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 4);
    const { rewards, roundId, owner, providers, terms } = round;
    await fundRound(round);
    for (const time of [terms.registrationUntil + 1n, terms.submissionUntil + 1n]) {
      await networkHelpers.time.increaseTo(time);
      await expect(rewards.connect(owner).sweep(roundId, owner)).to.be.revertedWithCustomError(rewards, "ClaimsOpen");
    }
    await settleRound(round);
    for (const provider of providers.slice(0, 4)) {
      await expect(rewards.claimFor(roundId, NO_RESULT, provider)).to.changeEtherBalance(ethers, provider, POOL / 4n);
    }
  });

  it("offers the owner no function by which a round with providers ends without paying", async () => {
    const { rewards } = await networkHelpers.loadFixture(standardWorld);
    const names: string[] = [];
    rewards.interface.forEachFunction(({ name, stateMutability }) => {
      if (stateMutability !== "view" && stateMutability !== "pure") names.push(name);
    });
    expect(names.sort()).to.deep.equal(
      "claim claimFor fund open register registerFor revokeConsents settleMissed submit sweep".split(" "),
    );
  });
});
