import { expect } from "chai";
import {
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  nextTimestamp,
  NO_RESULT,
  openRound,
  POOL,
  registeredRound,
  settleRound,
  standardWorld,
  State,
  stateOf,
  submitRound,
  type RoundWorld,
} from "./fixture.ts";

async function emptyRound(): Promise<RoundWorld> {
  const round = await openRound(await standardWorld());
  await fundRound(round);
  return round;
}

async function twoProviders(): Promise<RoundWorld> {
  const round = await registeredRound(await standardWorld(), 2);
  await fundRound(round, POOL + 1n);
  return round;
}

describe("ShapleyRewards, settleMissed", () => {
  it("splits the pool equally among those who were accepted, after submissionUntil", async () => {
    const round = await networkHelpers.loadFixture(twoProviders);
    const { rewards, roundId, terms, stranger } = round;
    await nextTimestamp(terms.submissionUntil + 1n);
    await expect(rewards.connect(stranger).settleMissed(roundId))
      .to.emit(rewards, "SettledMissed")
      .withArgs(roundId, State.Equal);
    const stored = await rewards.round(roundId);
    expect([stored.totalWeight, stored.resultDigest]).to.deep.equal([2n, ethers.ZeroHash]);
  });

  it("refunds the owner if nobody was accepted, after registrationUntil", async () => {
    const round = await networkHelpers.loadFixture(emptyRound);
    const { rewards, roundId, terms } = round;
    await nextTimestamp(terms.registrationUntil + 1n);
    await expect(rewards.settleMissed(roundId)).to.emit(rewards, "SettledMissed").withArgs(roundId, State.Refunded);
    await expect(fundRound(round)).to.be.revertedWithCustomError(rewards, "WrongState");
  });

  it("comes once, and never after a submission", async () => {
    const missed = await networkHelpers.loadFixture(twoProviders);
    await settleRound(missed);
    await expect(missed.rewards.settleMissed(missed.roundId)).to.be.revertedWithCustomError(
      missed.rewards,
      "WrongState",
    );
    const submitted = await networkHelpers.loadFixture(twoProviders);
    await submitRound(submitted, goodValues(submitted));
    await networkHelpers.time.increaseTo(submitted.terms.submissionUntil + 1n);
    await expect(submitted.rewards.settleMissed(submitted.roundId)).to.be.revertedWithCustomError(
      submitted.rewards,
      "WrongState",
    );
  });

  it("may come as late as it likes, but then claims are over", async () => {
    const round = await networkHelpers.loadFixture(twoProviders);
    const { rewards, roundId, terms, providers } = round;
    await networkHelpers.time.increaseTo(terms.claimUntil + 1n);
    await rewards.settleMissed(roundId);
    await expect(rewards.claimFor(roundId, NO_RESULT, providers[0]!)).to.be.revertedWithCustomError(
      rewards,
      "ClaimsClosed",
    );
  });
});

describe("ShapleyRewards, sweep", () => {
  it("gives the owner what was not claimed, once, after claimUntil", async () => {
    const round = await networkHelpers.loadFixture(twoProviders);
    const { rewards, roundId, terms, providers, owner, stranger } = round;
    await settleRound(round);
    await rewards.claimFor(roundId, NO_RESULT, providers[0]!);
    const left = POOL + 1n - POOL / 2n;
    await nextTimestamp(terms.claimUntil + 1n);
    const sent = rewards.connect(owner).sweep(roundId, stranger);
    await expect(sent).to.changeEtherBalances(ethers, [stranger, rewards], [left, -left]);
    await expect(sent).to.emit(rewards, "Swept").withArgs(roundId, stranger.address, left);
    await expect(rewards.connect(owner).sweep(roundId, owner))
      .to.be.revertedWithCustomError(rewards, "WrongState")
      .withArgs(roundId, State.Swept);
  });

  it("gives the owner everything at once if nobody was accepted", async () => {
    const round = await networkHelpers.loadFixture(emptyRound);
    const { rewards, roundId, owner, stranger } = round;
    await settleRound(round);
    await expect(rewards.connect(stranger).sweep(roundId, stranger))
      .to.be.revertedWithCustomError(rewards, "UnauthorizedCaller")
      .withArgs(roundId, stranger.address, owner.address);
    await expect(rewards.connect(owner).sweep(roundId, owner)).to.changeEtherBalance(ethers, owner, POOL);
  });

  it("gives the owner everything after claimUntil if nobody cared to settle", async () => {
    const round = await networkHelpers.loadFixture(twoProviders);
    const { rewards, roundId, terms, owner } = round;
    await networkHelpers.time.increaseTo(terms.claimUntil);
    await expect(rewards.connect(owner).sweep(roundId, owner)).to.changeEtherBalance(ethers, owner, POOL + 1n);
    expect(await stateOf(round)).to.equal(State.Swept);
    await expect(rewards.settleMissed(roundId)).to.be.revertedWithCustomError(rewards, "WrongState");
  });

  it("of an empty pool moves nothing", async () => {
    const world = await networkHelpers.loadFixture(standardWorld);
    const round = await openRound(world, { token: await world.token.getAddress() });
    await settleRound(round);
    await expect(round.rewards.connect(round.owner).sweep(round.roundId, round.owner))
      .to.emit(round.rewards, "Swept")
      .withArgs(round.roundId, round.owner.address, 0n);
  });

  it("sends to somebody else than nobody and itself", async () => {
    const round = await networkHelpers.loadFixture(emptyRound);
    const { rewards, roundId, owner } = round;
    await settleRound(round);
    for (const to of [ethers.ZeroAddress, await rewards.getAddress()]) {
      await expect(rewards.connect(owner).sweep(roundId, to)).to.be.revertedWithCustomError(
        rewards,
        "InvalidRecipient",
      );
    }
  });

  it("touches no other round", async () => {
    const round = await networkHelpers.loadFixture(twoProviders);
    const { rewards, owner, terms } = round;
    const other = await registeredRound(round, 1, { ...terms, salt: ethers.id("other") });
    await fundRound(other, 77n);
    await networkHelpers.time.increaseTo(terms.claimUntil);
    await rewards.connect(owner).sweep(round.roundId, owner);
    expect(await ethers.provider.getBalance(rewards)).to.equal(77n);
    await rewards.connect(owner).sweep(other.roundId, owner);
    expect(await ethers.provider.getBalance(rewards)).to.equal(0n);
  });
});
