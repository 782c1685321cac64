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
 * no call can bring its end forward. A buyer who never takes the refund lets the key come even later: then, from 30 days before the end
 * of the round on, the share is the buyer's and not the round's, so that a sweep finds nothing of it and nothing is stuck.
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

  it("leaves 30 days to claim after the latest redemption that shares, however late it is", async () => {
    const round = await networkHelpers.loadFixture(roundOfTwo);
    const sale = await planSale(round, await deployEscrow());
    const { escrow, dealId } = sale;
    await offerAndFund(sale);
    await settleRound(round);
    const { shareUntil } = await escrow.splitOf(dealId);
    expect(shareUntil).to.equal(round.terms.claimUntil - 30n * DAY);
    await networkHelpers.time.setNextBlockTimestamp(shareUntil);
    await escrow.redeem(dealId, sale.key, sale.opening);
    await networkHelpers.time.setNextBlockTimestamp(round.terms.claimUntil);
    await escrow.forwardReward(round.rewards, round.roundId, ETHER);
    expect(await round.rewards.claimable(round.roundId, round.providers[0]!, NO_RESULT)).to.equal(REWARD / 2n);
  });

  const moments = {
    "a second after shareUntil": (claimUntil: bigint) => claimUntil - 30n * DAY + 1n,
    "two seconds before the end of the claims": (claimUntil: bigint) => claimUntil - 2n,
    "after the claims": (claimUntil: bigint) => claimUntil + 1n,
    "years later": (claimUntil: bigint) => claimUntil + 1_000n * DAY,
  };
  for (const [name, momentOf] of Object.entries(moments)) {
    it(`gives the owner, who is the seller, nothing of a share of which the key comes ${name}`, async () => {
      const round = await networkHelpers.loadFixture(roundOfTwo);
      const sale = await planSale(round, await deployEscrow());
      const { escrow, dealId, seller, buyer } = sale;
      expect(seller.address).to.equal(round.owner.address);
      await offerAndFund(sale);
      await settleRound(round);
      const moment = momentOf(round.terms.claimUntil);
      await networkHelpers.time.setNextBlockTimestamp(moment);
      await expect(escrow.connect(seller).redeem(dealId, sale.key, sale.opening)).to.changeEtherBalances(
        ethers,
        [seller, escrow],
        [sale.terms.price - REWARD, REWARD - sale.terms.price],
      );
      // Nothing to forward in the last second, nothing to sweep after it.
      await expect(escrow.forwardReward(round.rewards, round.roundId, ETHER)).to.be.revertedWithCustomError(
        escrow,
        "NoRewardCredit",
      );
      if (moment <= round.terms.claimUntil) await networkHelpers.time.increaseTo(round.terms.claimUntil);
      await expect(round.rewards.connect(round.owner).sweep(round.roundId, round.owner)).to.changeEtherBalances(
        ethers,
        [round.owner],
        [0n],
      );
      await expect(escrow.connect(seller).withdraw(ETHER, seller)).to.be.revertedWithCustomError(escrow, "NoCredit");

      // And nothing is stuck.
      await expect(escrow.connect(buyer).withdraw(ETHER, buyer)).to.changeEtherBalances(
        ethers,
        [buyer, escrow],
        [REWARD, -REWARD],
      );
      expect(await ethers.provider.getBalance(escrow)).to.equal(0n);
    });
  }
});
