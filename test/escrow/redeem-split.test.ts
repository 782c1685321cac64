import { expect } from "chai";
import {
  ETHER,
  ethers,
  makeTerms,
  Mood,
  networkHelpers,
  nextTimestamp,
  OPENING,
  openingAt,
  PRICE,
  refundableFrom,
  State,
} from "./fixture.ts";
import {
  deploySplitWorld,
  deployTokenSplitWorld,
  FundMood,
  fundSplitDeal,
  REWARD,
  ROUND,
  RoundState,
  RoundView,
  showRound,
  type SplitDeal,
} from "./split-fixture.ts";

const { key, opening } = OPENING;
const REST = PRICE - REWARD;

async function fundedInEther(): Promise<SplitDeal> {
  return fundSplitDeal(await deploySplitWorld());
}

async function fundedInTokens(): Promise<SplitDeal> {
  return fundSplitDeal(await deployTokenSplitWorld());
}

describe("ModelEscrow.redeem with a split", () => {
  it("pays the seller the rest in ether and credits the round, whoever calls", async () => {
    for (const caller of ["seller", "buyer", "stranger"] as const) {
      const deal = await networkHelpers.loadFixture(fundedInEther);
      const { escrow, seller, rewards, dealId } = deal;
      const redemption = escrow.connect(deal[caller]).redeem(dealId, key, opening);
      await expect(redemption).to.changeEtherBalances(ethers, [seller, escrow, rewards], [REST, -REST, 0n]);
      await expect(redemption).to.emit(escrow, "RewardCredited").withArgs(dealId, rewards, ROUND, ETHER, REWARD);
      await expect(redemption).to.emit(escrow, "Redeemed").withArgs(dealId, key, opening);
      await expect(redemption).not.to.emit(escrow, "Credited");
      expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(REWARD);
    }
  });

  it("pays the seller the rest in tokens and credits the round, whoever calls", async () => {
    for (const caller of ["seller", "buyer", "stranger"] as const) {
      const deal = await networkHelpers.loadFixture(fundedInTokens);
      const { escrow, seller, rewards, token, dealId } = deal;
      const redemption = escrow.connect(deal[caller]).redeem(dealId, key, opening);
      await expect(redemption).to.changeTokenBalances(ethers, token, [seller, escrow, rewards], [REST, -REST, 0n]);
      await expect(redemption).to.emit(escrow, "RewardCredited").withArgs(dealId, rewards, ROUND, token, REWARD);
      expect(await escrow.rewardCredit(rewards, ROUND, token)).to.equal(REWARD);
      expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(0n);
      expect(await token.allowance(escrow, rewards)).to.equal(0n);
    }
  });

  it("credits the share to nobody as an account", async () => {
    const { escrow, seller, buyer, rewards, dealId } = await networkHelpers.loadFixture(fundedInEther);
    await escrow.redeem(dealId, key, opening);
    for (const account of [seller, buyer, rewards]) expect(await escrow.credit(account, ETHER)).to.equal(0n);
  });

  it("credits the seller for the rest only, where ether is refused", async () => {
    const world = await networkHelpers.loadFixture(deploySplitWorld);
    const { escrow, buyer, rewards, split } = world;
    const account = await ethers.deployContract("MoodyAccount");
    const terms = await makeTerms(world, { split });
    const dealId = await escrow.dealIdOf(account, terms);
    await account.execute(escrow, escrow.interface.encodeFunctionData("offer", [terms]));
    await escrow.connect(buyer).fund(dealId, { value: PRICE });
    await account.setMood(1n);
    const redemption = escrow.redeem(dealId, key, opening);
    await expect(redemption).to.emit(escrow, "Credited").withArgs(dealId, account, ETHER, REST);
    await expect(redemption).to.changeEtherBalances(ethers, [account, escrow], [0n, 0n]);
    expect(await escrow.credit(account, ETHER)).to.equal(REST);
    expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(REWARD);
    const withdrawal = escrow.interface.encodeFunctionData("withdraw", [ETHER, buyer.address]);
    await expect(account.execute(escrow, withdrawal)).to.changeEtherBalances(ethers, [buyer, escrow], [REST, -REST]);
    await expect(account.execute(escrow, withdrawal)).to.be.revertedWithCustomError(escrow, "NoCredit");
  });

  for (const mood of ["False", "Two", "Short", "Lie", "Fail", "Burn", "FailBomb"] as const) {
    it(`credits the seller for the rest only, where the token refuses: ${mood}`, async () => {
      const world = await networkHelpers.loadFixture(deploySplitWorld);
      const odd = await ethers.deployContract("MoodyToken");
      await odd.mint(world.buyer, PRICE);
      await showRound(world.rewards, { token: await odd.getAddress() });
      const { escrow, seller, rewards, dealId } = await fundSplitDeal(world);
      await odd.setMood(Mood[mood], Mood.True);
      await escrow.redeem(dealId, key, opening, { gasLimit: 1_000_000n });
      expect(await escrow.credit(seller, odd)).to.equal(REST);
      expect(await escrow.rewardCredit(rewards, ROUND, odd)).to.equal(REWARD);
      expect(await odd.balanceOf(escrow)).to.equal(PRICE);
    });
  }

  it("calls nothing of the rewards contract, whatever it has become", async () => {
    const become: Record<string, (deal: SplitDeal) => Promise<unknown>> = {
      "refuses money": ({ rewards }) => rewards.setMood(FundMood.Reject),
      "burns gas": ({ rewards }) => rewards.setMood(FundMood.Burn),
      "hides its rounds": ({ rewards }) => rewards.setView(RoundView.Burn),
      "has swept the round": ({ rewards }) => showRound(rewards, { state: RoundState.Swept }),
      "takes another token": ({ rewards, stranger }) => showRound(rewards, { token: stranger.address }),
      "is gone": async ({ rewards }) => networkHelpers.setCode(await rewards.getAddress(), "0x"),
    };
    for (const [name, change] of Object.entries(become)) {
      const deal = await networkHelpers.loadFixture(fundedInEther);
      await change(deal);
      const { escrow, seller, rewards, dealId } = deal;
      const redemption = escrow.redeem(dealId, key, opening);
      await expect(redemption, name).to.changeEtherBalances(ethers, [seller, escrow], [REST, -REST]);
      expect(await escrow.rewardCredit(rewards, ROUND, ETHER), name).to.equal(REWARD);
    }
  });

  for (const asset of ["ether", "tokens"] as const) {
    for (const shift of [-1n, 0n, 1n, 365n * 86_400n]) {
      it(`gives the share to the ${shift > 0n ? "buyer" : "round"} in ${asset} ${shift} seconds after shareUntil`, async () => {
        const deal = await networkHelpers.loadFixture(asset === "ether" ? fundedInEther : fundedInTokens);
        const { escrow, seller, buyer, rewards, token, terms, dealId } = deal;
        const { shareUntil } = await escrow.splitOf(dealId);
        await nextTimestamp(shareUntil + shift);
        const redemption = escrow.redeem(dealId, key, opening);
        if (asset === "ether") {
          await expect(redemption).to.changeEtherBalances(ethers, [seller, escrow, buyer], [REST, -REST, 0n]);
        } else {
          await expect(redemption).to.changeTokenBalances(ethers, token, [seller, escrow, buyer], [REST, -REST, 0n]);
        }
        const late = shift > 0n;
        if (late) {
          await expect(redemption).to.emit(escrow, "Credited").withArgs(dealId, buyer, terms.token, REWARD);
          await expect(redemption).not.to.emit(escrow, "RewardCredited");
        } else {
          await expect(redemption)
            .to.emit(escrow, "RewardCredited")
            .withArgs(dealId, rewards, ROUND, terms.token, REWARD);
          await expect(redemption).not.to.emit(escrow, "Credited");
        }
        expect(await escrow.rewardCredit(rewards, ROUND, terms.token)).to.equal(late ? 0n : REWARD);
        expect(await escrow.credit(buyer, terms.token)).to.equal(late ? REWARD : 0n);
        expect(await escrow.credit(seller, terms.token)).to.equal(0n);
        if (!late) return;
        const withdrawal = escrow.connect(buyer).withdraw(terms.token, buyer);
        if (asset === "ether")
          await expect(withdrawal).to.changeEtherBalances(ethers, [buyer, escrow], [REWARD, -REWARD]);
        else await expect(withdrawal).to.changeTokenBalances(ethers, token, [buyer, escrow], [REWARD, -REWARD]);
        await expect(escrow.forwardReward(rewards, ROUND, terms.token)).to.be.revertedWithCustomError(
          escrow,
          "NoRewardCredit",
        );
      });
    }
  }

  it("credits the seller and the buyer, each their own, where a late payment is refused", async () => {
    const world = await networkHelpers.loadFixture(deploySplitWorld);
    const { escrow, buyer, rewards, split } = world;
    const account = await ethers.deployContract("MoodyAccount");
    const terms = await makeTerms(world, { split });
    const dealId = await escrow.dealIdOf(account, terms);
    await account.execute(escrow, escrow.interface.encodeFunctionData("offer", [terms]));
    await escrow.connect(buyer).fund(dealId, { value: PRICE });
    await account.setMood(1n);
    await nextTimestamp((await escrow.splitOf(dealId)).shareUntil + 1n);
    await escrow.redeem(dealId, key, opening);
    expect(await escrow.credit(account, ETHER)).to.equal(REST);
    expect(await escrow.credit(buyer, ETHER)).to.equal(REWARD);
    expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(0n);
  });

  it("never asks again when the round ends: what the offer has seen holds", async () => {
    const deal = await networkHelpers.loadFixture(fundedInEther);
    const { escrow, rewards, dealId } = deal;
    const { shareUntil } = await escrow.splitOf(dealId);
    await showRound(rewards, { claimUntil: 1n });
    await nextTimestamp(shareUntil);
    await escrow.redeem(dealId, key, opening);
    expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(REWARD);
  });

  describe("the share", () => {
    /** [price, basis points, share] */
    const cases: [bigint, bigint, bigint][] = [
      [10_000n, 1n, 1n],
      [9_999n, 1n, 0n],
      [19_999n, 1n, 1n],
      [1n, 9_999n, 0n],
      [2n, 9_999n, 1n],
      [10_001n, 9_999n, 9_999n],
    ];
    for (const [price, basisPoints, share] of cases) {
      it(`of ${basisPoints} basis points of ${price} is ${share}`, async () => {
        const world = await networkHelpers.loadFixture(deploySplitWorld);
        const { escrow, rewards, seller, split } = world;
        const { dealId } = await fundSplitDeal(world, { price, split: { ...split, basisPoints } });
        const redemption = escrow.redeem(dealId, key, opening);
        await expect(redemption).to.changeEtherBalances(ethers, [seller, escrow], [price - share, share - price]);
        expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(share);
      });
    }

    it("of the largest price is exact", async () => {
      const world = await networkHelpers.loadFixture(deployTokenSplitWorld);
      const { escrow, rewards, seller, buyer, token, split } = world;
      const price = 2n ** 128n - 1n;
      await token.mint(buyer, price);
      await token.connect(buyer).approve(escrow, price);
      const { dealId } = await fundSplitDeal(world, { price, split: { ...split, basisPoints: 9_999n } });
      await escrow.redeem(dealId, key, opening);
      const share = (price * 9_999n) / 10_000n;
      expect(await escrow.rewardCredit(rewards, ROUND, token)).to.equal(share);
      expect(await token.balanceOf(seller)).to.equal(price - share);
    });
  });

  it("adds the shares of deals up, and keeps rounds, contracts and tokens apart", async () => {
    const world = await networkHelpers.loadFixture(deploySplitWorld);
    const { escrow, rewards, token, split } = world;
    const other = await ethers.deployContract("MoodyRewards");
    const tokenRound = ROUND - 1n;
    const etherRound = ROUND - 2n;
    await showRound(rewards, { token: await token.getAddress() }, tokenRound);
    await showRound(rewards, {}, etherRound);
    await showRound(other);
    const elsewhere = { ...split, rewards: await other.getAddress() };
    const inTokens = { token: await token.getAddress(), split: { ...split, round: tokenRound } };
    const deals = [{}, {}, { split: { ...split, round: etherRound } }, { split: elsewhere }, inTokens];
    for (const [index, changes] of deals.entries()) {
      const given = openingAt(index);
      const deal = await fundSplitDeal(world, { ...changes, keyCommitment: given.keyCommitment });
      await escrow.redeem(deal.dealId, given.key, given.opening);
    }
    expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(2n * REWARD);
    expect(await escrow.rewardCredit(rewards, etherRound, ETHER)).to.equal(REWARD);
    expect(await escrow.rewardCredit(rewards, tokenRound, token)).to.equal(REWARD);
    expect(await escrow.rewardCredit(rewards, tokenRound, ETHER)).to.equal(0n);
    expect(await escrow.rewardCredit(other, ROUND, ETHER)).to.equal(REWARD);
    expect(await ethers.provider.getBalance(escrow)).to.equal(4n * REWARD);
  });
});

describe("ModelEscrow.refund and cancel with a split", () => {
  for (const asset of ["ether", "tokens"] as const) {
    it(`pays the whole price back in ${asset}`, async () => {
      const deal = await networkHelpers.loadFixture(asset === "ether" ? fundedInEther : fundedInTokens);
      const { escrow, buyer, rewards, token, terms, dealId } = deal;
      await nextTimestamp(await refundableFrom(deal));
      const refund = escrow.connect(buyer).refund(dealId);
      if (asset === "ether") {
        await expect(refund).to.changeEtherBalances(ethers, [buyer, escrow, rewards], [PRICE, -PRICE, 0n]);
      } else {
        await expect(refund).to.changeTokenBalances(ethers, token, [buyer, escrow, rewards], [PRICE, -PRICE, 0n]);
      }
      await expect(refund).not.to.emit(escrow, "RewardCredited");
      expect(await escrow.rewardCredit(rewards, ROUND, terms.token)).to.equal(0n);
      await expect(escrow.redeem(dealId, key, opening)).to.be.revertedWithCustomError(escrow, "WrongState");
    });
  }

  it("credits the whole price to a buyer who refuses it", async () => {
    const world = await networkHelpers.loadFixture(deploySplitWorld);
    const { escrow, seller, rewards, split } = world;
    const account = await ethers.deployContract("MoodyAccount");
    const terms = await makeTerms(world, { split, buyer: await account.getAddress() });
    const dealId = await escrow.dealIdOf(seller, terms);
    await escrow.connect(seller).offer(terms);
    await account.execute(escrow, escrow.interface.encodeFunctionData("fund", [dealId]), { value: PRICE });
    await account.setMood(1n);
    await nextTimestamp((await escrow.deal(dealId)).refundableFrom);
    await account.execute(escrow, escrow.interface.encodeFunctionData("refund", [dealId]));
    expect(await escrow.credit(account, ETHER)).to.equal(PRICE);
    expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(0n);
  });

  it("credits nothing for a cancelled offer", async () => {
    const world = await networkHelpers.loadFixture(deploySplitWorld);
    const { escrow, seller, rewards, split } = world;
    const terms = await makeTerms(world, { split });
    const dealId = await escrow.dealIdOf(seller, terms);
    await escrow.connect(seller).offer(terms);
    await escrow.connect(seller).cancel(dealId);
    expect(await escrow.stateOf(dealId)).to.equal(State.Cancelled);
    expect(await escrow.rewardCredit(rewards, ROUND, ETHER)).to.equal(0n);
  });
});
