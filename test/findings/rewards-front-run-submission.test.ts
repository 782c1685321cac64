import { expect } from "chai";
import {
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  nextTimestamp,
  POOL,
  proofOf,
  registeredRound,
  resultOf,
  standardWorld,
  State,
  stateOf,
} from "../rewards/fixture.ts";

/**
 * The attack: somebody sees the owner's submission before it is in a block, and sends it first: unchanged, to be taken for the
 * one who did the work and be paid; or with another result under the same proof.
 * Refused because a submission says nothing about its sender: the same proof leads to the same round, and nobody is paid but who
 * has registered. The owner's own transaction then reverts, and nothing is lost but its gas.
 */
describe("finding: front-run submission", () => {
  it("leads to the same round whoever sends it, and pays the same providers", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 2);
    const { rewards, roundId, terms, owner, stranger, providers } = round;
    await fundRound(round);
    const result = resultOf(goodValues(round));
    const proof = await proofOf(round, result);
    const snapshot = await networkHelpers.takeSnapshot();
    await nextTimestamp(terms.registrationUntil + 1n);
    await rewards.connect(owner).submit(roundId, proof, result);
    const own = await rewards.round(roundId);
    await snapshot.restore();

    await nextTimestamp(terms.registrationUntil + 1n);
    await expect(
      rewards.connect(stranger).submit(roundId, proof, { ...result, values: [...result.values].reverse() }),
    ).to.be.revertedWithCustomError(rewards, "InvalidProof");
    await rewards.connect(stranger).submit(roundId, proof, result);
    expect(await rewards.round(roundId)).to.deep.equal(own);
    await expect(rewards.connect(owner).submit(roundId, proof, result)).to.be.revertedWithCustomError(
      rewards,
      "WrongState",
    );
    expect(await stateOf(round)).to.equal(State.Submitted);
    await expect(rewards.connect(stranger).claim(roundId, result, stranger)).to.be.revertedWithCustomError(
      rewards,
      "NotAccepted",
    );
    await expect(rewards.claimFor(roundId, result, providers[1]!)).to.changeEtherBalance(
      ethers,
      providers[1]!,
      (POOL * 2n) / 3n,
    );
  });
});
