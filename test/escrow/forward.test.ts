import { expect } from "chai";
import { zeroPadBytes, ZeroAddress } from "ethers";
import type { ApprovalToken } from "../../types/ethers-contracts/index.js";
import {
  ETHER,
  ethers,
  makeTerms,
  networkHelpers,
  nextTimestamp,
  OPENING,
  openingAt,
  PRICE,
  refundableFrom,
  type DealWorld,
} from "./fixture.ts";
import {
  deploySplitWorld,
  deployTokenSplitWorld,
  FundMood,
  fundSplitDeal,
  REWARD,
  ROUND,
  showRound,
  type SplitDeal,
  type SplitWorld,
} from "./split-fixture.ts";

async function redeemed(world: SplitWorld): Promise<SplitDeal> {
  const deal = await fundSplitDeal(world);
  await deal.escrow.redeem(deal.dealId, OPENING.key, OPENING.opening);
  return deal;
}

async function redeemedInEther(): Promise<SplitDeal> {
  return redeemed(await deploySplitWorld());
}

async function redeemedInTokens(): Promise<SplitDeal> {
  return redeemed(await deployTokenSplitWorld());
}

/** The values of the test double's enum ApprovalToken.Mood: what happens to an approval. */
const Approval = { True: 0n, Nothing: 1n, False: 2n, Fail: 3n, Lie: 4n, FirstZero: 5n, Endless: 6n } as const;

/** A credit in a token with moods. The escrow owns as much again, which belongs to another deal. */
async function redeemedInApprovals(): Promise<SplitDeal & { readonly odd: ApprovalToken }> {
  const world = await deploySplitWorld();
  const odd = await ethers.deployContract("ApprovalToken");
  await odd.mint(world.buyer, 2n * PRICE);
  await odd.connect(world.buyer).approve(world.escrow, 2n * PRICE);
  await showRound(world.rewards, { token: await odd.getAddress() });
  const deal = await redeemed(world);
  await fundSplitDeal(world, { keyCommitment: openingAt(1).keyCommitment });
  return { ...deal, odd };
}

describe("ModelEscrow.forwardReward", () => {
  it("hands the round its credit in ether, whoever calls", async () => {
    for (const caller of ["seller", "buyer", "stranger"] as const) {
      const deal = await networkHelpers.loadFixture(redeemedInEther);
      const { escrow, rewards } = deal;
      const forwarded = escrow.connect(deal[caller]).forwardReward(rewards, ROUND, ETHER);
      await expect(forwarded).to.changeEtherBalances(ethers, [rewards, escrow], [REWARD, -REWARD]);
      await expect(forwarded).to.emit(escrow, "RewardForwarded").withArgs(rewards, ROUND, ETHER, REWARD);
      expect(await rewards.pool(ROUND)).to.equal(REWARD);
      expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(0n);
    }
  });

  it("hands the round its credit in tokens, whoever calls, and leaves no allowance", async () => {
    for (const caller of ["seller", "buyer", "stranger"] as const) {
      const deal = await networkHelpers.loadFixture(redeemedInTokens);
      const { escrow, rewards, token } = deal;
      const forwarded = escrow.connect(deal[caller]).forwardReward(rewards, ROUND, token);
      await expect(forwarded).to.changeTokenBalances(ethers, token, [rewards, escrow], [REWARD, -REWARD]);
      await expect(forwarded).to.emit(escrow, "RewardForwarded").withArgs(rewards, ROUND, token, REWARD);
      expect(await rewards.pool(ROUND)).to.equal(REWARD);
      expect(await escrow.rewardCredit(rewards, ROUND, token)).to.equal(0n);
      expect(await token.allowance(escrow, rewards)).to.equal(0n);
    }
  });

  it("forwards nothing twice", async () => {
    const { escrow, rewards } = await networkHelpers.loadFixture(redeemedInEther);
    await escrow.forwardReward(rewards, ROUND, ETHER);
    await expect(escrow.forwardReward(rewards, ROUND, ETHER))
      .to.be.revertedWithCustomError(escrow, "NoRewardCredit")
      .withArgs(rewards, ROUND, ETHER);
  });

  it("forwards the shares of several deals at once, and later ones again", async () => {
    const deal = await networkHelpers.loadFixture(redeemedInEther);
    const { escrow, rewards } = deal;
    for (const [index, expected] of [[1, 2n * REWARD] as const, [2, REWARD] as const]) {
      const { key, opening, keyCommitment } = openingAt(index);
      const next = await fundSplitDeal(deal, { keyCommitment });
      await escrow.redeem(next.dealId, key, opening);
      const forwarded = escrow.forwardReward(rewards, ROUND, ETHER);
      await expect(forwarded).to.changeEtherBalances(ethers, [rewards, escrow], [expected, -expected]);
    }
    expect(await rewards.pool(ROUND)).to.equal(3n * REWARD);
  });

  it("knows no other round, contract or token", async () => {
    const { escrow, rewards, seller, token } = await networkHelpers.loadFixture(redeemedInEther);
    const others: [string, bigint, string][] = [
      [await rewards.getAddress(), ROUND + 1n, ETHER],
      [await rewards.getAddress(), ROUND, await token.getAddress()],
      [seller.address, ROUND, ETHER],
      [ZeroAddress, 0n, ETHER],
    ];
    for (const args of others) {
      await expect(escrow.forwardReward(...args))
        .to.be.revertedWithCustomError(escrow, "NoRewardCredit")
        .withArgs(...args);
    }
  });

  it("takes no ether", async () => {
    const { escrow, rewards, stranger } = await networkHelpers.loadFixture(redeemedInEther);
    const data = escrow.interface.encodeFunctionData("forwardReward", [await rewards.getAddress(), ROUND, ETHER]);
    await expect(stranger.sendTransaction({ to: escrow, data, value: 1n })).to.revert(ethers);
  });

  it("forwards nothing of a deal that is not redeemed", async () => {
    const world = await networkHelpers.loadFixture(deploySplitWorld);
    const { escrow, rewards } = await fundSplitDeal(world);
    await expect(escrow.forwardReward(rewards, ROUND, ETHER)).to.be.revertedWithCustomError(escrow, "NoRewardCredit");
  });

  describe("with a rewards contract that misbehaves", () => {
    const expectedErrors = {
      ether: { Reject: "NotInTheMood", Burn: null, FailBomb: null },
      tokens: {
        Reject: "NotInTheMood",
        Burn: null,
        FailBomb: null,
        TakeLess: "StandingAllowance",
        TakeNothing: "StandingAllowance",
        GiveBack: "UnsupportedToken",
      },
    } as const;
    for (const asset of ["ether", "tokens"] as const) {
      for (const [mood, error] of Object.entries(expectedErrors[asset])) {
        it(`keeps the credit in ${asset}: ${mood}`, async () => {
          const deal = await networkHelpers.loadFixture(asset === "ether" ? redeemedInEther : redeemedInTokens);
          const { escrow, rewards, token, terms } = deal;
          await rewards.setMood(FundMood[mood as keyof typeof FundMood]);
          const forwarded = escrow.forwardReward(rewards, ROUND, terms.token, { gasLimit: 1_000_000n });
          if (error === null) await expect(forwarded).to.revert(ethers);
          else {
            await expect(forwarded).to.be.revertedWithCustomError(error === "NotInTheMood" ? rewards : escrow, error);
          }
          expect(await escrow.rewardCredit(rewards, ROUND, terms.token)).to.equal(REWARD);
          expect(await token.allowance(escrow, rewards)).to.equal(0n);
          await rewards.setMood(FundMood.Take);
          await escrow.forwardReward(rewards, ROUND, terms.token);
          expect(await rewards.pool(ROUND)).to.equal(REWARD);
        });
      }

      it(`does not read an endless answer, in ${asset}`, async () => {
        const { escrow, rewards, terms } = await networkHelpers.loadFixture(
          asset === "ether" ? redeemedInEther : redeemedInTokens,
        );
        await rewards.setMood(FundMood.Bomb);
        await escrow.forwardReward(rewards, ROUND, terms.token);
        expect(await rewards.pool(ROUND)).to.equal(REWARD);
      });

      it(`keeps the credit in ${asset} where the contract is gone`, async () => {
        const deal = await networkHelpers.loadFixture(asset === "ether" ? redeemedInEther : redeemedInTokens);
        const { escrow, rewards, terms } = deal;
        await networkHelpers.setCode(await rewards.getAddress(), "0x");
        await expect(escrow.forwardReward(rewards, ROUND, terms.token)).to.revert(ethers);
        expect(await escrow.rewardCredit(rewards, ROUND, terms.token)).to.equal(REWARD);
      });
    }
  });

  describe("with a token that deals oddly with allowances", () => {
    for (const mood of ["True", "Nothing", "FirstZero"] as const) {
      it(`forwards: ${mood}`, async () => {
        const { escrow, rewards, odd } = await networkHelpers.loadFixture(redeemedInApprovals);
        await odd.setMood(Approval[mood]);
        const forwarded = escrow.forwardReward(rewards, ROUND, odd);
        await expect(forwarded).to.changeTokenBalances(ethers, odd, [rewards, escrow], [REWARD, -REWARD]);
        expect(await odd.allowance(escrow, rewards)).to.equal(0n);
      });
    }

    for (const mood of ["False", "Fail", "Lie", "Endless"] as const) {
      it(`keeps the credit: ${mood}`, async () => {
        const { escrow, rewards, odd } = await networkHelpers.loadFixture(redeemedInApprovals);
        await odd.setMood(Approval[mood]);
        await expect(escrow.forwardReward(rewards, ROUND, odd)).to.revert(ethers);
        expect(await escrow.rewardCredit(rewards, ROUND, odd)).to.equal(REWARD);
        expect(await odd.balanceOf(escrow)).to.equal(PRICE + REWARD);
        await odd.setMood(Approval.True);
        await escrow.forwardReward(rewards, ROUND, odd);
      });
    }

    it("sets the allowance anew where one stands that the escrow never gave", async () => {
      const { escrow, rewards, odd } = await networkHelpers.loadFixture(redeemedInApprovals);
      for (const mood of [Approval.True, Approval.FirstZero]) {
        const snapshot = await networkHelpers.takeSnapshot();
        await odd.grant(escrow, rewards, 5n * PRICE);
        await odd.setMood(mood);
        await escrow.forwardReward(rewards, ROUND, odd);
        expect(await odd.allowance(escrow, rewards)).to.equal(0n);
        await snapshot.restore();
      }
    });

    it("keeps the credit where the sender pays a surcharge", async () => {
      const world = await networkHelpers.loadFixture(deploySplitWorld);
      const { escrow, rewards, buyer } = world;
      const odd = await ethers.deployContract("SurchargeToken");
      await odd.mint(buyer, 3n * PRICE);
      await odd.connect(buyer).approve(escrow, 3n * PRICE);
      await showRound(rewards, { token: await odd.getAddress() });
      await redeemed(world);
      await expect(escrow.forwardReward(rewards, ROUND, odd)).to.be.revertedWithCustomError(escrow, "UnsupportedToken");
      expect(await escrow.rewardCredit(rewards, ROUND, odd)).to.equal(REWARD);
    });
  });

  describe("re-entered", () => {
    const guardError = zeroPadBytes("0x3ee5aeb5", 32);

    /** What the rewards contract itself could do: it is buyer, seller, and owns a credit of its own as such. */
    async function entries(deal: SplitDeal): Promise<Record<string, string>> {
      const { escrow, rewards, terms } = deal;
      const self = await rewards.getAddress();
      const { key, opening, keyCommitment } = openingAt(1);
      const inner = await fundSplitDeal(deal, { keyCommitment });
      const older = await fundSplitDeal(deal, { keyCommitment: openingAt(2).keyCommitment });
      await networkHelpers.time.increaseTo(await refundableFrom(older as DealWorld));
      const fresh = await makeTerms(deal, { keyCommitment: openingAt(3).keyCommitment });
      const encode = (name: string, values: readonly unknown[]) =>
        escrow.interface.encodeFunctionData(name as "deal", values as [bigint]);
      return {
        offer: encode("offer", [fresh]),
        cancel: encode("cancel", [older.dealId]),
        fund: encode("fund", [older.dealId]),
        fundWithPermit: encode("fundWithPermit", [older.dealId, 0n, 27, ethers.ZeroHash, ethers.ZeroHash]),
        redeem: encode("redeem", [inner.dealId, key, opening]),
        refund: encode("refund", [older.dealId]),
        withdraw: encode("withdraw", [terms.token, self]),
        forwardReward: encode("forwardReward", [self, ROUND, terms.token]),
      };
    }

    for (const asset of ["ether", "tokens"] as const) {
      for (const name of [
        "offer",
        "cancel",
        "fund",
        "fundWithPermit",
        "redeem",
        "refund",
        "withdraw",
        "forwardReward",
      ]) {
        it(`refuses ${name} during the forwarding of ${asset}`, async () => {
          const deal = await networkHelpers.loadFixture(asset === "ether" ? redeemedInEther : redeemedInTokens);
          const { escrow, rewards, terms } = deal;
          await rewards.setReentry(escrow, (await entries(deal))[name]!);
          await escrow.forwardReward(rewards, ROUND, terms.token);
          expect(await rewards.answer()).to.equal(guardError);
          expect(await rewards.pool(ROUND)).to.equal(REWARD);
        });
      }
    }

    it("shows the credit as spent to whoever looks meanwhile", async () => {
      const { escrow, rewards } = await networkHelpers.loadFixture(redeemedInEther);
      const data = escrow.interface.encodeFunctionData("rewardCredit", [await rewards.getAddress(), ROUND, ETHER]);
      await rewards.setReentry(escrow, data);
      await escrow.forwardReward(rewards, ROUND, ETHER);
      expect(await rewards.succeeded()).to.equal(true);
      expect(BigInt(await rewards.answer())).to.equal(0n);
    });

    it("is refused itself during redeem and withdraw", async () => {
      const deal = await networkHelpers.loadFixture(redeemedInEther);
      const { escrow, rewards, buyer, split } = deal;
      const account = await ethers.deployContract("MoodyAccount");
      const { key, opening, keyCommitment } = openingAt(1);
      const terms = await makeTerms(deal, { split, keyCommitment });
      const dealId = await escrow.dealIdOf(account, terms);
      await account.execute(escrow, escrow.interface.encodeFunctionData("offer", [terms]));
      await escrow.connect(buyer).fund(dealId, { value: PRICE });
      const forward = escrow.interface.encodeFunctionData("forwardReward", [await rewards.getAddress(), ROUND, ETHER]);
      await account.setReentry(escrow, forward);
      await escrow.redeem(dealId, key, opening);
      expect(await account.answer()).to.equal(guardError);
      expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(2n * REWARD);
    });
  });

  it("works long after the deal, as long as the round takes money", async () => {
    const { escrow, rewards } = await networkHelpers.loadFixture(redeemedInEther);
    await nextTimestamp(BigInt(await networkHelpers.time.latest()) + 10_000_000n);
    await expect(escrow.forwardReward(rewards, ROUND, ETHER)).to.emit(escrow, "RewardForwarded");
  });
});
