import { expect } from "chai";
import { deployWorld, ETHER, makeTerms, networkHelpers, OPENING, State } from "../escrow/fixture.ts";

/**
 * The attack: key commitments are used once, and an attacker copies the commitment of an offer that waits to be mined
 * into an offer of its own, with a higher fee. The honest offer then fails, and with it a seal that was costly.
 * Refused because a commitment is used up per seller. The copy is worthless to its maker, who has no opening. It would
 * open once the honest deal has been redeemed, but its id is another one, as it hashes the seller, and the buyer's
 * client funds only the id that the proof names.
 */
describe("finding: squatted key commitment", () => {
  it("lets the honest seller offer after the copy, and redeem", async () => {
    const world = await networkHelpers.loadFixture(deployWorld);
    const { escrow, seller, buyer, stranger } = world;
    const terms = await makeTerms(world);
    await escrow.connect(stranger).offer(terms);
    await escrow.connect(seller).offer(terms);

    const dealId = await escrow.dealIdOf(seller, terms);
    expect(dealId).not.to.equal(await escrow.dealIdOf(stranger, terms));
    await escrow.connect(buyer).fund(dealId, { value: terms.price });
    await escrow.redeem(dealId, OPENING.key, OPENING.opening);
    expect(await escrow.stateOf(dealId)).to.equal(State.Redeemed);
    expect(await escrow.credit(stranger, ETHER)).to.equal(0n);
  });

  it("still refuses the same seller a second deal under one key", async () => {
    const world = await networkHelpers.loadFixture(deployWorld);
    const terms = await makeTerms(world);
    await world.escrow.connect(world.seller).offer(terms);
    await expect(
      world.escrow.connect(world.seller).offer({ ...terms, buyer: world.stranger.address }),
    ).to.be.revertedWithCustomError(world.escrow, "KeyCommitmentUsed");
  });
});
