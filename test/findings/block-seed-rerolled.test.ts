import { expect } from "chai";
import { armedWorld, HASHES_SHOWN, mineUpTo, networkHelpers, ROUND, seedByFormula } from "../block-seed/fixture.ts";

/**
 * The attack: the owner of a round, or a provider, looks at the seed and takes another one if it does not suit: fixes a new
 * block, draws again, or lets the seed be lost while nobody watches and counts on the next.
 * Refused because a block once fixed stays fixed for as long as its hash can be had, 256 blocks in which anyone may draw,
 * and a seed once drawn stays for ever. The last way is open where nobody draws for 256 blocks, of which the interface
 * warns: then one who knows the lost seed has had a choice between two. One honest call prevents it.
 */
describe("finding: seed rolled again", () => {
  it("keeps the block while its hash can be had, so that the one who does not like the seed cannot move it", async () => {
    const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
    for (const at of [seedBlock - 1n, seedBlock, seedBlock + 1n, seedBlock + HASHES_SHOWN - 1n]) {
      await mineUpTo(at);
      await expect(blockSeed.arm(rewards, ROUND)).to.be.revertedWithCustomError(blockSeed, "AlreadyArmed");
    }
    // The last block in which it can be drawn, and the same seed as in the first.
    await blockSeed.draw(rewards, ROUND);
    expect(await blockSeed.seedOf(rewards, ROUND)).to.equal(
      await seedByFormula(await rewards.getAddress(), ROUND, seedBlock),
    );
  });

  it("keeps a seed that was drawn, also long after its hash is lost", async () => {
    const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
    await mineUpTo(seedBlock + 1n);
    await blockSeed.draw(rewards, ROUND);
    const seed = await blockSeed.seedOf(rewards, ROUND);
    await networkHelpers.mine(3n * HASHES_SHOWN);
    await expect(blockSeed.arm(rewards, ROUND)).to.be.revertedWithCustomError(blockSeed, "AlreadyDrawn");
    await expect(blockSeed.draw(rewards, ROUND)).to.be.revertedWithCustomError(blockSeed, "AlreadyDrawn");
    expect(await blockSeed.seedOf(rewards, ROUND)).to.equal(seed);
  });

  it("draws nothing of a lost block, whose hash would be zero for everybody", async () => {
    const { blockSeed, rewards, seedBlock } = await networkHelpers.loadFixture(armedWorld);
    await mineUpTo(seedBlock + HASHES_SHOWN + 1n);
    await expect(blockSeed.draw(rewards, ROUND))
      .to.be.revertedWithCustomError(blockSeed, "SeedBlockLost")
      .withArgs(seedBlock, seedBlock + HASHES_SHOWN + 1n);
  });
});
