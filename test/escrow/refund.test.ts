import { expect } from "chai";
import {
  DAY,
  deployWorld,
  ethers,
  fundDeal,
  networkHelpers,
  nextTimestamp,
  PRICE,
  refundableFrom,
  State,
  storedDeal,
  type DealWorld,
} from "./fixture.ts";

async function fundedInEther(): Promise<DealWorld> {
  return fundDeal(await deployWorld());
}

async function fundedInTokens(): Promise<DealWorld> {
  const world = await deployWorld();
  return fundDeal(world, { token: await world.token.getAddress() });
}

describe("ModelEscrow.refund", () => {
  it("pays the buyer in ether", async () => {
    const deal = await networkHelpers.loadFixture(fundedInEther);
    const { escrow, buyer, dealId } = deal;
    await nextTimestamp(await refundableFrom(deal));
    const refund = escrow.connect(buyer).refund(dealId);
    await expect(refund).to.changeEtherBalances(ethers, [buyer, escrow], [PRICE, -PRICE]);
    await expect(refund).to.emit(escrow, "Refunded").withArgs(dealId);
    await expect(refund).not.to.emit(escrow, "Credited");
  });

  it("pays the buyer in tokens", async () => {
    const deal = await networkHelpers.loadFixture(fundedInTokens);
    const { escrow, token, buyer, dealId } = deal;
    await nextTimestamp(await refundableFrom(deal));
    const refund = escrow.connect(buyer).refund(dealId);
    await expect(refund).to.changeTokenBalances(ethers, token, [buyer, escrow], [PRICE, -PRICE]);
  });

  it("says from when on it is possible", async () => {
    const deal = await networkHelpers.loadFixture(fundedInEther);
    const from = await refundableFrom(deal);
    await nextTimestamp(from - 1n);
    await expect(deal.escrow.connect(deal.buyer).refund(deal.dealId))
      .to.be.revertedWithCustomError(deal.escrow, "NotRefundableYet")
      .withArgs(deal.dealId, from);
  });

  it("is the buyer's alone, however late", async () => {
    const deal = await networkHelpers.loadFixture(fundedInEther);
    await nextTimestamp((await refundableFrom(deal)) + BigInt(1_000 * DAY));
    for (const caller of [deal.seller, deal.stranger]) {
      await expect(deal.escrow.connect(caller).refund(deal.dealId))
        .to.be.revertedWithCustomError(deal.escrow, "UnauthorizedCaller")
        .withArgs(deal.dealId, caller.address, deal.buyer.address);
    }
  });

  it("leaves the terms as they were offered", async () => {
    const deal = await networkHelpers.loadFixture(fundedInEther);
    const before = await storedDeal(deal);
    await nextTimestamp(await refundableFrom(deal));
    await deal.escrow.connect(deal.buyer).refund(deal.dealId);
    expect(await storedDeal(deal)).to.deep.equal({ ...before, state: State.Refunded });
  });
});
