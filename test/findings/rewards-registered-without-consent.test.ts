import { expect } from "chai";
import {
  commitmentOf,
  networkHelpers,
  openRound,
  signConsent,
  signReceipt,
  standardWorld,
  storedProvider,
} from "../rewards/fixture.ts";

/**
 * The attack: an owner, or anybody with an owner's receipt, registers somebody who has agreed to nothing: to give a round names that
 * it does not have, to fill a slot with rows of the attacker's, or to use up the one registration with rows that the provider did not mean.
 * Refused because a registration is the payee's own transaction, or carries the payee's signature.
 */
describe("finding: registered without consent", () => {
  it("takes nobody who has not signed, whoever else signs", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { rewards, roundId, owner, stranger, providers, terms } = round;
    const { address } = providers[0]!;
    const consent = {
      payee: address,
      commitment: commitmentOf(address),
      nonce: 0n,
      deadline: terms.registrationUntil,
    };
    const receipt = await signReceipt(round, owner, address, consent.commitment);
    for (const forger of [owner, stranger]) {
      const signature = await signConsent(round, forger, consent);
      await expect(
        rewards.connect(owner).registerFor(roundId, consent, signature, receipt),
      ).to.be.revertedWithCustomError(rewards, "InvalidConsent");
    }
    await expect(rewards.connect(owner).registerFor(roundId, consent, receipt, receipt)).to.be.revertedWithCustomError(
      rewards,
      "InvalidConsent",
    );
    await expect(rewards.connect(owner).register(roundId, consent.commitment, receipt)).to.be.revertedWithCustomError(
      rewards,
      "InvalidReceipt",
    );
    expect((await storedProvider(round, address)).slotPlusOne).to.equal(0n);
  });
});
