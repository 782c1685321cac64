import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import hre from "hardhat";
import { deployWorld, fundDeal, networkHelpers, nextTimestamp, offerDeal, OPENING, refundableFrom } from "./fixture.ts";

/** The bars of the issue: whole transactions, in ether, plain accounts, no split. Gas is deterministic. */
const bars = { fund: 60_000n, redeem: 90_000n, refund: 55_000n } as const;
const codeSizeLimit = 24_576;

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sent).wait();
  expect(receipt?.status).to.equal(1);
  return receipt!.gasUsed;
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

  it(`fits into ${codeSizeLimit} bytes of runtime code`, async () => {
    const { deployedBytecode } = await hre.artifacts.readArtifact("ModelEscrow");
    const size = (deployedBytecode.length - 2) / 2;
    expect(size).to.be.at.most(codeSizeLimit);
  });
});
