import { expect } from "chai";
import fc from "fast-check";
import { equalWeights, rewardOf, rewardsOf, weightsOf } from "@zkcmp/shapley/rewards";
import {
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  NO_RESULT,
  POOL,
  registeredRound,
  settleRound,
  standardWorld,
  State,
  storedProvider,
  submitRound,
  type RoundResult,
  type RoundWorld,
} from "./fixture.ts";

interface ResultWorld extends RoundWorld {
  readonly result: RoundResult;
}

/** Three providers with weights 1 : 2 : 3, and a pool that they do not divide. */
async function submittedRound(): Promise<ResultWorld> {
  const round = await registeredRound(await standardWorld(), 3);
  await fundRound(round, POOL + 5n);
  return { ...round, result: await submitRound(round, goodValues(round)) };
}

async function missedRound(): Promise<ResultWorld> {
  const round = await registeredRound(await standardWorld(), 3);
  await fundRound(round, POOL);
  await settleRound(round);
  return { ...round, result: NO_RESULT };
}

describe("ShapleyRewards, claim", () => {
  it("pays the caller's share to whom the caller names, and books it", async () => {
    const round = await networkHelpers.loadFixture(submittedRound);
    const { rewards, roundId, result, providers, slack, stranger } = round;
    const share = rewardOf(POOL + 5n, weightsOf(result.values, slack), 1);
    const sent = rewards.connect(providers[1]).claim(roundId, result, stranger);
    await expect(sent).to.changeEtherBalances(ethers, [stranger, rewards], [share, -share]);
    await expect(sent).to.emit(rewards, "Claimed").withArgs(roundId, providers[1]!.address, stranger.address, share);
    expect(await storedProvider(round, providers[1]!.address)).to.deep.equal({ slotPlusOne: 2n, paid: share });
    expect((await rewards.round(roundId)).claimed).to.equal(share);
    expect((await rewards.round(roundId)).state).to.equal(State.Submitted);
  });

  it("pays nobody twice", async () => {
    const round = await networkHelpers.loadFixture(submittedRound);
    const { rewards, roundId, result, providers } = round;
    await rewards.connect(providers[0]).claim(roundId, result, providers[0]!);
    await expect(rewards.connect(providers[0]).claim(roundId, result, providers[0]!))
      .to.be.revertedWithCustomError(rewards, "NothingToClaim")
      .withArgs(roundId, providers[0]!.address);
    await expect(rewards.claimFor(roundId, result, providers[0]!)).to.be.revertedWithCustomError(
      rewards,
      "NothingToClaim",
    );
  });

  it("pays the others whether or not somebody has claimed", async () => {
    const round = await networkHelpers.loadFixture(submittedRound);
    const { rewards, roundId, result, providers, slack } = round;
    const { rewards: shares, dust } = rewardsOf(POOL + 5n, weightsOf(result.values, slack));
    for (const index of [2, 0, 1]) {
      await expect(rewards.claimFor(roundId, result, providers[index]!)).to.changeEtherBalance(
        ethers,
        providers[index]!,
        shares[index]!,
      );
    }
    expect(await ethers.provider.getBalance(rewards)).to.equal(dust);
  });

  it("checks the result against what was submitted", async () => {
    const round = await networkHelpers.loadFixture(submittedRound);
    const { rewards, roundId, result, providers } = round;
    const [first, second, third] = result.values as [bigint, bigint, bigint];
    const wrong: Partial<RoundResult>[] = [
      { values: [second, first, third] },
      { values: [first + 1n, second, third] },
      { values: [first, second] },
      { values: [first, second, third, 0n] },
      { values: [] },
      { modelCommitment: 0n },
      { loss: 0n },
      { modelCommitment: result.loss, loss: result.modelCommitment },
    ];
    for (const change of wrong) {
      const other = { ...result, ...change };
      for (const call of [
        () => rewards.connect(providers[0]).claim(roundId, other, providers[0]!),
        () => rewards.claimFor(roundId, other, providers[0]!),
        () => rewards.claimable(roundId, providers[0]!, other),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(rewards, "WrongResult");
      }
    }
  });

  it("pays only providers, and only to somebody else than nobody and itself", async () => {
    const round = await networkHelpers.loadFixture(submittedRound);
    const { rewards, roundId, result, providers, stranger, owner } = round;
    for (const account of [stranger, owner, providers[3]!]) {
      await expect(rewards.connect(account).claim(roundId, result, account))
        .to.be.revertedWithCustomError(rewards, "NotAccepted")
        .withArgs(roundId, account.address);
      await expect(rewards.claimFor(roundId, result, account)).to.be.revertedWithCustomError(rewards, "NotAccepted");
    }
    for (const to of [ethers.ZeroAddress, await rewards.getAddress()]) {
      await expect(rewards.connect(providers[0]).claim(roundId, result, to))
        .to.be.revertedWithCustomError(rewards, "InvalidRecipient")
        .withArgs(to);
    }
  });

  it("pays a provider whose value is negative or zero nothing", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 3);
    const { rewards, roundId, providers, slack } = round;
    await fundRound(round);
    const result = await submitRound(round, [-(2n ** 61n), 0n, 1_000n * slack]);
    for (const index of [0, 1]) {
      await expect(rewards.claimFor(roundId, result, providers[index]!)).to.be.revertedWithCustomError(
        rewards,
        "NothingToClaim",
      );
    }
    await expect(rewards.claimFor(roundId, result, providers[2]!)).to.changeEtherBalance(ethers, providers[2]!, POOL);
  });

  it("pays top-ups to everybody, cumulatively", async () => {
    const round = await networkHelpers.loadFixture(submittedRound);
    const { rewards, roundId, result, providers, slack, stranger } = round;
    const weights = weightsOf(result.values, slack);
    await rewards.claimFor(roundId, result, providers[0]!);
    await fundRound(round, 1n, stranger);
    await rewards.claimFor(roundId, result, providers[1]!);
    await fundRound(round, 12_345n, stranger);
    const pool = POOL + 5n + 1n + 12_345n;
    for (const index of [0, 1, 2]) {
      const { paid } = await storedProvider(round, providers[index]!.address);
      const due = rewardOf(pool, weights, index) - paid;
      expect(await rewards.claimable(roundId, providers[index]!, result)).to.equal(due);
      await expect(rewards.claimFor(roundId, result, providers[index]!)).to.changeEtherBalance(
        ethers,
        providers[index]!,
        due,
      );
      expect((await storedProvider(round, providers[index]!.address)).paid).to.equal(rewardOf(pool, weights, index));
    }
    expect(await ethers.provider.getBalance(rewards)).to.equal(rewardsOf(pool, weights).dust);
  });

  it("pays before there is a pool nothing, and afterwards all of it", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 1);
    const { rewards, roundId, providers } = round;
    const result = await submitRound(round, goodValues(round));
    await expect(rewards.claimFor(roundId, result, providers[0]!)).to.be.revertedWithCustomError(
      rewards,
      "NothingToClaim",
    );
    await fundRound(round, 1n);
    await expect(rewards.claimFor(roundId, result, providers[0]!)).to.changeEtherBalance(ethers, providers[0]!, 1n);
  });

  for (const [name, fixture] of [
    ["no proof came in time", missedRound],
    ["the values were too small", smallRound],
  ] as const) {
    it(`pays equal shares when ${name}, whatever result is given`, async () => {
      const round = await networkHelpers.loadFixture(fixture);
      const { rewards, roundId, providers } = round;
      const share = rewardOf(POOL, equalWeights(3), 0);
      const given: RoundResult[] = [
        NO_RESULT,
        { values: [9n, 0n, 0n], modelCommitment: 1n, loss: 2n },
        { values: [0n, 0n, -5n, 7n], modelCommitment: 1n, loss: 2n },
      ];
      for (const index of [0, 1, 2]) {
        expect(await rewards.claimable(roundId, providers[index]!, given[index]!)).to.equal(share);
        await expect(
          rewards.connect(providers[index]).claim(roundId, given[index]!, providers[index]!),
        ).to.changeEtherBalance(ethers, providers[index]!, share);
      }
      expect(await ethers.provider.getBalance(rewards)).to.equal(POOL - 3n * share);
    });
  }

  it("pays all of the pool but dust, whatever the values, pools and order of claims are", async function () {
    this.timeout(120_000);
    const value = fc.oneof(
      fc.bigInt({ min: -(2n ** 61n), max: 2n ** 61n - 1n }),
      fc.bigInt({ min: -5n, max: 5n }),
      fc.constant(2n ** 61n - 1n),
    );
    const amount = fc.bigInt({ min: 1n, max: 10n ** 20n });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(amount, fc.nat(11)), { minLength: 1, maxLength: 5 }),
        async (values, steps) => {
          const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), values.length);
          const { rewards, roundId, providers, slack } = round;
          const result = await submitRound(round, values);
          const weights = weightsOf(values, slack);
          let pool = 0n;
          for (const [added, claimant] of steps) {
            await fundRound(round, added);
            pool += added;
            const index = claimant % values.length;
            const due = await rewards.claimable(roundId, providers[index]!, result);
            if (due > 0n) await rewards.claimFor(roundId, result, providers[index]!);
          }
          for (const [index, provider] of providers.slice(0, values.length).entries()) {
            if ((await rewards.claimable(roundId, provider, result)) > 0n) {
              await rewards.claimFor(roundId, result, provider);
            }
            expect((await storedProvider(round, provider.address)).paid).to.equal(rewardOf(pool, weights, index));
          }
          const { dust } = rewardsOf(pool, weights);
          const stored = await rewards.round(roundId);
          expect(stored.pool).to.equal(pool);
          expect(stored.claimed + dust).to.equal(pool);
          expect(await ethers.provider.getBalance(rewards)).to.equal(dust);
        },
      ),
      { numRuns: 25 },
    );
  });
});

async function smallRound(): Promise<ResultWorld> {
  const round = await registeredRound(await standardWorld(), 3);
  await fundRound(round, POOL);
  return { ...round, result: await submitRound(round, [1n, 2n, 3n]) };
}

describe("ShapleyRewards, claimable", () => {
  it("is 0 for strangers, before anything is settled, and after claimUntil", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 1);
    const { rewards, roundId, providers, stranger, terms } = round;
    await fundRound(round);
    expect(await rewards.claimable(roundId, providers[0]!, NO_RESULT)).to.equal(0n);
    expect(await rewards.claimable(roundId + 1n, providers[0]!, NO_RESULT)).to.equal(0n);
    const result = await submitRound(round, goodValues(round));
    expect(await rewards.claimable(roundId, stranger, result)).to.equal(0n);
    expect(await rewards.claimable(roundId, providers[0]!, result)).to.equal(POOL);
    await networkHelpers.time.increaseTo(terms.claimUntil);
    expect(await rewards.claimable(roundId, providers[0]!, result)).to.equal(POOL);
    await networkHelpers.time.increaseTo(terms.claimUntil + 1n);
    expect(await rewards.claimable(roundId, providers[0]!, result)).to.equal(0n);
  });
});
