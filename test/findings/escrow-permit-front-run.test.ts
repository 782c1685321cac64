import { expect } from "chai";
import { deployWorld, networkHelpers, offerDeal, PRICE, signPermit, State } from "../escrow/fixture.ts";

/**
 * The attack: the buyer's permit is public while `fundWithPermit` waits to be mined. Anyone submits it to the token
 * first; its nonce is used up, the permit inside the funding reverts, and with it the funding, as often as it is tried.
 * Refused because a failing permit is ignored: the attacker's submission has left the very allowance that is needed.
 */
describe("finding: permit front-run", () => {
  it("funds although somebody else has submitted the permit", async () => {
    const deal = await offerDeal(await networkHelpers.loadFixture(deployWorld), {});
    const { escrow, token, buyer, stranger } = deal;
    await token.connect(buyer).approve(escrow, 0n);
    const inTokens = await offerDeal(deal, { token: await token.getAddress(), keyCommitment: 1n });
    const deadline = inTokens.terms.fundableUntil;
    const { v, r, s } = await signPermit(deal, buyer, PRICE, deadline);

    await token.connect(stranger).permit(buyer, escrow, PRICE, deadline, v, r, s);
    await expect(token.connect(stranger).permit(buyer, escrow, PRICE, deadline, v, r, s)).to.be.revertedWithCustomError(
      token,
      "ERC2612InvalidSigner",
    );
    await escrow.connect(buyer).fundWithPermit(inTokens.dealId, deadline, v, r, s);
    expect(await escrow.stateOf(inTokens.dealId)).to.equal(State.Funded);
  });

  it("does not let the attacker spend the allowance", async () => {
    const world = await networkHelpers.loadFixture(deployWorld);
    const { escrow, token, buyer, stranger } = world;
    await token.connect(buyer).approve(escrow, 0n);
    const theirs = await offerDeal(world, { token: await token.getAddress(), buyer: stranger.address });
    const deadline = theirs.terms.fundableUntil;
    const { v, r, s } = await signPermit(world, buyer, PRICE, deadline);
    const before = await token.balanceOf(buyer);

    // The stranger's own deal, funded with the buyer's permit: only the stranger's own tokens move.
    await escrow.connect(stranger).fundWithPermit(theirs.dealId, deadline, v, r, s);
    expect(await token.balanceOf(buyer)).to.equal(before);
  });
});
