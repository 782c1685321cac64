import { expect } from "chai";
import { makeConsent, networkHelpers, openRound, standardWorld, storedProvider } from "../rewards/fixture.ts";

/**
 * The attack: a provider has signed two consents, one for a good round and one for a round that costs nothing to open. If the use of a
 * consent made those with other nonces void, the owner of the second round would relay the one that he got, with a receipt of his
 * own, and the provider would be out of the good round for whoever pays its gas: up to the end of registration, when it is too late for a new consent.
 * Refused because the use of a consent changes nothing but the round that it names. The floor of the nonces is the provider's alone to raise.
 */
describe("finding: consent killed by another round", () => {
  for (const [junkNonce, goodNonce] of [
    [0n, 0n],
    [2n ** 256n - 2n, 0n],
    [1n, 2n],
  ] as const) {
    it(`takes the consent with nonce ${goodNonce} after one with nonce ${junkNonce} was used elsewhere`, async () => {
      const world = await networkHelpers.loadFixture(standardWorld);
      const { rewards, stranger, providers } = world;
      const [provider] = providers;
      const good = await openRound(world);
      const junk = await openRound({ ...world, owner: stranger });
      const forGood = await makeConsent(good, provider!, { nonce: goodNonce });
      const forJunk = await makeConsent(junk, provider!, { nonce: junkNonce });

      await rewards
        .connect(stranger)
        .registerFor(junk.roundId, forJunk.consent, forJunk.consentSignature, forJunk.receipt);
      expect(await rewards.consentNonce(provider!)).to.equal(0n);
      await rewards
        .connect(stranger)
        .registerFor(good.roundId, forGood.consent, forGood.consentSignature, forGood.receipt);
      expect((await storedProvider(good, provider!.address)).slotPlusOne).to.equal(1n);
    });
  }
});
