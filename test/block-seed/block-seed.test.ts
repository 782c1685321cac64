import { expect } from "chai";
import { ZeroHash } from "ethers";
import {
  armedWorld,
  BLOCKS_AHEAD,
  closedWorld,
  deploySeedWorld,
  ethers,
  HASHES_SHOWN,
  mineUpTo,
  networkHelpers,
  ROUND,
  seedByFormula,
  showRound,
} from "./fixture.ts";

/** Makes the next block answer with this word for its randomness. */
async function nextRandomWord(word: bigint): Promise<void> {
  await networkHelpers.setPrevRandao(word);
}

describe("BlockSeed.arm", () => {
  for (const shift of [-1n, 0n, 1n]) {
    it(`is ${shift > 0n ? "possible" : "refused"} ${shift} seconds after registrationUntil`, async () => {
      const { blockSeed, rewards, registrationUntil } = await networkHelpers.loadFixture(deploySeedWorld);
      await networkHelpers.time.setNextBlockTimestamp(registrationUntil + shift);
      const armed = blockSeed.arm(rewards, ROUND);
      if (shift > 0n) await expect(armed).to.emit(blockSeed, "Armed");
      else {
        await expect(armed)
          .to.be.revertedWithCustomError(blockSeed, "RegistrationOpen")
          .withArgs(rewards, ROUND, registrationUntil);
      }
    });
  }

  it("fixes a block that does not exist yet, whoever calls", async () => {
    for (const signer of (await ethers.getSigners()).slice(0, 2)) {
      const { blockSeed, rewards } = await networkHelpers.loadFixture(closedWorld);
      const seedBlock = BigInt(await networkHelpers.time.latestBlock()) + 1n + BLOCKS_AHEAD;
      await expect(blockSeed.connect(signer).arm(rewards, ROUND))
        .to.emit(blockSeed, "Armed")
        .withArgs(rewards, ROUND, seedBlock);
      expect(await blockSeed.seedBlockOf(rewards, ROUND)).to.equal(seedBlock);
      expect(await blockSeed.seedOf(rewards, ROUND)).to.equal(ZeroHash);
    }
  });

  it("is refused for a round that does not exist", async () => {
    const { blockSeed, rewards } = await networkHelpers.loadFixture(closedWorld);
    await expect(blockSeed.arm(rewards, ROUND + 1n))
      .to.be.revertedWithCustomError(blockSeed, "UnknownRound")
      .withArgs(rewards, ROUND + 1n);
    const [account] = await ethers.getSigners();
    await expect(blockSeed.arm(account!, ROUND)).to.revert(ethers);
  });

  it("is possible in every other state of the round", async () => {
    for (const state of [1n, 2n, 3n, 4n, 5n]) {
      const { blockSeed, rewards, registrationUntil } = await networkHelpers.loadFixture(closedWorld);
      await showRound(rewards, { registrationUntil, state });
      await expect(blockSeed.arm(rewards, ROUND)).to.emit(blockSeed, "Armed");
    }
  });

  it("keeps rounds and contracts apart", async () => {
    const { blockSeed, rewards, seedBlock, registrationUntil } = await networkHelpers.loadFixture(armedWorld);
    const other = await ethers.deployContract("MoodyRewards");
    await showRound(other, { registrationUntil });
    await showRound(rewards, { registrationUntil }, ROUND + 1n);
    expect(await blockSeed.seedBlockOf(other, ROUND)).to.equal(0n);
    await blockSeed.arm(other, ROUND);
    await blockSeed.arm(rewards, ROUND + 1n);
    expect(await blockSeed.seedBlockOf(rewards, ROUND)).to.equal(seedBlock);
    expect(await blockSeed.seedBlockOf(rewards, ROUND + 1n)).not.to.equal(seedBlock);
  });

  // The last block that shows the hash of block n is n + 256.
  for (const shift of [-1n, 0n, 1n]) {
    it(`is ${shift > 0n ? "possible" : "refused"} again ${shift} blocks after the last one that shows the hash`, async () => {
      const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
      await mineUpTo(seedBlock + HASHES_SHOWN + shift);
      const again = blockSeed.arm(rewards, ROUND);
      if (shift > 0n) {
        const next = seedBlock + HASHES_SHOWN + shift + BLOCKS_AHEAD;
        await expect(again).to.emit(blockSeed, "Armed").withArgs(rewards, ROUND, next);
        await mineUpTo(next + 1n);
        await blockSeed.draw(rewards, ROUND);
        expect(await blockSeed.seedOf(rewards, ROUND)).to.equal(
          await seedByFormula(await rewards.getAddress(), ROUND, next),
        );
      } else {
        await expect(again)
          .to.be.revertedWithCustomError(blockSeed, "AlreadyArmed")
          .withArgs(rewards, ROUND, seedBlock);
      }
    });
  }

  it("is refused again before the fixed block exists", async () => {
    const { blockSeed, rewards } = await networkHelpers.loadFixture(armedWorld);
    await expect(blockSeed.arm(rewards, ROUND)).to.be.revertedWithCustomError(blockSeed, "AlreadyArmed");
  });

  for (const word of [0n, 1n, 2_500_000_000_000_000n, 2n ** 64n - 1n]) {
    it(`is refused on a chain that answers ${word} for its randomness`, async () => {
      const { blockSeed, rewards } = await networkHelpers.loadFixture(closedWorld);
      await nextRandomWord(word);
      await expect(blockSeed.arm(rewards, ROUND))
        .to.be.revertedWithCustomError(blockSeed, "NoBlockRandomness")
        .withArgs(word, (hash: string) => hash !== ZeroHash);
    });
  }

  it("takes the smallest word that is no difficulty", async () => {
    const { blockSeed, rewards } = await networkHelpers.loadFixture(closedWorld);
    await nextRandomWord(2n ** 64n);
    await expect(blockSeed.arm(rewards, ROUND)).to.emit(blockSeed, "Armed");
  });
});

describe("BlockSeed.draw", () => {
  // The first block that shows the hash of block n is n + 1, the last is n + 256.
  const instants: [bigint, string | null][] = [
    [-1n, "SeedBlockAhead"],
    [0n, "SeedBlockAhead"],
    [1n, null],
    [2n, null],
    [HASHES_SHOWN - 1n, null],
    [HASHES_SHOWN, null],
    [HASHES_SHOWN + 1n, "SeedBlockLost"],
  ];
  for (const [shift, error] of instants) {
    it(`${error === null ? "draws" : `reverts with ${error}`} ${shift} blocks after the fixed one`, async () => {
      const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
      await mineUpTo(seedBlock + shift);
      const drawn = blockSeed.draw(rewards, ROUND);
      if (error === null) {
        const seed = await seedByFormula(await rewards.getAddress(), ROUND, seedBlock);
        await expect(drawn).to.emit(blockSeed, "Drawn").withArgs(rewards, ROUND, seed);
        expect(await blockSeed.seedOf(rewards, ROUND)).to.equal(seed);
      } else {
        await expect(drawn)
          .to.be.revertedWithCustomError(blockSeed, error)
          .withArgs(seedBlock, seedBlock + shift);
        expect(await blockSeed.seedOf(rewards, ROUND)).to.equal(ZeroHash);
      }
    });
  }

  it("makes the seed of the fixed block in whichever block it is called, by whomever", async () => {
    for (const [index, shift] of [1n, 7n, HASHES_SHOWN].entries()) {
      const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
      await mineUpTo(seedBlock + shift);
      await blockSeed.connect((await ethers.getSigners())[index]!).draw(rewards, ROUND);
      const seed = await seedByFormula(await rewards.getAddress(), ROUND, seedBlock);
      expect(await blockSeed.seedOf(rewards, ROUND)).to.equal(seed);
    }
  });

  it("is refused before the seed is armed", async () => {
    const { blockSeed, rewards } = await networkHelpers.loadFixture(closedWorld);
    await expect(blockSeed.draw(rewards, ROUND))
      .to.be.revertedWithCustomError(blockSeed, "NotArmed")
      .withArgs(rewards, ROUND);
  });

  it("is refused a second time, and nothing changes the seed any more", async () => {
    const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
    await mineUpTo(seedBlock + 1n);
    await blockSeed.draw(rewards, ROUND);
    const seed = await blockSeed.seedOf(rewards, ROUND);
    for (const wait of [0n, HASHES_SHOWN, 10n * HASHES_SHOWN]) {
      if (wait > 0n) await networkHelpers.mine(wait);
      for (const call of [blockSeed.draw(rewards, ROUND), blockSeed.arm(rewards, ROUND)]) {
        await expect(call).to.be.revertedWithCustomError(blockSeed, "AlreadyDrawn").withArgs(rewards, ROUND, seed);
      }
    }
    expect(await blockSeed.seedOf(rewards, ROUND)).to.equal(seed);
  });

  it("needs nothing of the rewards contract any more", async () => {
    const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
    await networkHelpers.setCode(await rewards.getAddress(), "0x");
    await mineUpTo(seedBlock + 1n);
    await expect(blockSeed.draw(rewards, ROUND)).to.emit(blockSeed, "Drawn");
  });

  for (const word of [0n, 1n, 2n ** 64n - 1n]) {
    it(`is refused where the chain has come to answer ${word} for its randomness`, async () => {
      const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
      await mineUpTo(seedBlock + 1n);
      await nextRandomWord(word);
      await expect(blockSeed.draw(rewards, ROUND)).to.be.revertedWithCustomError(blockSeed, "NoBlockRandomness");
    });
  }

  it("is refused where the randomness is a large constant", async () => {
    const { blockSeed, rewards } = await networkHelpers.loadFixture(closedWorld);
    const word = 2n ** 255n + 12_345n;
    await nextRandomWord(word);
    await blockSeed.arm(rewards, ROUND);
    const seedBlock = await blockSeed.seedBlockOf(rewards, ROUND);
    await mineUpTo(seedBlock + 1n);
    await nextRandomWord(word);
    await expect(blockSeed.draw(rewards, ROUND))
      .to.be.revertedWithCustomError(blockSeed, "NoBlockRandomness")
      .withArgs(word, (hash: string) => hash !== ZeroHash);
    await nextRandomWord(word + 1n);
    await expect(blockSeed.draw(rewards, ROUND)).to.emit(blockSeed, "Drawn");
  });

  it("makes different seeds of different rounds in one block", async () => {
    const { blockSeed, rewards, registrationUntil } = await networkHelpers.loadFixture(closedWorld);
    await showRound(rewards, { registrationUntil }, ROUND + 1n);
    await ethers.provider.send("evm_setAutomine", [false]);
    const sent = [await blockSeed.arm(rewards, ROUND), await blockSeed.arm(rewards, ROUND + 1n)];
    await networkHelpers.mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    await Promise.all(sent.map((transaction) => transaction.wait()));
    const seedBlock = await blockSeed.seedBlockOf(rewards, ROUND);
    expect(await blockSeed.seedBlockOf(rewards, ROUND + 1n)).to.equal(seedBlock);
    await mineUpTo(seedBlock + 1n);
    await blockSeed.draw(rewards, ROUND);
    await blockSeed.draw(rewards, ROUND + 1n);
    expect(await blockSeed.seedOf(rewards, ROUND)).not.to.equal(await blockSeed.seedOf(rewards, ROUND + 1n));
  });
});
