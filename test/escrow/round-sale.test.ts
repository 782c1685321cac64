import { expect } from "chai";
import {
  DAY,
  ETHER,
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  NO_RESULT,
  POOL,
  registeredRound,
  settleRound,
  standardWorld,
  submitRound,
  type RoundResult,
  type RoundWorld,
} from "../rewards/fixture.ts";
import { PRICE } from "./fixture.ts";
import { deployEscrow, offerAndFund, planSale, REWARD, type RoundSale } from "./round-sale.ts";

/** The escrow and the true rewards contract together: a sale tops up the round of the providers whose data made the model. */

interface SoldRound {
  readonly round: RoundWorld;
  readonly sale: RoundSale;
}

async function soldRound(inTokens: boolean): Promise<SoldRound> {
  const world = await standardWorld();
  const round = await registeredRound(world, 3, inTokens ? { token: await world.token.getAddress() } : {});
  const escrow = await deployEscrow();
  if (inTokens) await world.token.connect(world.stranger).approve(escrow, PRICE);
  const sale = await planSale(round, escrow);
  await offerAndFund(sale);
  return { round, sale };
}

async function soldInEther(): Promise<SoldRound> {
  return soldRound(false);
}

async function soldInTokens(): Promise<SoldRound> {
  return soldRound(true);
}

/** What each provider has after all have claimed. */
async function claimAll({ rewards, roundId, providers, entries }: RoundWorld, result: RoundResult): Promise<bigint[]> {
  const paid: bigint[] = [];
  for (const provider of providers.slice(0, entries.length)) {
    await rewards.claimFor(roundId, result, provider);
    paid.push((await rewards.getFunction("provider")(roundId, provider)).paid as bigint);
  }
  return paid;
}

describe("ModelEscrow and ShapleyRewards", () => {
  for (const asset of ["ether", "tokens"] as const) {
    it(`share a sale's price among the providers by their values, in ${asset}, also after claims`, async () => {
      const { round, sale } = await networkHelpers.loadFixture(asset === "ether" ? soldInEther : soldInTokens);
      const { escrow, dealId, key, opening, terms } = sale;
      await fundRound(round);
      const result = await submitRound(round, goodValues(round));
      expect(await claimAll(round, result)).to.deep.equal([POOL / 6n, POOL / 3n, POOL / 2n]);

      await escrow.redeem(dealId, key, opening);
      await escrow.forwardReward(round.rewards, round.roundId, terms.token);
      const { pool } = await round.rewards.round(round.roundId);
      expect(pool).to.equal(POOL + REWARD);
      expect(await claimAll(round, result)).to.deep.equal([pool / 6n, pool / 3n, pool / 2n]);
      if (asset === "tokens") {
        expect(await round.token.allowance(escrow, round.rewards)).to.equal(0n);
        expect(await round.token.balanceOf(escrow)).to.equal(0n);
      } else expect(await ethers.provider.getBalance(escrow)).to.equal(0n);
    });
  }

  it("share it equally where no proof comes, though nothing else was paid in", async () => {
    const { round, sale } = await networkHelpers.loadFixture(soldInEther);
    await sale.escrow.redeem(sale.dealId, sale.key, sale.opening);
    await sale.escrow.forwardReward(round.rewards, round.roundId, ETHER);
    await settleRound(round);
    expect(await claimAll(round, NO_RESULT)).to.deep.equal([REWARD / 3n, REWARD / 3n, REWARD / 3n]);
  });

  it("keep a share that comes after the round's end where it is", async () => {
    const { round, sale } = await networkHelpers.loadFixture(soldInEther);
    await sale.escrow.redeem(sale.dealId, sale.key, sale.opening);
    await networkHelpers.time.increaseTo(round.terms.claimUntil + DAY);
    await expect(sale.escrow.forwardReward(round.rewards, round.roundId, ETHER)).to.be.revertedWithCustomError(
      round.rewards,
      "ClaimsClosed",
    );
    await round.rewards.connect(round.owner).sweep(round.roundId, round.owner);
    await expect(sale.escrow.forwardReward(round.rewards, round.roundId, ETHER)).to.be.revertedWithCustomError(
      round.rewards,
      "WrongState",
    );
    expect(await sale.escrow.rewardCredit(round.rewards, round.roundId, ETHER)).to.equal(REWARD);
  });

  it("cost no redemption when the round is over", async () => {
    const { round, sale } = await networkHelpers.loadFixture(soldInEther);
    await networkHelpers.time.increaseTo(round.terms.claimUntil + DAY);
    await round.rewards.connect(round.owner).sweep(round.roundId, round.owner);
    await expect(sale.escrow.redeem(sale.dealId, sale.key, sale.opening)).to.changeEtherBalances(
      ethers,
      [sale.seller],
      [PRICE - REWARD],
    );
  });
});
