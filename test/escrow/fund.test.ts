import { expect } from "chai";
import {
  DAY,
  deployWorld,
  ETHER,
  ethers,
  goodMoods,
  HOUR,
  Mood,
  networkHelpers,
  nextTimestamp,
  NO_SIGNATURE,
  offerDeal,
  openingAt,
  PRICE,
  signPermit,
  State,
  type DealWorld,
  type Terms,
  type World,
} from "./fixture.ts";

/** An offer in a token of which the buyer has enough. */
async function offerInToken(
  world: World,
  name: "FeeToken" | "MoodyToken" | "WrappedEther",
  changes: Partial<Terms> = {},
): Promise<DealWorld> {
  const token = await ethers.deployContract(name);
  if (name === "WrappedEther") {
    await world.buyer.sendTransaction({ to: token, value: 2n * PRICE });
  } else {
    await (await ethers.getContractAt("FeeToken", await token.getAddress())).mint(world.buyer, 2n * PRICE);
  }
  return offerDeal(world, { token: await token.getAddress(), ...changes });
}

describe("ModelEscrow.fund", () => {
  let world: World;

  beforeEach(async () => {
    world = await networkHelpers.loadFixture(deployWorld);
  });

  it("locks the price in ether and fixes when a refund is possible", async () => {
    const { escrow, buyer, dealId, terms } = await offerDeal(world);
    const timestamp = (await networkHelpers.time.latest()) + HOUR;
    await nextTimestamp(timestamp);
    const funding = escrow.connect(buyer).fund(dealId, { value: terms.price });
    await expect(funding)
      .to.emit(escrow, "Funded")
      .withArgs(dealId, timestamp + DAY);
    await expect(funding).to.changeEtherBalances(ethers, [buyer, escrow], [-terms.price, terms.price]);
    expect((await escrow.deal(dealId)).refundableFrom).to.equal(timestamp + DAY);
  });

  it("locks the price in tokens", async () => {
    const { escrow, buyer, token, dealId, terms } = await offerDeal(world, { token: await world.token.getAddress() });
    await expect(escrow.connect(buyer).fund(dealId)).to.changeTokenBalances(
      ethers,
      token,
      [buyer, escrow],
      [-terms.price, terms.price],
    );
  });

  for (const [name, sent] of Object.entries({
    nothing: 0n,
    "a wei too little": PRICE - 1n,
    "a wei too much": PRICE + 1n,
  })) {
    it(`refuses ${name} for a deal in ether`, async () => {
      const { escrow, buyer, dealId } = await offerDeal(world);
      await expect(escrow.connect(buyer).fund(dealId, { value: sent }))
        .to.be.revertedWithCustomError(escrow, "WrongValue")
        .withArgs(dealId, sent, PRICE);
    });
  }

  it("refuses ether for a deal in tokens", async () => {
    const { escrow, buyer, dealId } = await offerDeal(world, { token: await world.token.getAddress() });
    await expect(escrow.connect(buyer).fund(dealId, { value: 1n }))
      .to.be.revertedWithCustomError(escrow, "WrongValue")
      .withArgs(dealId, 1n, 0n);
  });

  it("refuses a buyer without allowance, whoever else has given one", async () => {
    const { escrow, token, buyer, dealId, terms } = await offerDeal(world, { token: await world.token.getAddress() });
    await token.connect(buyer).approve(escrow, terms.price - 1n);
    await expect(escrow.connect(buyer).fund(dealId)).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
  });

  it("refuses a buyer without enough tokens", async () => {
    const { escrow, token, buyer, stranger, dealId } = await offerDeal(world, {
      token: await world.token.getAddress(),
    });
    await token.connect(buyer).transfer(stranger, 999n * PRICE + 1n);
    await expect(escrow.connect(buyer).fund(dealId)).to.be.revertedWithCustomError(token, "ERC20InsufficientBalance");
  });

  it("is no way to send ether to the contract by mistake", async () => {
    const { escrow, stranger } = world;
    const to = await escrow.getAddress();
    await expect(stranger.sendTransaction({ to, value: 1n })).to.revert(ethers);
    await expect(stranger.sendTransaction({ to, value: 1n, data: "0x12345678" })).to.revert(ethers);
  });

  it("does not count ether that was forced in", async () => {
    const { escrow, buyer, dealId, terms } = await offerDeal(world);
    await networkHelpers.setBalance(await escrow.getAddress(), 5n * PRICE);
    await expect(escrow.connect(buyer).fund(dealId, { value: 0n })).to.be.revertedWithCustomError(escrow, "WrongValue");
    await escrow.connect(buyer).fund(dealId, { value: terms.price });
    expect(await escrow.stateOf(dealId)).to.equal(State.Funded);
    expect(await escrow.credit(buyer, ETHER)).to.equal(0n);
  });

  it("does not count tokens that were donated", async () => {
    const { escrow, token, buyer, dealId } = await offerDeal(world, { token: await world.token.getAddress() });
    await token.mint(escrow, 5n * PRICE);
    await token.connect(buyer).approve(escrow, 0n);
    await expect(escrow.connect(buyer).fund(dealId)).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
  });

  describe("with unusual tokens", () => {
    it("refuses a fee on transfer", async () => {
      const { escrow, buyer, dealId, terms } = await offerInToken(world, "FeeToken");
      const token = await ethers.getContractAt("FeeToken", terms.token as string);
      await token.connect(buyer).approve(escrow, PRICE);
      await expect(escrow.connect(buyer).fund(dealId))
        .to.be.revertedWithCustomError(escrow, "UnsupportedToken")
        .withArgs(terms.token, 0n, (PRICE * 99n) / 100n, PRICE);
    });

    const refusals: Record<string, string> = {
      False: "SafeERC20FailedOperation",
      Two: "SafeERC20FailedOperation",
      Short: "SafeERC20FailedOperation",
      Lie: "UnsupportedToken",
    };
    for (const [name, mood] of Object.entries(Mood)) {
      const taken = goodMoods.has(mood);
      it(`${taken ? "takes" : "refuses"} a transferFrom in mood ${name}`, async () => {
        const { escrow, buyer, dealId, terms } = await offerInToken(world, "MoodyToken");
        const token = await ethers.getContractAt("MoodyToken", terms.token as string);
        await token.setMood(Mood.True, mood);
        const funding = escrow.connect(buyer).fund(dealId);
        const refusal = refusals[name];
        if (taken) {
          await expect(funding).to.changeTokenBalances(ethers, token, [buyer, escrow], [-PRICE, PRICE]);
        } else if (refusal !== undefined) {
          await expect(funding).to.be.revertedWithCustomError(escrow, refusal);
        } else {
          await expect(funding).to.revert(ethers);
        }
        expect(await escrow.stateOf(dealId)).to.equal(taken ? State.Funded : State.Offered);
      });
    }

    it("refuses the escrow itself as a token", async () => {
      const { escrow, buyer, dealId } = await offerDeal(world, { token: await world.escrow.getAddress() });
      const { v, r, s } = NO_SIGNATURE;
      await expect(escrow.connect(buyer).fund(dealId)).to.revert(ethers);
      await expect(escrow.connect(buyer).fundWithPermit(dealId, 0n, v, r, s)).to.revert(ethers);
    });

    it("refuses a token whose balance falls", async () => {
      const hook = await ethers.deployContract("HookToken");
      const { escrow, buyer, dealId } = await offerDeal(world, { token: await hook.getAddress() });
      await hook.mint(escrow, 3n * PRICE);
      await hook.mint(buyer, PRICE);
      await hook.connect(buyer).approve(escrow, PRICE);
      // Twice the price leaves the escrow while the price comes in.
      await hook.setHook(
        hook,
        hook.interface.encodeFunctionData("seize", [await escrow.getAddress(), 2n * PRICE]),
        true,
      );
      await expect(escrow.connect(buyer).fund(dealId))
        .to.be.revertedWithCustomError(escrow, "UnsupportedToken")
        .withArgs(await hook.getAddress(), 3n * PRICE, 2n * PRICE, PRICE);
    });
  });

  describe("with a permit", () => {
    let deal: DealWorld;
    let deadline: bigint;

    beforeEach(async () => {
      deal = await offerDeal(world, { token: await world.token.getAddress() });
      await deal.token.connect(deal.buyer).approve(deal.escrow, 0n);
      deadline = BigInt((await networkHelpers.time.latest()) + HOUR);
    });

    it("needs no approval before", async () => {
      const { escrow, token, buyer, dealId } = deal;
      const { v, r, s } = await signPermit(deal, buyer, PRICE, deadline);
      const funding = escrow.connect(buyer).fundWithPermit(dealId, deadline, v, r, s);
      await expect(funding).to.changeTokenBalances(ethers, token, [buyer, escrow], [-PRICE, PRICE]);
      await expect(funding).to.emit(escrow, "Funded");
      expect(await token.allowance(buyer, escrow)).to.equal(0n);
    });

    it("takes no ether", async () => {
      const { escrow, buyer, dealId } = deal;
      const { v, r, s } = await signPermit(deal, buyer, PRICE, deadline);
      const data = escrow.interface.encodeFunctionData("fundWithPermit", [dealId, deadline, v, r, s]);
      await expect(buyer.sendTransaction({ to: escrow, data, value: 1n })).to.revert(ethers);
    });

    it("fails with a permit of another account", async () => {
      const { escrow, token, buyer, stranger, dealId } = deal;
      const { v, r, s } = await signPermit(deal, stranger, PRICE, deadline);
      await expect(escrow.connect(buyer).fundWithPermit(dealId, deadline, v, r, s)).to.be.revertedWithCustomError(
        token,
        "ERC20InsufficientAllowance",
      );
    });

    it("fails with a permit of another amount, or one that has expired", async () => {
      const { escrow, token, buyer, dealId } = deal;
      const other = await signPermit(deal, buyer, PRICE + 1n, deadline);
      await expect(
        escrow.connect(buyer).fundWithPermit(dealId, deadline, other.v, other.r, other.s),
      ).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");

      const expired = await signPermit(deal, buyer, PRICE, deadline);
      await nextTimestamp(deadline + 1n);
      await expect(
        escrow.connect(buyer).fundWithPermit(dealId, deadline, expired.v, expired.r, expired.s),
      ).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
    });

    it("takes an allowance in the place of a permit that fails", async () => {
      const { escrow, token, buyer, dealId } = deal;
      await token.connect(buyer).approve(escrow, PRICE);
      const { v, r, s } = NO_SIGNATURE;
      await escrow.connect(buyer).fundWithPermit(dealId, 0n, v, r, s);
      expect(await escrow.stateOf(dealId)).to.equal(State.Funded);
    });

    it("takes nothing from a token whose fallback pretends to know permits", async () => {
      const { escrow, buyer, dealId, terms } = await offerInToken(world, "WrappedEther", {
        keyCommitment: openingAt(1).keyCommitment,
      });
      const token = await ethers.getContractAt("WrappedEther", terms.token as string);
      const { v, r, s } = NO_SIGNATURE;
      await expect(escrow.connect(buyer).fundWithPermit(dealId, deadline, v, r, s)).to.be.revertedWithCustomError(
        token,
        "ERC20InsufficientAllowance",
      );

      await token.connect(buyer).approve(escrow, PRICE);
      await escrow.connect(buyer).fundWithPermit(dealId, deadline, v, r, s);
      expect(await token.balanceOf(escrow)).to.equal(PRICE);
    });
  });
});
