import { expect } from "chai";
import {
  deployWorld,
  ETHER,
  ethers,
  fundDealOfAccounts,
  networkHelpers,
  OPENING,
  openingAt,
  PRICE,
  refundableFrom,
} from "../escrow/fixture.ts";

/**
 * The attack: a withdrawal that leaves the balance in the books, or clears it only after the transfer. The account
 * withdraws again, in a second transaction or from inside the first, and is paid with other people's money.
 * Refused because the credit is cleared before the transfer, and the guard closes all entries during it.
 */
describe("finding: withdraw twice", () => {
  async function creditBesideForeignMoney() {
    const world = await deployWorld();
    const account = await ethers.deployContract("MoodyAccount");
    const buyerAccount = await ethers.deployContract("MoodyAccount");
    await account.setMood(1n);
    const deal = await fundDealOfAccounts(world, account, buyerAccount);
    await world.escrow.redeem(deal.dealId, OPENING.key, OPENING.opening);
    const foreign = await fundDealOfAccounts(world, buyerAccount, account, {
      keyCommitment: openingAt(1).keyCommitment,
      price: 5n * PRICE,
    });
    return { ...world, account, foreign };
  }

  it("pays a credit once, in two transactions", async () => {
    const { escrow, account, stranger } = await networkHelpers.loadFixture(creditBesideForeignMoney);
    const data = escrow.interface.encodeFunctionData("withdraw", [ETHER, stranger.address]);
    await account.execute(escrow, data);
    await expect(account.execute(escrow, data)).to.be.revertedWithCustomError(escrow, "NoCredit");
    expect(await ethers.provider.getBalance(escrow)).to.equal(5n * PRICE);
  });

  it("pays a credit once, from inside the payment", async () => {
    const { escrow, account } = await networkHelpers.loadFixture(creditBesideForeignMoney);
    const data = escrow.interface.encodeFunctionData("withdraw", [ETHER, await account.getAddress()]);
    await account.setReentry(escrow, data);
    await account.execute(escrow, data);
    expect(await account.succeeded()).to.equal(false);
    expect(await ethers.provider.getBalance(account)).to.equal(PRICE);
    expect(await ethers.provider.getBalance(escrow)).to.equal(5n * PRICE);
  });

  it("pays a refund and a credit of the same account separately", async () => {
    const world = await networkHelpers.loadFixture(creditBesideForeignMoney);
    const { escrow, account, foreign, stranger } = world;
    await networkHelpers.time.increaseTo(await refundableFrom(foreign));
    await account.execute(escrow, escrow.interface.encodeFunctionData("refund", [foreign.dealId]));
    expect(await escrow.credit(account, ETHER)).to.equal(6n * PRICE);
    const data = escrow.interface.encodeFunctionData("withdraw", [ETHER, stranger.address]);
    await expect(account.execute(escrow, data)).to.changeEtherBalances(
      ethers,
      [stranger, escrow],
      [6n * PRICE, -6n * PRICE],
    );
  });
});
