import { expect } from "chai";
import {
  deployRewards,
  ethers,
  makeConsent,
  networkHelpers,
  openRound,
  SHAPE,
  standardWorld,
  type RoundWorld,
} from "../rewards/fixture.ts";

/**
 * The attack: a relayer keeps a provider's consent and uses it again, in another round or at another contract; or uses an older
 * one, to rows that the provider has replaced or withdrawn, before or in the place of the newer one.
 * Refused because a consent names round and contract by what is signed, has a deadline, and is void as soon as one with the same or a
 * larger nonce was used or taken back.
 */
describe("finding: consent replay", () => {
  const relay = (round: RoundWorld, made: Awaited<ReturnType<typeof makeConsent>>, rewards = round.rewards) =>
    rewards.connect(round.stranger).registerFor(round.roundId, made.consent, made.consentSignature, made.receipt);

  it("refuses a consent in another round and at another contract", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const made = await makeConsent(round, round.providers[0]!);
    const second = await openRound(round, { salt: ethers.id("second") });
    const other = await deployRewards(round.verifier, SHAPE);
    const elsewhere = await openRound({ ...round, rewards: other }, round.terms);
    for (const target of [second, elsewhere]) {
      await expect(relay(target, made)).to.be.revertedWithCustomError(round.rewards, "InvalidConsent");
    }
    await relay(round, made);
    await expect(relay(second, made)).to.be.revertedWithCustomError(round.rewards, "StaleConsent");
  });

  it("refuses the older of two consents once the newer was used", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const second = await openRound(round, { salt: ethers.id("second") });
    const [provider] = round.providers;
    const older = await makeConsent(second, provider!, { commitment: 1n, nonce: 1n });
    const newer = await makeConsent(round, provider!, { commitment: 2n, nonce: 2n });
    await relay(round, newer);
    await expect(relay(second, older)).to.be.revertedWithCustomError(round.rewards, "StaleConsent");
  });

  it("refuses a consent that the provider has taken back", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const [provider] = round.providers;
    const made = await makeConsent(round, provider!, { nonce: 1n });
    await round.rewards.connect(provider).revokeConsents(2n);
    await expect(relay(round, made)).to.be.revertedWithCustomError(round.rewards, "StaleConsent");
  });
});
