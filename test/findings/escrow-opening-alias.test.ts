import { FIELD_ORDER } from "@zkcmp/field/element";
import { expect } from "chai";
import { deployWorld, ethers, fundDeal, networkHelpers, OPENING, State } from "../escrow/fixture.ts";

/**
 * The attack: Poseidon on chain reduces its inputs modulo r, so k + r opens the same commitment as k. A seller redeems
 * with such an alias, and a client that reads the key from the event and takes it as canonical (or checks it, as it
 * should) cannot unseal; other code that keys on "the" opening sees several for one commitment.
 * Refused because key and opening must lie in [1, r).
 */
describe("finding: non-canonical opening", () => {
  it("is a real alias for the hash", async () => {
    const poseidonT3 = await ethers.deployContract("PoseidonT3");
    expect(await poseidonT3.hash([OPENING.key + FIELD_ORDER, OPENING.opening])).to.equal(OPENING.keyCommitment);
  });

  it("refuses every alias that fits into a word", async () => {
    const { escrow, dealId } = await fundDeal(await networkHelpers.loadFixture(deployWorld));
    const aliases: [bigint, bigint][] = [];
    for (let multiple = 1n; multiple <= 5n; multiple++) {
      const shift = multiple * FIELD_ORDER;
      aliases.push([OPENING.key + shift, OPENING.opening], [OPENING.key, OPENING.opening + shift]);
    }
    const fitting = aliases.filter((pair) => pair.every((value) => value < 2n ** 256n));
    expect(fitting.length).to.be.at.least(8);
    for (const [key, opening] of fitting) {
      await expect(escrow.redeem(dealId, key, opening)).to.be.revertedWithCustomError(escrow, "NonCanonicalOpening");
    }
    expect(await escrow.stateOf(dealId)).to.equal(State.Funded);
  });
});
