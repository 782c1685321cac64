import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import hre from "hardhat";
import { deployWorld, fundDeal, networkHelpers, nextTimestamp, offerDeal, OPENING, refundableFrom } from "./fixture.ts";
import { deploySplitWorld, deployTokenSplitWorld, fundSplitDeal, type SplitDeal } from "./split-fixture.ts";

/** The bars of the issue: whole transactions, in ether, plain accounts, no split. Gas is deterministic. */
const bars = { fund: 60_000n, redeem: 90_000n, refund: 55_000n } as const;
/** Own bars of deals with a split. The first share of a round writes a new word. */
const splitBars = { redeem: 120_000n, redeemInTokens: 140_000n, refund: 55_000n } as const;
const codeSizeLimit = 24_576;

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sent).wait();
  expect(receipt?.status).to.equal(1);
  return receipt!.gasUsed;
}

async function splitDealInEther(): Promise<SplitDeal> {
  return fundSplitDeal(await deploySplitWorld());
}

async function splitDealInTokens(): Promise<SplitDeal> {
  return fundSplitDeal(await deployTokenSplitWorld());
}

describe("ModelEscrow, gas and size", () => {
  it(`funds with at most ${bars.fund} gas`, async () => {
    const deal = await offerDeal(await networkHelpers.loadFixture(deployWorld));
    const gas = await gasOf(deal.escrow.connect(deal.buyer).fund(deal.dealId, { value: deal.terms.price }));
    expect(gas <= bars.fund).to.equal(true);
  });

  it(`redeems with at most ${bars.redeem} gas`, async () => {
    const deal = await fundDeal(await networkHelpers.loadFixture(deployWorld));
    const gas = await gasOf(deal.escrow.connect(deal.seller).redeem(deal.dealId, OPENING.key, OPENING.opening));
    expect(gas <= bars.redeem).to.equal(true);
  });

  it(`refunds with at most ${bars.refund} gas`, async () => {
    const deal = await fundDeal(await networkHelpers.loadFixture(deployWorld));
    await nextTimestamp(await refundableFrom(deal));
    const gas = await gasOf(deal.escrow.connect(deal.buyer).refund(deal.dealId));
    expect(gas <= bars.refund).to.equal(true);
  });

  it(`redeems with a split with at most ${splitBars.redeem} gas`, async () => {
    const deal = await networkHelpers.loadFixture(splitDealInEther);
    const redemption = deal.escrow.connect(deal.seller).redeem(deal.dealId, OPENING.key, OPENING.opening);
    const gas = await gasOf(redemption);
    expect(gas <= splitBars.redeem).to.equal(true);
  });

  it(`redeems with a split in tokens with at most ${splitBars.redeemInTokens} gas`, async () => {
    const deal = await networkHelpers.loadFixture(splitDealInTokens);
    const redemption = deal.escrow.connect(deal.seller).redeem(deal.dealId, OPENING.key, OPENING.opening);
    const gas = await gasOf(redemption);
    expect(gas <= splitBars.redeemInTokens).to.equal(true);
  });

  it(`refunds with a split with at most ${splitBars.refund} gas`, async () => {
    const deal = await networkHelpers.loadFixture(splitDealInEther);
    await nextTimestamp(await refundableFrom(deal));
    const gas = await gasOf(deal.escrow.connect(deal.buyer).refund(deal.dealId));
    expect(gas <= splitBars.refund).to.equal(true);
  });

  it(`fits into ${codeSizeLimit} bytes of runtime code`, async () => {
    const { deployedBytecode } = await hre.artifacts.readArtifact("ModelEscrow");
    const size = (deployedBytecode.length - 2) / 2;
    expect(size).to.be.at.most(codeSizeLimit);
  });
});
