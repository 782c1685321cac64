import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import type { BlockListToken, MoodyAccount, MoodyToken } from "../../types/ethers-contracts/index.js";
import {
  deployWorld,
  ETHER,
  ethers,
  fundDeal,
  fundDealOfAccounts,
  goodMoods,
  Mood,
  networkHelpers,
  nextTimestamp,
  OPENING,
  PRICE,
  refundableFrom,
  State,
  type DealWorld,
} from "./fixture.ts";

/** How a payout ends when the recipient or the token misbehaves: pushed or credited, never reverted. */

type Exit = "redeem" | "refund";
const exits: readonly Exit[] = ["redeem", "refund"];

interface AccountsWorld extends DealWorld {
  readonly sellerAccount: MoodyAccount;
  readonly buyerAccount: MoodyAccount;
}

async function fundedBetweenAccounts(): Promise<AccountsWorld> {
  const world = await deployWorld();
  const sellerAccount = await ethers.deployContract("MoodyAccount");
  const buyerAccount = await ethers.deployContract("MoodyAccount");
  const deal = await fundDealOfAccounts(world, sellerAccount, buyerAccount);
  return { ...deal, sellerAccount, buyerAccount };
}

interface TokenWorld<Token> extends DealWorld {
  readonly odd: Token;
}

async function fundedInMoodyToken(): Promise<TokenWorld<MoodyToken>> {
  const world = await deployWorld();
  const odd = await ethers.deployContract("MoodyToken");
  await odd.mint(world.buyer, PRICE);
  return { ...(await fundDeal(world, { token: await odd.getAddress() })), odd };
}

async function fundedInBlockListToken(): Promise<TokenWorld<BlockListToken>> {
  const world = await deployWorld();
  const odd = await ethers.deployContract("BlockListToken");
  await odd.mint(world.buyer, PRICE);
  await odd.connect(world.buyer).approve(world.escrow, PRICE);
  return { ...(await fundDeal(world, { token: await odd.getAddress() })), odd };
}

/** Takes one of the two exits: redeemed by a relayer, or refunded by the buyer, an account with code if given. */
async function take(exit: Exit, deal: DealWorld, buyer?: MoodyAccount): Promise<ContractTransactionResponse> {
  const { escrow, stranger, dealId } = deal;
  if (exit === "redeem") return escrow.connect(stranger).redeem(dealId, OPENING.key, OPENING.opening);
  await nextTimestamp(await refundableFrom(deal));
  if (buyer === undefined) return escrow.connect(deal.buyer).refund(dealId);
  return buyer.connect(stranger).execute(escrow, escrow.interface.encodeFunctionData("refund", [dealId]));
}

const closedBy = { redeem: State.Redeemed, refund: State.Refunded } as const;

for (const exit of exits) {
  const role = exit === "redeem" ? "seller" : "buyer";

  describe(`ModelEscrow, payout of ether by ${exit}`, () => {
    const moods: Record<string, { set: (account: MoodyAccount) => Promise<unknown>; pushed: boolean }> = {
      "takes it at once": { set: (account) => account.setMood(0n), pushed: true },
      "rejects it": { set: (account) => account.setMood(1n), pushed: false },
      "needs 40,000 gas, as smart wallets do": { set: (account) => account.setSpending(40_000n), pushed: true },
      "needs 55,000 gas": { set: (account) => account.setSpending(55_000n), pushed: true },
      "needs 70,000 gas": { set: (account) => account.setSpending(70_000n), pushed: false },
      "burns all gas": { set: (account) => account.setMood(3n), pushed: false },
      "answers with 120,000 bytes": { set: (account) => account.setBomb(120_000n, false), pushed: true },
      "reverts with 120,000 bytes": { set: (account) => account.setBomb(120_000n, true), pushed: false },
      "answers with more than its gas pays for": {
        set: (account) => account.setBomb(10_000_000n, false),
        pushed: false,
      },
    };
    for (const [name, { set, pushed }] of Object.entries(moods)) {
      it(`is ${pushed ? "pushed" : "credited"} when the ${role} ${name}`, async () => {
        const deal = await networkHelpers.loadFixture(fundedBetweenAccounts);
        const { escrow, sellerAccount, buyerAccount, dealId } = deal;
        const account = exit === "redeem" ? sellerAccount : buyerAccount;
        await set(account);

        const exiting = take(exit, deal, buyerAccount);
        const [paid, credited] = pushed ? [PRICE, 0n] : [0n, PRICE];
        await expect(exiting).to.changeEtherBalances(ethers, [account, escrow], [paid, -paid]);
        expect(await escrow.credit(account, ETHER)).to.equal(credited);
        expect(await escrow.stateOf(dealId)).to.equal(closedBy[exit]);
        if (pushed) {
          await expect(exiting).not.to.emit(escrow, "Credited");
        } else {
          await expect(exiting)
            .to.emit(escrow, "Credited")
            .withArgs(dealId, await account.getAddress(), ETHER, PRICE);
        }
      });
    }
  });

  describe(`ModelEscrow, payout of tokens by ${exit}`, () => {
    for (const [name, mood] of Object.entries(Mood)) {
      const pushed = goodMoods.has(mood);
      it(`is ${pushed ? "pushed" : "credited"} when the token is in mood ${name}`, async () => {
        const deal = await networkHelpers.loadFixture(fundedInMoodyToken);
        const { escrow, odd, dealId } = deal;
        await odd.setMood(mood, Mood.True);

        const exiting = take(exit, deal);
        const [paid, credited] = pushed ? [PRICE, 0n] : [0n, PRICE];
        await expect(exiting).to.changeTokenBalances(ethers, odd, [deal[role], escrow], [paid, -paid]);
        expect(await escrow.credit(deal[role], odd)).to.equal(credited);
        expect(await escrow.stateOf(dealId)).to.equal(closedBy[exit]);
        if (!pushed) {
          await expect(exiting)
            .to.emit(escrow, "Credited")
            .withArgs(dealId, deal[role].address, await odd.getAddress(), PRICE);
        }
      });
    }

    it(`is credited when the token has the ${role} on its block list, and can go elsewhere`, async () => {
      const deal = await networkHelpers.loadFixture(fundedInBlockListToken);
      const { escrow, odd, stranger } = deal;
      await odd.setBlocked(deal[role], true);
      await take(exit, deal);
      expect(await escrow.credit(deal[role], odd)).to.equal(PRICE);

      await expect(escrow.connect(deal[role]).withdraw(odd, deal[role])).to.be.revertedWithCustomError(
        escrow,
        "WithdrawalFailed",
      );
      await expect(escrow.connect(deal[role]).withdraw(odd, stranger)).to.changeTokenBalances(
        ethers,
        odd,
        [stranger, escrow],
        [PRICE, -PRICE],
      );
    });

    it("is credited when the token has the escrow on its block list, and waits until it is taken off", async () => {
      const deal = await networkHelpers.loadFixture(fundedInBlockListToken);
      const { escrow, odd } = deal;
      await odd.setBlocked(escrow, true);
      await take(exit, deal);
      await odd.setBlocked(escrow, false);
      await expect(escrow.connect(deal[role]).withdraw(odd, deal[role])).to.changeTokenBalances(
        ethers,
        odd,
        [deal[role], escrow],
        [PRICE, -PRICE],
      );
    });

    it("is credited when the token's code is gone", async () => {
      const deal = await networkHelpers.loadFixture(fundedInMoodyToken);
      await networkHelpers.setCode(await deal.odd.getAddress(), "0x");
      await take(exit, deal);
      expect(await deal.escrow.credit(deal[role], deal.odd)).to.equal(PRICE);
      await expect(deal.escrow.connect(deal[role]).withdraw(deal.odd, deal[role])).to.be.revertedWithCustomError(
        deal.escrow,
        "WithdrawalFailed",
      );
    });
  });
}
