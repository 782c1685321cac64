import { expect } from "chai";
import { ethers, makeTerms, networkHelpers, NO_SPLIT } from "../escrow/fixture.ts";
import { deploySplitWorld, ROUND, SHARE, type SplitWorld } from "../escrow/split-fixture.ts";

/**
 * The attack: a split that the contract does not carry out is accepted all the same. Buyer and data providers see a share
 * for a rewards round in the deal, and the seller is paid in full; or the share goes to something that only looks
 * like a rewards contract.
 * Refused because a split is either all zero or checked in every part, against the contract and the round that it names.
 */
describe("finding: split smuggled in", () => {
  const smuggled: Record<string, (world: SplitWorld) => Promise<Partial<SplitWorld["split"]>>> = {
    "a rewards contract alone": async ({ split }) => ({ ...NO_SPLIT, rewards: split.rewards }),
    "a round alone": async () => ({ ...NO_SPLIT, round: ROUND }),
    "a round whose low half is zero": async () => ({ ...NO_SPLIT, round: 1n << 255n }),
    "a share alone": async () => ({ ...NO_SPLIT, basisPoints: SHARE }),
    "a code hash alone": async ({ split }) => ({ ...NO_SPLIT, codeHash: split.codeHash }),
    "all but a share": async () => ({ basisPoints: 0n }),
    "the whole price as a share": async () => ({ basisPoints: 10_000n }),
    "an account of the seller's as rewards contract": async ({ seller }) => ({
      rewards: seller.address,
      codeHash: ethers.keccak256("0x"),
    }),
    "another contract behind the right hash": async () => ({
      rewards: await (await ethers.deployContract("MoodyAccount")).getAddress(),
    }),
    "a round of another number": async () => ({ round: ROUND ^ 1n }),
    "a round that differs above 160 bits": async () => ({ round: ROUND + (1n << 160n) }),
  };
  for (const [name, change] of Object.entries(smuggled)) {
    it(`refuses ${name}`, async () => {
      const world = await networkHelpers.loadFixture(deploySplitWorld);
      const terms = await makeTerms(world, { split: { ...world.split, ...(await change(world)) } });
      await expect(world.escrow.connect(world.seller).offer(terms)).to.revert(ethers);
      expect(await world.escrow.keyCommitmentUsed(world.seller, terms.keyCommitment)).to.equal(false);
    });
  }

  it("takes what none of them changed", async () => {
    const world = await networkHelpers.loadFixture(deploySplitWorld);
    const terms = await makeTerms(world, { split: world.split });
    await expect(world.escrow.connect(world.seller).offer(terms)).to.emit(world.escrow, "Offered");
  });
});
