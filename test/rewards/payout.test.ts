import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import type { MoodyAccount, MoodyToken } from "../../types/ethers-contracts/index.js";
import {
  commitmentOf,
  ETHER,
  ethers,
  fundRound,
  networkHelpers,
  NO_RESULT,
  openRound,
  POOL,
  registerProvider,
  settleRound,
  signReceipt,
  standardWorld,
  storedProvider,
  type RoundWorld,
  type World,
} from "./fixture.ts";

/** How a claim ends when the recipient or the token misbehaves: paid in full, or reverted with the claim kept. */

interface AccountRound extends RoundWorld {
  readonly account: MoodyAccount;
}

/** A settled round of an account with code and of a plain one. */
async function roundWith(world: World, token: string): Promise<AccountRound> {
  const account = await ethers.deployContract("MoodyAccount");
  const round = await openRound(world, { token });
  const payee = await account.getAddress();
  const commitment = commitmentOf(payee);
  const receipt = await signReceipt(round, round.owner, payee, commitment);
  const { rewards, roundId } = round;
  await account.execute(rewards, rewards.interface.encodeFunctionData("register", [roundId, commitment, receipt]));
  await registerProvider(round, round.providers[0]!);
  await fundRound(round);
  await settleRound(round);
  return { ...round, account };
}

async function inEther(): Promise<AccountRound> {
  return roundWith(await standardWorld(), ETHER);
}

async function inMoodyToken(): Promise<AccountRound & { odd: MoodyToken }> {
  const world = await standardWorld();
  const odd = await ethers.deployContract("MoodyToken");
  await odd.mint(world.owner, POOL);
  return { ...(await roundWith(world, await odd.getAddress())), odd };
}

function claimAs({ account, rewards, roundId }: AccountRound, to: string): Promise<ContractTransactionResponse> {
  return account.execute(rewards, rewards.interface.encodeFunctionData("claim", [roundId, NO_RESULT, to]));
}

describe("ShapleyRewards, payout of ether", () => {
  const moods: Record<string, { set: (account: MoodyAccount) => Promise<unknown>; paid: boolean }> = {
    "takes it at once": { set: (account) => account.setMood(0n), paid: true },
    "rejects it": { set: (account) => account.setMood(1n), paid: false },
    "needs a million gas": { set: (account) => account.setSpending(1_000_000n), paid: true },
    "burns all gas": { set: (account) => account.setMood(3n), paid: false },
    "answers with 120,000 bytes": { set: (account) => account.setBomb(120_000n, false), paid: true },
    "reverts with 120,000 bytes": { set: (account) => account.setBomb(120_000n, true), paid: false },
  };
  for (const [name, { set, paid }] of Object.entries(moods)) {
    it(`is ${paid ? "made" : "refused"} when the provider ${name}, and stops nobody else`, async () => {
      const round = await networkHelpers.loadFixture(inEther);
      const { rewards, roundId, account, providers } = round;
      await set(account);
      const call = rewards.claimFor(roundId, NO_RESULT, account, { gasLimit: 5_000_000n });
      const payee = await account.getAddress();
      if (paid) {
        await expect(call).to.changeEtherBalance(ethers, account, POOL / 2n);
      } else {
        await expect(call)
          .to.be.revertedWithCustomError(rewards, "EtherRefused")
          .withArgs(payee, POOL / 2n);
        expect((await storedProvider(round, payee)).paid).to.equal(0n);
        expect((await rewards.round(roundId)).claimed).to.equal(0n);
      }
      await expect(rewards.claimFor(roundId, NO_RESULT, providers[0]!)).to.changeEtherBalance(
        ethers,
        providers[0]!,
        POOL / 2n,
      );
    });
  }

  it("can go elsewhere if the provider's account takes no ether", async () => {
    const round = await networkHelpers.loadFixture(inEther);
    await round.account.setMood(1n);
    await expect(claimAs(round, round.stranger.address)).to.changeEtherBalance(ethers, round.stranger, POOL / 2n);
  });

  it("that is starved of gas by a relayer is not lost", async () => {
    const round = await networkHelpers.loadFixture(inEther);
    const { rewards, roundId, account } = round;
    await account.setDemand(100_000n);
    await expect(rewards.claimFor(roundId, NO_RESULT, account, { gasLimit: 150_000n })).to.revert(ethers);
    await expect(rewards.claimFor(roundId, NO_RESULT, account, { gasLimit: 400_000n })).to.changeEtherBalance(
      ethers,
      account,
      POOL / 2n,
    );
  });
});

describe("ShapleyRewards, payout of tokens", () => {
  const moods: [string, bigint, boolean][] = [
    ["answers true", 0n, true],
    ["answers nothing", 1n, true],
    ["answers false", 2n, false],
    ["answers 2", 3n, false],
    ["answers 31 bytes", 4n, false],
    ["lies", 5n, false],
    ["reverts", 6n, false],
    ["burns all gas", 7n, false],
    ["answers true and 200,000 bytes more", 8n, true],
    ["reverts with 200,000 bytes", 9n, false],
  ];
  for (const [name, mood, paid] of moods) {
    it(`is ${paid ? "made" : "refused"} when the token ${name}`, async () => {
      const round = await networkHelpers.loadFixture(inMoodyToken);
      const { rewards, roundId, odd, providers } = round;
      await odd.setMood(mood, 0n);
      const call = rewards.claimFor(roundId, NO_RESULT, providers[0]!, { gasLimit: 5_000_000n });
      if (paid) await expect(call).to.changeTokenBalance(ethers, odd, providers[0]!, POOL / 2n);
      else {
        await expect(call).to.revert(ethers);
        expect((await storedProvider(round, providers[0]!.address)).paid).to.equal(0n);
        // As soon as the token is in a better mood the claim is good again.
        await odd.setMood(0n, 0n);
        await expect(rewards.claimFor(roundId, NO_RESULT, providers[0]!)).to.changeTokenBalance(
          ethers,
          odd,
          providers[0]!,
          POOL / 2n,
        );
      }
    });
  }

  it("can go elsewhere if the token has put the provider on a list", async () => {
    const world = await networkHelpers.loadFixture(standardWorld);
    const odd = await ethers.deployContract("BlockListToken");
    await odd.mint(world.owner, POOL);
    await odd.connect(world.owner).approve(world.rewards, POOL);
    const round = await roundWith(world, await odd.getAddress());
    const { rewards, roundId, account, providers, stranger } = round;
    await odd.setBlocked(account, true);
    await expect(rewards.claimFor(roundId, NO_RESULT, account)).to.be.revertedWithCustomError(odd, "Blocked");
    await rewards.claimFor(roundId, NO_RESULT, providers[0]!);
    await expect(claimAs(round, stranger.address)).to.changeTokenBalance(ethers, odd, stranger, POOL / 2n);
  });

  it("is refused when the token takes more from the contract than the amount", async () => {
    const world = await networkHelpers.loadFixture(standardWorld);
    const odd = await ethers.deployContract("SurchargeToken");
    await odd.mint(world.owner, 2n * POOL);
    await odd.connect(world.owner).approve(world.rewards, POOL);
    const round = await roundWith(world, await odd.getAddress());
    const half = POOL / 2n;
    await expect(round.rewards.claimFor(round.roundId, NO_RESULT, round.providers[0]!))
      .to.be.revertedWithCustomError(round.rewards, "UnsupportedToken")
      .withArgs(await odd.getAddress(), POOL, half - half / 100n, half);
  });
});
