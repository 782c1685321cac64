import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { MoodyAccount, MoodyToken } from "../../types/ethers-contracts/index.js";
import {
  deployWorld,
  ETHER,
  ethers,
  fundDeal,
  fundDealOfAccounts,
  goodMoods,
  Mood,
  networkHelpers,
  openingAt,
  PRICE,
  type World,
} from "./fixture.ts";

interface CreditWorld extends World {
  readonly account: MoodyAccount;
  readonly odd: MoodyToken;
}

/** A seller's account with two prices in ether as credit, and a seller with one price in a moody token. */
async function credits(): Promise<CreditWorld> {
  const world = await deployWorld();
  const { escrow, buyer } = world;
  const account = await ethers.deployContract("MoodyAccount");
  const buyerAccount = await ethers.deployContract("MoodyAccount");
  await account.setMood(1n);
  for (const index of [1, 2]) {
    const { key, opening, keyCommitment } = openingAt(index);
    const deal = await fundDealOfAccounts(world, account, buyerAccount, { keyCommitment });
    await escrow.redeem(deal.dealId, key, opening);
  }
  const odd = await ethers.deployContract("MoodyToken");
  await odd.mint(buyer, PRICE);
  const { key, opening, keyCommitment } = openingAt(3);
  const deal = await fundDeal(world, { token: await odd.getAddress(), keyCommitment });
  await odd.setMood(Mood.False, Mood.True);
  await escrow.redeem(deal.dealId, key, opening);
  await odd.setMood(Mood.True, Mood.True);
  return { ...world, account, odd };
}

describe("ModelEscrow.withdraw", () => {
  let world: CreditWorld;

  beforeEach(async () => {
    world = await networkHelpers.loadFixture(credits);
  });

  const withdrawAs = (account: MoodyAccount, token: string, to: string) =>
    account.execute(world.escrow, world.escrow.interface.encodeFunctionData("withdraw", [token, to]));

  it("sends all that was credited, once", async () => {
    const { escrow, account, stranger } = world;
    expect(await escrow.credit(account, ETHER)).to.equal(2n * PRICE);
    const withdrawal = withdrawAs(account, ETHER, stranger.address);
    await expect(withdrawal).to.changeEtherBalances(ethers, [stranger, escrow], [2n * PRICE, -2n * PRICE]);
    await expect(withdrawal)
      .to.emit(escrow, "Withdrawn")
      .withArgs(await account.getAddress(), ETHER, stranger.address, 2n * PRICE);
    expect(await escrow.credit(account, ETHER)).to.equal(0n);
  });

  it("keeps tokens apart", async () => {
    const { escrow, odd, seller, stranger } = world;
    await expect(escrow.connect(seller).withdraw(ETHER, stranger))
      .to.be.revertedWithCustomError(escrow, "NoCredit")
      .withArgs(seller.address, ETHER);
    await expect(escrow.connect(seller).withdraw(odd, stranger)).to.changeTokenBalances(
      ethers,
      odd,
      [stranger, escrow],
      [PRICE, -PRICE],
    );
  });

  it("keeps accounts apart", async () => {
    const { escrow, stranger } = world;
    await expect(escrow.connect(stranger).withdraw(ETHER, stranger))
      .to.be.revertedWithCustomError(escrow, "NoCredit")
      .withArgs(stranger.address, ETHER);
  });

  it("refuses the zero address and the escrow as recipients", async () => {
    const { escrow, odd, seller } = world;
    for (const to of [ZeroAddress, await escrow.getAddress()]) {
      await expect(escrow.connect(seller).withdraw(odd, to))
        .to.be.revertedWithCustomError(escrow, "InvalidRecipient")
        .withArgs(to);
    }
  });

  it("keeps the credit when the recipient rejects ether", async () => {
    const { escrow, account } = world;
    const to = await account.getAddress();
    await expect(withdrawAs(account, ETHER, to))
      .to.be.revertedWithCustomError(escrow, "WithdrawalFailed")
      .withArgs(ETHER, to, 2n * PRICE);
    expect(await escrow.credit(account, ETHER)).to.equal(2n * PRICE);
  });

  it("gives a recipient more gas than a push does", async () => {
    const { escrow, account } = world;
    await account.setSpending(500_000n);
    await expect(withdrawAs(account, ETHER, await account.getAddress())).to.changeEtherBalances(
      ethers,
      [account, escrow],
      [2n * PRICE, -2n * PRICE],
    );
  });

  for (const [name, mood] of Object.entries(Mood)) {
    if (goodMoods.has(mood)) continue;
    it(`keeps the credit when the token is in mood ${name}`, async () => {
      const { escrow, odd, seller, stranger } = world;
      await odd.setMood(mood, Mood.True);
      await expect(escrow.connect(seller).withdraw(odd, stranger))
        .to.be.revertedWithCustomError(escrow, "WithdrawalFailed")
        .withArgs(await odd.getAddress(), stranger.address, PRICE);
      expect(await escrow.credit(seller, odd)).to.equal(PRICE);
    });
  }

  it("does not pay out ether that was forced in", async () => {
    const { escrow, account, stranger } = world;
    await networkHelpers.setBalance(await escrow.getAddress(), 100n * PRICE);
    await expect(withdrawAs(account, ETHER, stranger.address)).to.changeEtherBalance(ethers, stranger, 2n * PRICE);
  });
});
