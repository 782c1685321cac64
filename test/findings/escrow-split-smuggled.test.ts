import { expect } from "chai";
import { deployWorld, makeTerms, networkHelpers } from "../escrow/fixture.ts";

/**
 * The attack: a part of the terms that this version does not carry out is accepted all the same. Buyer and data
 * providers see a share for a rewards round in the deal, and the seller is paid in full.
 * Refused because every part of the split must be zero.
 */
describe("finding: split smuggled in", () => {
  const none = { rewards: `0x${"00".repeat(20)}`, round: 0n, basisPoints: 0n };
  const smuggled = {
    "a rewards contract": { ...none, rewards: `0x${"11".repeat(20)}` },
    "a round": { ...none, round: 1n },
    "a share": { ...none, basisPoints: 1n },
    "a round whose low half is zero": { ...none, round: 1n << 255n },
    "all of them": { rewards: `0x${"11".repeat(20)}`, round: 7n, basisPoints: 10_000n },
  };
  for (const [name, split] of Object.entries(smuggled)) {
    it(`refuses ${name}`, async () => {
      const world = await networkHelpers.loadFixture(deployWorld);
      const terms = await makeTerms(world, { split });
      await expect(world.escrow.connect(world.seller).offer(terms)).to.be.revertedWithCustomError(
        world.escrow,
        "SplitUnsupported",
      );
      expect(await world.escrow.keyCommitmentUsed(world.seller, terms.keyCommitment)).to.equal(false);
    });
  }
});
