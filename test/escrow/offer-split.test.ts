import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { DAY, ethers, makeTerms, networkHelpers, NO_SPLIT, offerDeal, storedDeal, type Terms } from "./fixture.ts";
import {
  codeHashOf,
  deploySplitWorld,
  MIN_TIME_TO_CLAIM,
  ROUND,
  RoundState,
  RoundView,
  SHARE,
  showRound,
  type Split,
  type SplitWorld,
} from "./split-fixture.ts";

describe("ModelEscrow.offer with a split", () => {
  let world: SplitWorld;
  beforeEach(async () => {
    world = await networkHelpers.loadFixture(deploySplitWorld);
  });

  async function offer(split: Partial<Split>, changes: Partial<Terms> = {}) {
    const terms = await makeTerms(world, { split: { ...world.split, ...split }, ...changes });
    return world.escrow.connect(world.seller).offer(terms);
  }

  it("stores rewards contract, round and share, and announces the split", async () => {
    const { escrow, seller, split } = world;
    const terms = await makeTerms(world, { split });
    const dealId = await escrow.dealIdOf(seller, terms);
    const offered = escrow.connect(seller).offer(terms);
    await expect(offered).to.emit(escrow, "Offered");
    const receipt = await (await offered).wait();
    const event = escrow.interface.parseLog(receipt!.logs[0]!)!;
    expect([...event.args.split]).to.deep.equal([split.rewards, split.round, split.basisPoints, split.codeHash]);
    const { claimUntil } = await world.rewards.round(ROUND);
    const shareUntil = claimUntil - BigInt(MIN_TIME_TO_CLAIM);
    expect([...(await escrow.splitOf(dealId))]).to.deep.equal([split.rewards, ROUND, SHARE, shareUntil]);
    expect((await escrow.deal(dealId)).basisPoints).to.equal(SHARE);
  });

  it("stores nothing of it without a split", async () => {
    const deal = await offerDeal(world);
    expect([...(await world.escrow.splitOf(deal.dealId))]).to.deep.equal([ZeroAddress, 0n, 0n, 0n]);
    expect((await storedDeal(deal)).basisPoints).to.equal(0n);
  });

  it("makes every part of the split a part of the deal's id", async () => {
    const { escrow, seller, split } = world;
    const variants: Split[] = [
      NO_SPLIT,
      split,
      { ...split, rewards: seller.address },
      { ...split, round: 1n },
      { ...split, basisPoints: 1n },
      { ...split, codeHash: ethers.id("other") },
    ];
    const terms = await makeTerms(world);
    const ids = await Promise.all(variants.map((variant) => escrow.dealIdOf(seller, { ...terms, split: variant })));
    expect(new Set(ids).size).to.equal(variants.length);
  });

  for (const basisPoints of [1n, 9_999n]) {
    it(`takes a share of ${basisPoints} basis points`, async () => {
      await expect(offer({ basisPoints })).to.emit(world.escrow, "Offered");
    });
  }

  for (const basisPoints of [0n, 10_000n, 65_535n]) {
    it(`refuses a share of ${basisPoints} basis points`, async () => {
      await expect(offer({ basisPoints }))
        .to.be.revertedWithCustomError(world.escrow, "InvalidBasisPoints")
        .withArgs(basisPoints, 1n, 9_999n);
    });
  }

  const parts: Record<string, Partial<Split>> = {
    "a rewards contract": { rewards: `0x${"11".repeat(20)}` },
    "a round": { round: 1n },
    "a code hash": { codeHash: ethers.id("code") },
  };
  for (const [name, part] of Object.entries(parts)) {
    it(`refuses ${name} without a share`, async () => {
      await expect(offer({ ...NO_SPLIT, ...part })).to.be.revertedWithCustomError(world.escrow, "InvalidBasisPoints");
    });
  }

  describe("the rewards contract's code", () => {
    it("must be the one that the split names", async () => {
      const actual = world.split.codeHash;
      const expected = ethers.id("other");
      await expect(offer({ codeHash: expected }))
        .to.be.revertedWithCustomError(world.escrow, "InvalidRewardsCode")
        .withArgs(world.split.rewards, actual, expected);
      await expect(offer({ codeHash: ZeroHash })).to.be.revertedWithCustomError(world.escrow, "InvalidRewardsCode");
    });

    it("must not be another contract's", async () => {
      const other = await ethers.deployContract("MoodyAccount");
      const rewards = await other.getAddress();
      await expect(offer({ rewards })).to.be.revertedWithCustomError(world.escrow, "InvalidRewardsCode");
    });

    it("must exist, whatever an account without code answers for its hash", async () => {
      const { seller, escrow } = world;
      const accounts: [string, string][] = [
        [ZeroAddress, ZeroHash],
        [ethers.Wallet.createRandom().address, ZeroHash],
        [seller.address, ethers.keccak256("0x")],
      ];
      for (const [rewards, codeHash] of accounts) {
        await expect(offer({ rewards, codeHash }))
          .to.be.revertedWithCustomError(escrow, "InvalidRewardsCode")
          .withArgs(rewards, (value: string) => value === ZeroHash || value === codeHash, codeHash);
      }
    });

    it("must not be the escrow's own", async () => {
      const { escrow } = world;
      const rewards = await escrow.getAddress();
      const codeHash = await codeHashOf(escrow);
      await expect(offer({ rewards, codeHash }))
        .to.be.revertedWithCustomError(escrow, "InvalidRewardsCode")
        .withArgs(rewards, codeHash, codeHash);
    });
  });

  describe("the round", () => {
    for (const [name, state] of Object.entries(RoundState)) {
      const good = name === "Open" || name === "Submitted" || name === "Equal";
      it(`${good ? "may" : "must not"} be in state ${name}`, async () => {
        await showRound(world.rewards, { state });
        if (good) await expect(offer({})).to.emit(world.escrow, "Offered");
        else {
          await expect(offer({}))
            .to.be.revertedWithCustomError(world.escrow, "RoundPaysNobody")
            .withArgs(world.split.rewards, ROUND);
        }
      });
    }

    it("must have a provider", async () => {
      await showRound(world.rewards, { providers: 0n });
      await expect(offer({})).to.be.revertedWithCustomError(world.escrow, "RoundPaysNobody");
    });

    it("must be the one that the split names", async () => {
      await expect(offer({ round: ROUND + 1n })).to.be.revertedWithCustomError(world.escrow, "RoundPaysNobody");
    });

    it("must pay in the deal's token", async () => {
      const token = await world.token.getAddress();
      await expect(offer({}, { token }))
        .to.be.revertedWithCustomError(world.escrow, "WrongRoundToken")
        .withArgs(world.split.rewards, ROUND, ZeroAddress, token);
      await showRound(world.rewards, { token });
      await expect(offer({}))
        .to.be.revertedWithCustomError(world.escrow, "WrongRoundToken")
        .withArgs(world.split.rewards, ROUND, token, ZeroAddress);
      await expect(offer({}, { token })).to.emit(world.escrow, "Offered");
    });

    for (const shift of [-1n, 0n, 1n]) {
      it(`ends ${shift} seconds after the earliest end`, async () => {
        const terms = await makeTerms(world, { split: world.split });
        const earliest = terms.fundableUntil + terms.timeToRedeem + BigInt(MIN_TIME_TO_CLAIM);
        await showRound(world.rewards, { claimUntil: earliest + shift });
        const offered = world.escrow.connect(world.seller).offer(terms);
        if (shift >= 0n) await expect(offered).to.emit(world.escrow, "Offered");
        else {
          await expect(offered)
            .to.be.revertedWithCustomError(world.escrow, "RoundEndsTooEarly")
            .withArgs(world.split.rewards, ROUND, earliest - 1n, earliest);
        }
      });
    }

    it("ends late enough for the longest of deals", async () => {
      const now = await networkHelpers.time.latest();
      const terms = { fundableUntil: BigInt(now + 90 * DAY), timeToRedeem: BigInt(30 * DAY) };
      const earliest = BigInt(now + 150 * DAY);
      await showRound(world.rewards, { claimUntil: earliest - 1n });
      await expect(offer({}, terms)).to.be.revertedWithCustomError(world.escrow, "RoundEndsTooEarly");
      await showRound(world.rewards, { claimUntil: earliest });
      await expect(offer({}, terms)).to.emit(world.escrow, "Offered");
    });

    for (const name of ["Fail", "Nothing", "Short", "Wild", "Burn"] as const) {
      it(`must be readable: ${name}`, async () => {
        await world.rewards.setView(RoundView[name]);
        const terms = await makeTerms(world, { split: world.split });
        await expect(world.escrow.connect(world.seller).offer(terms, { gasLimit: 3_000_000n })).to.revert(ethers);
        expect(await world.escrow.keyCommitmentUsed(world.seller, terms.keyCommitment)).to.equal(false);
      });
    }
  });
});
