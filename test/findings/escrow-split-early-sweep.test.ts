import { expect } from "chai";
import { deployEscrow, offerAndFund, planSale, REWARD } from "../escrow/round-sale.ts";
import {
  DAY,
  ETHER,
  ethers,
  networkHelpers,
  NO_RESULT,
  registeredRound,
  settleRound,
  standardWorld,
  type RoundWorld,
} from "../rewards/fixture.ts";

/**
 * The attack: the owner of a round sells the model and promises a share to the providers, with a round whose claims end
 * before the sale can be over. The key is opened late, the share arrives when nobody may claim any more, or a second
 * before, and the owner sweeps it: the whole price has gone to the seller.
 * Refused because the round must end 30 days or more after the latest second at which the buyer could not have had a refund yet, and
 * no call can bring its end forward.
 */
describe("finding: split taken by an early sweep", () => {
  async function roundOfTwo(): Promise<RoundWorld> {
    return registeredRound(await standardWorld(), 2);
  }

  for (const shift of [-1n, 0n, 1n]) {
    it(`${shift < 0n ? "refuses" : "takes"} a round that ends 30 days and ${shift} seconds after the latest refundableFrom`, async () => {
      const round = await networkHelpers.loadFixture(roundOfTwo);
      const escrow = await deployEscrow();
      const fundableUntil = round.terms.claimUntil - 30n * DAY - DAY - shift;
      const { terms, seller } = await planSale(round, escrow, { fundableUntil });
      const offered = escrow.connect(seller).offer(terms);
      if (shift >= 0n) await expect(offered).to.emit(escrow, "Offered");
      else {
        await expect(offered)
          .to.be.revertedWithCustomError(escrow, "RoundEndsTooEarly")
          .withArgs(round.rewards, round.roundId, round.terms.claimUntil, round.terms.claimUntil + 1n);
      }
    });
  }

  it("leaves 30 days to claim after the latest redemption before the refund opens", async () => {
    const round = await networkHelpers.loadFixture(roundOfTwo);
    const escrow = await deployEscrow();
    const fundableUntil = round.terms.claimUntil - 31n * DAY;
    const sale = await planSale(round, escrow, { fundableUntil });
    await escrow.connect(sale.seller).offer(sale.terms);
    await networkHelpers.time.setNextBlockTimestamp(fundableUntil);
    await escrow.connect(sale.buyer).fund(sale.dealId, { value: sale.terms.price });
    await settleRound(round);
    await networkHelpers.time.setNextBlockTimestamp(fundableUntil + DAY - 1n);
    await escrow.redeem(sale.dealId, sale.key, sale.opening);

    const sweep = () => round.rewards.connect(round.owner).sweep(round.roundId, round.owner);
    await expect(sweep()).to.be.revertedWithCustomError(round.rewards, "ClaimsOpen");
    await networkHelpers.time.increaseTo(round.terms.claimUntil - DAY);
    await escrow.connect(round.providers[0]!).forwardReward(round.rewards, round.roundId, ETHER);
    for (const provider of round.providers.slice(0, 2)) {
      const claim = round.rewards.connect(provider).claim(round.roundId, NO_RESULT, provider);
      await expect(claim).to.changeEtherBalances(ethers, [provider], [REWARD / 2n]);
    }
    await networkHelpers.time.increaseTo(round.terms.claimUntil);
    await expect(sweep()).to.changeEtherBalances(ethers, [round.owner], [0n]);
  });

  it("gives the owner nothing of a share that comes too late", async () => {
    const round = await networkHelpers.loadFixture(roundOfTwo);
    const sale = await planSale(round, await deployEscrow());
    await offerAndFund(sale);
    await networkHelpers.time.increaseTo(round.terms.claimUntil);
    await sale.escrow.redeem(sale.dealId, sale.key, sale.opening);
    const late = () => sale.escrow.forwardReward(round.rewards, round.roundId, ETHER);
    await expect(late()).to.be.revertedWithCustomError(round.rewards, "ClaimsClosed");
    await round.rewards.connect(round.owner).sweep(round.roundId, round.owner);
    await expect(late()).to.be.revertedWithCustomError(round.rewards, "WrongState");
    await expect(sale.escrow.connect(round.owner).withdraw(ETHER, round.owner)).to.be.revertedWithCustomError(
      sale.escrow,
      "NoCredit",
    );
  });
});
