import { expect } from "chai";
import {
  commitmentOf,
  makeConsent,
  networkHelpers,
  openRound,
  registerProvider,
  signReceipt,
  standardWorld,
} from "../rewards/fixture.ts";

/**
 * The attack: the list of those to pay takes a new entry with each call, so that one provider calls until it holds most of the
 * list, or until nobody can walk through the list any more.
 * Refused because a payee has one place in a round, however it comes there, and because the places are the circuit's.
 */
describe("finding: registered again and again", () => {
  it("gives one payee one place, by its own call or by consent, with the same rows or with others", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { rewards, roundId, owner, providers } = round;
    const [provider] = providers;
    await registerProvider(round, provider!);
    for (const commitment of [commitmentOf(provider!.address), 12_345n]) {
      const receipt = await signReceipt(round, owner, provider!.address, commitment);
      await expect(rewards.connect(provider).register(roundId, commitment, receipt)).to.be.revertedWithCustomError(
        rewards,
        "AlreadyRegistered",
      );
      const relayed = await makeConsent(round, provider!, { commitment, nonce: 9n });
      await expect(
        rewards.registerFor(roundId, relayed.consent, relayed.consentSignature, relayed.receipt),
      ).to.be.revertedWithCustomError(rewards, "AlreadyRegistered");
    }
    expect((await rewards.round(roundId)).providers).to.equal(1n);
  });
});
