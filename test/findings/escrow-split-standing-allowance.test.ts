import { expect } from "chai";
import { ethers, networkHelpers, OPENING, openingAt, PRICE } from "../escrow/fixture.ts";
import {
  deployTokenSplitWorld,
  FundMood,
  fundSplitDeal,
  REWARD,
  ROUND,
  type SplitDeal,
} from "../escrow/split-fixture.ts";

/**
 * The attack: the escrow allows a rewards contract to take a share, and the contract takes less of it, or nothing. It
 * keeps the rest of the allowance, gets the share again by another call, and later draws the rest from what other
 * buyers have locked.
 * Refused because the allowance is the exact share and must be zero again when the rewards contract returns; else all
 * is undone, the allowance too.
 */
describe("finding: standing allowance left behind", () => {
  async function twoDeals(): Promise<SplitDeal> {
    const world = await deployTokenSplitWorld();
    const deal = await fundSplitDeal(world);
    await fundSplitDeal(world, { keyCommitment: openingAt(1).keyCommitment });
    await deal.escrow.redeem(deal.dealId, OPENING.key, OPENING.opening);
    return deal;
  }

  async function draw({ escrow, rewards, token }: SplitDeal, amount: bigint) {
    const data = token.interface.encodeFunctionData("transferFrom", [
      await escrow.getAddress(),
      await rewards.getAddress(),
      amount,
    ]);
    return rewards.execute(token, data);
  }

  for (const [mood, left] of [["TakeNothing", REWARD] as const, ["TakeLess", 1n] as const]) {
    it(`undoes the allowance of a contract that would leave ${left} of it: ${mood}`, async () => {
      const deal = await networkHelpers.loadFixture(twoDeals);
      const { escrow, rewards, token } = deal;
      await rewards.setMood(FundMood[mood]);
      await expect(escrow.forwardReward(rewards, ROUND, token))
        .to.be.revertedWithCustomError(escrow, "StandingAllowance")
        .withArgs(rewards, token, left);
      expect(await token.allowance(escrow, rewards)).to.equal(0n);
      await expect(draw(deal, 1n)).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
      expect(await token.balanceOf(escrow)).to.equal(PRICE + REWARD);
    });
  }

  it("leaves none after a share was forwarded", async () => {
    const deal = await networkHelpers.loadFixture(twoDeals);
    const { escrow, rewards, token } = deal;
    await escrow.forwardReward(rewards, ROUND, token);
    await expect(draw(deal, 1n)).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
    expect(await token.balanceOf(escrow)).to.equal(PRICE);
  });

  it("allows nothing before a share is forwarded", async () => {
    const deal = await networkHelpers.loadFixture(twoDeals);
    await expect(draw(deal, 1n)).to.revert(ethers);
  });
});
