import { expect } from "chai";
import {
  deployWorld,
  ethers,
  fundDeal,
  networkHelpers,
  openingAt,
  PRICE,
  State,
  type World,
} from "../escrow/fixture.ts";

/**
 * The attack: a token takes a fee from the sender on top of the amount. At funding the buyer pays it and the escrow
 * gets exactly the price, so that the token looks good. At each payout the escrow pays it, out of the prices of the other
 * deals in that token, of which the last ones cannot be paid any more. A pair of accounts that sells to itself can
 * drain the pool so.
 * Refused because a payout after which the escrow's balance is not smaller by exactly the amount is taken back and
 * stays as a credit, which harms nobody but the two who chose the token.
 */
describe("finding: surcharge from the pool", () => {
  const openings = [openingAt(1), openingAt(2)] as const;

  async function twoDealsWithSurcharge() {
    const world: World = await deployWorld();
    const surcharging = await ethers.deployContract("SurchargeToken");
    await surcharging.mint(world.buyer, 3n * PRICE);
    await surcharging.connect(world.buyer).approve(world.escrow, 2n * PRICE);
    const token = await surcharging.getAddress();
    const first = await fundDeal(world, { token, keyCommitment: openings[0].keyCommitment });
    const second = await fundDeal(world, { token, keyCommitment: openings[1].keyCommitment });
    return { ...world, surcharging, first, second };
  }

  it("is not seen at funding", async () => {
    const { escrow, surcharging, first } = await networkHelpers.loadFixture(twoDealsWithSurcharge);
    expect(await escrow.stateOf(first.dealId)).to.equal(State.Funded);
    expect(await surcharging.balanceOf(escrow)).to.equal(2n * PRICE);
  });

  it("leaves the pool with the price of every deal, and the seller with a credit", async () => {
    const { escrow, seller, surcharging, first } = await networkHelpers.loadFixture(twoDealsWithSurcharge);
    await expect(escrow.redeem(first.dealId, openings[0].key, openings[0].opening)).to.emit(escrow, "Credited");
    expect(await surcharging.balanceOf(escrow)).to.equal(2n * PRICE);
    expect(await escrow.credit(seller, surcharging)).to.equal(PRICE);
  });

  it("cannot be paid from the pool by a withdrawal either", async () => {
    const { escrow, seller, surcharging, first } = await networkHelpers.loadFixture(twoDealsWithSurcharge);
    await escrow.redeem(first.dealId, openings[0].key, openings[0].opening);
    await expect(escrow.connect(seller).withdraw(surcharging, seller)).to.be.revertedWithCustomError(
      escrow,
      "WithdrawalFailed",
    );
    expect(await surcharging.balanceOf(escrow)).to.equal(2n * PRICE);
  });
});
