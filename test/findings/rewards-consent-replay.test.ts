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
 * The attack: a relayer keeps a provider's consent and uses it again, in the same round, in another one or at another contract; or
 * uses one, to rows that the provider has replaced or withdrawn, which the provider has taken back.
 * Refused because a consent names round and contract by what is signed, nobody is registered in a round twice, a consent has a deadline,
 * and it is void once the provider has taken back all below a larger nonce.
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
    for (const target of [second, elsewhere]) {
      await expect(relay(target, made)).to.be.revertedWithCustomError(round.rewards, "InvalidConsent");
    }
  });

  it("refuses a consent in the same round a second time, and another one to replace what is registered", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const [provider] = round.providers;
    const made = await makeConsent(round, provider!, { nonce: 1n });
    const others = [0n, 1n, 2n].map((nonce) => makeConsent(round, provider!, { commitment: 1n, nonce }));
    await relay(round, made);
    for (const again of [made, ...(await Promise.all(others))]) {
      await expect(relay(round, again)).to.be.revertedWithCustomError(round.rewards, "AlreadyRegistered");
    }
    expect((await round.rewards.round(round.roundId)).providers).to.equal(1n);
  });

  it("refuses what the provider has taken back, in every round, and takes what came after it", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const second = await openRound(round, { salt: ethers.id("second") });
    const [provider] = round.providers;
    await round.rewards.connect(provider).revokeConsents(2n);
    for (const target of [round, second]) {
      const older = await makeConsent(target, provider!, { commitment: 1n, nonce: 1n });
      await expect(relay(target, older)).to.be.revertedWithCustomError(round.rewards, "StaleConsent");
      await relay(target, await makeConsent(target, provider!, { nonce: 2n }));
    }
  });
});
