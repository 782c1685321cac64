import { expect } from "chai";
import { ETHER, ethers, networkHelpers, OPENING, openingAt, PRICE, State } from "../escrow/fixture.ts";
import {
  deploySplitWorld,
  FundMood,
  fundSplitDeal,
  REWARD,
  ROUND,
  RoundView,
  showRound,
  type SplitWorld,
} from "../escrow/split-fixture.ts";

/**
 * The attack: a rewards contract that turns bad after the offer, or always was. It wants to block the redemption of a
 * key that is public by then, to take more than its share from the pool of all deals, to be paid twice, or to hand the
 * providers' share to seller or owner.
 * Refused because a redemption calls nothing of it, and forwarding hands over exactly one round's own credit: as value, or
 * by an allowance that must be used up while the balance falls by just as much. Whatever else happens undoes the call. No
 * way leads from a round's credit to an account of the deal.
 */
describe("finding: split taken by a malicious rewards contract", () => {
  async function twoDeals(): Promise<SplitWorld & { readonly dealId: bigint; readonly asset: string }> {
    const world = await deploySplitWorld();
    await showRound(world.rewards, { token: await world.token.getAddress() });
    const { dealId, terms } = await fundSplitDeal(world);
    await fundSplitDeal(world, { keyCommitment: openingAt(1).keyCommitment });
    return { ...world, dealId, asset: terms.token as string };
  }

  it("cannot block a redemption", async () => {
    for (const mood of Object.values(FundMood)) {
      const { escrow, rewards, dealId } = await networkHelpers.loadFixture(twoDeals);
      await rewards.setMood(mood);
      await rewards.setView(RoundView.Burn);
      await escrow.redeem(dealId, OPENING.key, OPENING.opening);
      expect(await escrow.stateOf(dealId)).to.equal(State.Redeemed);
    }
  });

  it("cannot reach another deal's price, by no mood of its own", async () => {
    for (const mood of Object.values(FundMood)) {
      const { escrow, rewards, token, dealId } = await networkHelpers.loadFixture(twoDeals);
      await escrow.redeem(dealId, OPENING.key, OPENING.opening);
      await rewards.setMood(mood);
      await escrow.forwardReward(rewards, ROUND, token, { gasLimit: 1_000_000n }).catch(() => undefined);
      const taken = await token.balanceOf(rewards);
      expect(taken === 0n || taken === REWARD, `mood ${mood}`).to.equal(true);
      expect(await escrow.rewardCredit(rewards, ROUND, token)).to.equal(REWARD - taken);
      expect(await token.balanceOf(escrow)).to.equal(PRICE + REWARD - taken);
      const more = token.interface.encodeFunctionData("transferFrom", [
        await escrow.getAddress(),
        await rewards.getAddress(),
        1n,
      ]);
      await expect(rewards.execute(token, more)).to.revert(ethers);
    }
  });

  it("cannot be paid twice by calling back", async () => {
    const { escrow, rewards, token, dealId } = await networkHelpers.loadFixture(twoDeals);
    await escrow.redeem(dealId, OPENING.key, OPENING.opening);
    const again: [string, bigint, string] = [await rewards.getAddress(), ROUND, await token.getAddress()];
    await rewards.setReentry(escrow, escrow.interface.encodeFunctionData("forwardReward", again));
    await escrow.forwardReward(...again);
    expect(await rewards.succeeded()).to.equal(false);
    expect(await token.balanceOf(rewards)).to.equal(REWARD);
    await expect(escrow.forwardReward(...again)).to.be.revertedWithCustomError(escrow, "NoRewardCredit");
  });

  it("cannot draw a round's share in another round's name, or in another token", async () => {
    const { escrow, rewards, token, dealId } = await networkHelpers.loadFixture(twoDeals);
    await escrow.redeem(dealId, OPENING.key, OPENING.opening);
    await showRound(rewards, { token: await token.getAddress() }, 1n);
    await expect(escrow.forwardReward(rewards, 1n, token)).to.be.revertedWithCustomError(escrow, "NoRewardCredit");
    await expect(escrow.forwardReward(rewards, ROUND, ETHER)).to.be.revertedWithCustomError(escrow, "NoRewardCredit");
  });

  it("leaves nothing of the share to the accounts of the deal", async () => {
    const { escrow, rewards, token, seller, buyer, dealId } = await networkHelpers.loadFixture(twoDeals);
    await escrow.redeem(dealId, OPENING.key, OPENING.opening);
    await rewards.setMood(FundMood.Reject);
    await expect(escrow.forwardReward(rewards, ROUND, token)).to.revert(ethers);
    for (const account of [seller, buyer]) {
      await expect(escrow.connect(account).withdraw(token, account)).to.be.revertedWithCustomError(escrow, "NoCredit");
    }
    const data = escrow.interface.encodeFunctionData("withdraw", [await token.getAddress(), seller.address]);
    await expect(rewards.execute(escrow, data)).to.be.revertedWithCustomError(escrow, "NoCredit");
    expect(await escrow.rewardCredit(rewards, ROUND, token)).to.equal(REWARD);
  });
});
