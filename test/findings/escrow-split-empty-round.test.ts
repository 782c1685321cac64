import { expect } from "chai";
import { deployEscrow, offerAndFund, planSale, REWARD } from "../escrow/round-sale.ts";
import {
  ETHER,
  ethers,
  networkHelpers,
  NO_RESULT,
  openRound,
  registerProvider,
  settleRound,
  standardWorld,
  type RoundWorld,
} from "../rewards/fixture.ts";

/**
 * The attack: the seller opens a round of their own, accepts nobody, and promises it a share of the price. After the
 * registration the round is refunded to its owner, and with it the share: a promise to data providers that costs
 * nothing, and looks on chain like that of an honest seller.
 * Refused because a round needs a provider before a share can be promised to it. A provider never leaves a round, and a
 * round with one is never refunded to its owner.
 */
describe("finding: split to a round nobody joined", () => {
  async function emptyRound(): Promise<RoundWorld> {
    return openRound(await standardWorld());
  }

  it("refuses it while it is open, when it was refunded, and when it was swept", async () => {
    const round = await networkHelpers.loadFixture(emptyRound);
    const escrow = await deployEscrow();
    const refused = async () => {
      const { terms, seller } = await planSale(round, escrow);
      await expect(escrow.connect(seller).offer(terms))
        .to.be.revertedWithCustomError(escrow, "RoundPaysNobody")
        .withArgs(round.rewards, round.roundId);
    };
    await refused();
    await settleRound(round);
    await refused();
    await round.rewards.connect(round.owner).sweep(round.roundId, round.owner);
    await refused();
  });

  it("refuses a round that was never opened", async () => {
    const round = await networkHelpers.loadFixture(emptyRound);
    const escrow = await deployEscrow();
    const { terms, seller } = await planSale({ ...round, roundId: round.roundId + 1n }, escrow);
    await expect(escrow.connect(seller).offer(terms)).to.be.revertedWithCustomError(escrow, "RoundPaysNobody");
  });

  it("pays the one who joined, whatever the owner does", async () => {
    const round = await networkHelpers.loadFixture(emptyRound);
    const [provider] = round.providers;
    await registerProvider(round, provider!);
    const sale = await planSale(round, await deployEscrow());
    await offerAndFund(sale);
    await settleRound(round);
    await sale.escrow.redeem(sale.dealId, sale.key, sale.opening);
    await sale.escrow.forwardReward(round.rewards, round.roundId, ETHER);
    const claim = round.rewards.connect(provider!).claim(round.roundId, NO_RESULT, provider!);
    await expect(claim).to.changeEtherBalances(ethers, [provider!], [REWARD]);
  });
});
