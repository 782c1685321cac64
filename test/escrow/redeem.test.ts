import { FIELD_ORDER } from "@zkcmp/field/element";
import { expect } from "chai";
import {
  DAY,
  deployWorld,
  ethers,
  fundDeal,
  networkHelpers,
  nextTimestamp,
  OPENING,
  openingAt,
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

describe("ModelEscrow.redeem", () => {
  it("opens the key and pays the seller in ether, whoever calls", async () => {
    for (const caller of ["seller", "buyer", "stranger"] as const) {
      const deal = await networkHelpers.loadFixture(fundedInEther);
      const { escrow, seller, dealId } = deal;
      const redemption = escrow.connect(deal[caller]).redeem(dealId, OPENING.key, OPENING.opening);
      await expect(redemption).to.changeEtherBalances(ethers, [seller, escrow], [PRICE, -PRICE]);
      await expect(redemption).to.emit(escrow, "Redeemed").withArgs(dealId, OPENING.key, OPENING.opening);
      await expect(redemption).not.to.emit(escrow, "Credited");
    }
  });

  it("opens the key and pays the seller in tokens, whoever calls", async () => {
    for (const caller of ["seller", "buyer", "stranger"] as const) {
      const deal = await networkHelpers.loadFixture(fundedInTokens);
      const { escrow, token, seller, dealId } = deal;
      const redemption = escrow.connect(deal[caller]).redeem(dealId, OPENING.key, OPENING.opening);
      await expect(redemption).to.changeTokenBalances(ethers, token, [seller, escrow], [PRICE, -PRICE]);
      await expect(redemption).not.to.emit(escrow, "Credited");
    }
  });

  it("leaves the terms as they were offered", async () => {
    const deal = await networkHelpers.loadFixture(fundedInEther);
    const before = await storedDeal(deal);
    await deal.escrow.redeem(deal.dealId, OPENING.key, OPENING.opening);
    expect(await storedDeal(deal)).to.deep.equal({ ...before, state: State.Redeemed });
  });

  it("is possible long after refundableFrom, as long as there was no refund", async () => {
    const deal = await networkHelpers.loadFixture(fundedInEther);
    await nextTimestamp((await refundableFrom(deal)) + BigInt(1_000 * DAY));
    await expect(deal.escrow.redeem(deal.dealId, OPENING.key, OPENING.opening)).to.emit(deal.escrow, "Redeemed");
  });

  it("takes no ether", async () => {
    const { escrow, stranger, dealId } = await networkHelpers.loadFixture(fundedInEther);
    const data = escrow.interface.encodeFunctionData("redeem", [dealId, OPENING.key, OPENING.opening]);
    await expect(stranger.sendTransaction({ to: escrow, data, value: 1n })).to.revert(ethers);
  });

  const { key, opening } = OPENING;
  const other = openingAt(1);
  const wrong: Record<string, [bigint, bigint]> = {
    "another key": [key + 1n, opening],
    "another opening": [key, opening + 1n],
    "key and opening exchanged": [opening, key],
    "another deal's key and opening": [other.key, other.opening],
    "the smallest values": [1n, 1n],
    "the largest values": [FIELD_ORDER - 1n, FIELD_ORDER - 1n],
  };
  for (const [name, values] of Object.entries(wrong)) {
    it(`refuses ${name}`, async () => {
      const { escrow, dealId } = await networkHelpers.loadFixture(fundedInEther);
      await expect(escrow.redeem(dealId, ...values))
        .to.be.revertedWithCustomError(escrow, "WrongOpening")
        .withArgs(dealId);
    });
  }

  const nonCanonical: Record<string, [bigint, bigint]> = {
    "a key of 0": [0n, opening],
    "an opening of 0": [key, 0n],
    "a key of r": [FIELD_ORDER, opening],
    "an opening of r": [key, FIELD_ORDER],
    "the key + r": [key + FIELD_ORDER, opening],
    "the opening + r": [key, opening + FIELD_ORDER],
    "the largest words": [2n ** 256n - 1n, 2n ** 256n - 1n],
  };
  for (const [name, values] of Object.entries(nonCanonical)) {
    it(`refuses ${name}`, async () => {
      const { escrow, dealId } = await networkHelpers.loadFixture(fundedInEther);
      await expect(escrow.redeem(dealId, ...values))
        .to.be.revertedWithCustomError(escrow, "NonCanonicalOpening")
        .withArgs(dealId);
    });
  }

  it("can be tried again after a wrong opening", async () => {
    const { escrow, dealId } = await networkHelpers.loadFixture(fundedInEther);
    await expect(escrow.redeem(dealId, 1n, 1n)).to.be.revertedWithCustomError(escrow, "WrongOpening");
    await expect(escrow.redeem(dealId, key, opening)).to.emit(escrow, "Redeemed");
  });

  it("pays one deal only, when two sellers use the same commitment", async () => {
    const deal = await networkHelpers.loadFixture(fundedInEther);
    const { escrow, seller, stranger } = deal;
    const copy = await fundDeal({ ...deal, seller: stranger });
    const redemption = escrow.redeem(deal.dealId, key, opening);
    await expect(redemption).to.changeEtherBalances(ethers, [seller, stranger], [PRICE, 0n]);
    expect(await escrow.stateOf(copy.dealId)).to.equal(State.Funded);
  });
});
