import { expect } from "chai";
import {
  ETHER,
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  openRound,
  POOL,
  registeredRound,
  registerProvider,
  standardWorld,
  submitRound,
  type RoundWorld,
} from "./fixture.ts";

const LARGEST_POOL = 2n ** 128n - 1n;

async function etherRound(): Promise<RoundWorld> {
  return registeredRound(await standardWorld(), 1);
}

async function tokenRound(): Promise<RoundWorld> {
  const world = await standardWorld();
  return registeredRound(world, 1, { token: await world.token.getAddress() });
}

describe("ShapleyRewards, fund", () => {
  it("takes ether from anyone and adds it up", async () => {
    const round = await networkHelpers.loadFixture(etherRound);
    const { rewards, roundId, stranger, owner } = round;
    const sent = fundRound(round, 5n, stranger);
    await expect(sent).to.changeEtherBalances(ethers, [stranger, rewards], [-5n, 5n]);
    await expect(sent).to.emit(rewards, "RoundFunded").withArgs(roundId, stranger.address, 5n);
    await fundRound(round, 7n, owner);
    expect((await rewards.round(roundId)).pool).to.equal(12n);
  });

  it("takes tokens from the caller and adds them up", async () => {
    const round = await networkHelpers.loadFixture(tokenRound);
    const { rewards, roundId, stranger, token } = round;
    await expect(fundRound(round, 5n, stranger)).to.changeTokenBalances(ethers, token, [stranger, rewards], [-5n, 5n]);
    expect((await rewards.round(roundId)).pool).to.equal(5n);
  });

  it("takes exactly the amount as ether, and no ether for tokens", async () => {
    const inEther = await networkHelpers.loadFixture(etherRound);
    for (const value of [0n, 4n, 6n]) {
      await expect(inEther.rewards.fund(inEther.roundId, 5n, { value }))
        .to.be.revertedWithCustomError(inEther.rewards, "WrongValue")
        .withArgs(inEther.roundId, value, 5n);
    }
    const inTokens = await networkHelpers.loadFixture(tokenRound);
    await expect(inTokens.rewards.connect(inTokens.owner).fund(inTokens.roundId, 5n, { value: 5n }))
      .to.be.revertedWithCustomError(inTokens.rewards, "WrongValue")
      .withArgs(inTokens.roundId, 5n, 0n);
  });

  it("refuses nothing", async () => {
    const round = await networkHelpers.loadFixture(etherRound);
    await expect(fundRound(round, 0n)).to.be.revertedWithCustomError(round.rewards, "ZeroAmount");
  });

  it("takes coins from others only once somebody is accepted, from the owner also before", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { rewards, roundId, stranger, owner, providers } = round;
    await expect(fundRound(round, 1n, stranger))
      .to.be.revertedWithCustomError(rewards, "NobodyAccepted")
      .withArgs(roundId);
    await fundRound(round, 1n, owner);
    await registerProvider(round, providers[0]!);
    await fundRound(round, 1n, stranger);
  });

  it("keeps the pool below 2^128", async () => {
    const round = await networkHelpers.loadFixture(tokenRound);
    const { rewards, roundId, owner, token } = round;
    await token.mint(owner, 2n ** 200n);
    await token.connect(owner).approve(rewards, 2n ** 200n);
    for (const amount of [LARGEST_POOL + 1n, 2n ** 128n + 5n, 2n ** 199n]) {
      await expect(fundRound(round, amount))
        .to.be.revertedWithCustomError(rewards, "PoolTooLarge")
        .withArgs(roundId, LARGEST_POOL, amount);
    }
    await fundRound(round, LARGEST_POOL - 1n);
    await expect(fundRound(round, 2n)).to.be.revertedWithCustomError(rewards, "PoolTooLarge");
    await fundRound(round, 1n);
    expect((await rewards.round(roundId)).pool).to.equal(LARGEST_POOL);
    await expect(fundRound(round, 1n)).to.be.revertedWithCustomError(rewards, "PoolTooLarge");

    // Even so every weight can be multiplied with it.
    const result = await submitRound(round, [2n ** 61n - 1n]);
    await rewards.connect(round.providers[0]).claim(roundId, result, round.providers[0]!);
    expect((await rewards.round(roundId)).claimed).to.equal(LARGEST_POOL);
  });

  it("refuses plain ether", async () => {
    const { rewards, stranger } = await networkHelpers.loadFixture(etherRound);
    await expect(stranger.sendTransaction({ to: await rewards.getAddress(), value: 1n })).to.revert(ethers);
  });

  it("takes tokens from nobody but the caller, whatever others have approved", async () => {
    const round = await networkHelpers.loadFixture(tokenRound);
    const [poor] = await ethers.getSigners();
    await expect(fundRound(round, 1n, poor!)).to.be.revertedWithCustomError(round.token, "ERC20InsufficientAllowance");
  });

  it("refuses tokens that take a fee, or do not move", async () => {
    const world = await networkHelpers.loadFixture(standardWorld);
    const fee = await ethers.deployContract("FeeToken");
    await fee.mint(world.owner, POOL);
    await fee.connect(world.owner).approve(world.rewards, POOL);
    const inFees = await registeredRound(world, 1, { token: await fee.getAddress() });
    await expect(fundRound(inFees, 1_000n))
      .to.be.revertedWithCustomError(world.rewards, "UnsupportedToken")
      .withArgs(await fee.getAddress(), 0n, 990n, 1_000n);

    const moody = await ethers.deployContract("MoodyToken");
    await moody.mint(world.owner, POOL);
    const inMoods = await registeredRound(world, 1, { token: await moody.getAddress() });
    const moods: [bigint, string | null][] = [
      [0n, null],
      [1n, null],
      [2n, "SafeERC20FailedOperation"],
      [3n, "SafeERC20FailedOperation"],
      [4n, "SafeERC20FailedOperation"],
      [5n, "UnsupportedToken"],
      [6n, ""],
      [8n, null],
    ];
    for (const [mood, error] of moods) {
      await moody.setMood(0n, mood);
      const { pool } = await world.rewards.round(inMoods.roundId);
      const call = fundRound(inMoods, 10n);
      if (error === null) await call;
      else if (error === "") await expect(call).to.be.revertedWithCustomError(moody, "NotInTheMood");
      else await expect(call).to.be.revertedWithCustomError(world.rewards, error);
      expect((await world.rewards.round(inMoods.roundId)).pool).to.equal(error === null ? pool + 10n : pool);
    }
  });

  it("is not moved by ether that is forced in", async () => {
    const round = await networkHelpers.loadFixture(etherRound);
    const { rewards, roundId, providers, owner, terms } = round;
    await fundRound(round, 100n);
    const address = await rewards.getAddress();
    await networkHelpers.setBalance(address, (await ethers.provider.getBalance(address)) + POOL);
    expect((await rewards.round(roundId)).pool).to.equal(100n);
    const result = await submitRound(round, goodValues(round));
    await expect(rewards.claimFor(roundId, result, providers[0]!)).to.changeEtherBalances(
      ethers,
      [providers[0]!, rewards],
      [100n, -100n],
    );
    await networkHelpers.time.increaseTo(terms.claimUntil + 1n);
    await expect(rewards.connect(owner).sweep(roundId, owner)).to.changeEtherBalance(ethers, owner, 0n);
    expect(round.terms.token).to.equal(ETHER);
  });
});
