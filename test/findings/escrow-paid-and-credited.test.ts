import { expect } from "chai";
import {
  deployWorld,
  ethers,
  fundDeal,
  networkHelpers,
  nextTimestamp,
  openingAt,
  PRICE,
  refundableFrom,
  type World,
} from "../escrow/fixture.ts";

/**
 * The attack: a token moves the coins and then answers `false`, say because it asks a hook of the recipient's what to
 * answer. The recipient is paid and, since the payment seems refused, credited as well. The credit is withdrawn to
 * another account, out of the price of somebody else's deal in the same token, who in the end cannot be paid.
 * Refused because the payment is a call of the escrow's to itself that reverts unless the answer is `true`, and takes
 * back whatever was moved: there is a credit or a payment, never both.
 */
describe("finding: paid and credited", () => {
  const first = openingAt(1);
  const second = openingAt(2);

  async function twoDealsInAnAnsweringToken() {
    const world: World = await deployWorld();
    const answering = await ethers.deployContract("AnsweringToken");
    await answering.mint(world.buyer, 2n * PRICE);
    await answering.connect(world.buyer).approve(world.escrow, 2n * PRICE);
    const token = await answering.getAddress();
    const deal = await fundDeal(world, { token, keyCommitment: first.keyCommitment });
    const other = await fundDeal(world, { token, keyCommitment: second.keyCommitment });
    return { ...deal, answering, other };
  }

  it("leaves the other deal's price where it is, after a redemption", async () => {
    const { escrow, seller, stranger, dealId, answering } =
      await networkHelpers.loadFixture(twoDealsInAnAnsweringToken);
    await answering.connect(seller).deny(true);
    await escrow.redeem(dealId, first.key, first.opening);
    expect(await answering.balanceOf(seller)).to.equal(0n);
    expect(await escrow.credit(seller, answering)).to.equal(PRICE);
    await escrow.connect(seller).withdraw(answering, stranger);
    expect(await answering.balanceOf(escrow)).to.equal(PRICE);
  });

  it("leaves the other deal's price where it is, after a refund", async () => {
    const deal = await networkHelpers.loadFixture(twoDealsInAnAnsweringToken);
    const { escrow, buyer, dealId, answering, other, stranger } = deal;
    await answering.connect(buyer).deny(true);
    await nextTimestamp(await refundableFrom(deal));
    await escrow.connect(buyer).refund(dealId);
    expect(await answering.balanceOf(buyer)).to.equal(0n);
    await escrow.connect(buyer).withdraw(answering, stranger);
    await escrow.redeem(other.dealId, second.key, second.opening);
    expect(await answering.balanceOf(deal.seller)).to.equal(PRICE);
  });

  it("lets nobody else make the payment", async () => {
    const { escrow, seller, answering } = await networkHelpers.loadFixture(twoDealsInAnAnsweringToken);
    await expect(escrow.connect(seller).pushToken(answering, seller, PRICE))
      .to.be.revertedWithCustomError(escrow, "SelfCallOnly")
      .withArgs(seller.address);
  });
});
