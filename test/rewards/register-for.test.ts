import { expect } from "chai";
import {
  commitmentOf,
  DAY,
  deployWorld,
  ethers,
  makeConsent,
  networkHelpers,
  nextTimestamp,
  openRound,
  registerProvider,
  signConsent,
  signReceipt,
  standardWorld,
  storedProvider,
  type RoundWorld,
} from "./fixture.ts";

async function openedRound(): Promise<RoundWorld> {
  return openRound(await standardWorld());
}

type Made = Awaited<ReturnType<typeof makeConsent>>;

function relay(round: RoundWorld, made: Made) {
  const { rewards, stranger, roundId } = round;
  return rewards.connect(stranger).registerFor(roundId, made.consent, made.consentSignature, made.receipt);
}

describe("ShapleyRewards, registerFor", () => {
  it("registers whoever has signed, relayed by anyone", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, roundId, providers } = round;
    const { address } = providers[0]!;
    await expect(relay(round, await makeConsent(round, providers[0]!, { nonce: 41n })))
      .to.emit(rewards, "Registered")
      .withArgs(roundId, address, commitmentOf(address), 0n, (registry: bigint) => registry !== 0n);
    expect(await rewards.consentNonce(address)).to.equal(0n);
    expect(await storedProvider(round, address)).to.deep.equal({ slotPlusOne: 1n, paid: 0n });
  });

  it("gives the same registry as the provider's own transaction", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const snapshot = await networkHelpers.takeSnapshot();
    await registerProvider(round, round.providers[0]!);
    const { registry } = await round.rewards.round(round.roundId);
    await snapshot.restore();
    await relay(round, await makeConsent(round, round.providers[0]!));
    expect((await round.rewards.round(round.roundId)).registry).to.equal(registry);
  });

  it("needs the provider's signature over round, payee, commitment, nonce and deadline", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, roundId, providers, owner, stranger } = round;
    const [provider, other] = providers;
    const good = await makeConsent(round, provider!);
    const { consent } = good;
    const signatures = [
      await signConsent(round, stranger, consent),
      await signConsent(round, owner, consent),
      await signConsent({ ...round, roundId: roundId + 1n }, provider!, consent),
      await signConsent(round, provider!, { ...consent, payee: other!.address }),
      await signConsent(round, provider!, { ...consent, commitment: consent.commitment + 1n }),
      await signConsent(round, provider!, { ...consent, nonce: consent.nonce + 1n }),
      await signConsent(round, provider!, { ...consent, deadline: consent.deadline + 1n }),
      good.receipt,
      "0x",
    ];
    for (const consentSignature of signatures) {
      await expect(relay(round, { ...good, consentSignature }))
        .to.be.revertedWithCustomError(rewards, "InvalidConsent")
        .withArgs(roundId, provider!.address);
    }
    await relay(round, good);
  });

  it("needs a consent for this contract", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards } = await deployWorld();
    const [provider] = round.providers;
    const good = await makeConsent(round, provider!);
    const consentSignature = await signConsent({ ...round, rewards }, provider!, good.consent);
    await expect(relay(round, { ...good, consentSignature })).to.be.revertedWithCustomError(
      round.rewards,
      "InvalidConsent",
    );
  });

  it("needs the owner's receipt as well", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, stranger, providers } = round;
    const good = await makeConsent(round, providers[0]!);
    const receipt = await signReceipt(round, stranger, good.consent.payee, good.consent.commitment);
    await expect(relay(round, { ...good, receipt })).to.be.revertedWithCustomError(rewards, "InvalidReceipt");
    await relay(round, good);
  });

  it("asks a provider that has code (ERC-1271)", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, providers, owner } = round;
    const wallet = await ethers.deployContract("SigningWallet", [providers[0]!.address]);
    const payee = await wallet.getAddress();
    const consent = { payee, commitment: commitmentOf(payee), nonce: 3n, deadline: round.terms.registrationUntil };
    const receipt = await signReceipt(round, owner, payee, consent.commitment);
    const wrong = { consent, receipt, consentSignature: await signConsent(round, providers[1]!, consent) };
    await expect(relay(round, wrong)).to.be.revertedWithCustomError(rewards, "InvalidConsent");
    await relay(round, { ...wrong, consentSignature: await signConsent(round, providers[0]!, consent) });
    expect((await storedProvider(round, payee)).slotPlusOne).to.equal(1n);
  });

  for (const [shift, good] of [
    [-1n, true],
    [0n, true],
    [1n, false],
  ] as const) {
    it(`${good ? "takes" : "refuses"} a consent at its deadline ${shift}`, async () => {
      const round = await networkHelpers.loadFixture(openedRound);
      const deadline = round.terms.registrationUntil - DAY;
      const made = await makeConsent(round, round.providers[0]!, { deadline });
      await nextTimestamp(deadline + shift);
      if (good) await relay(round, made);
      else {
        await expect(relay(round, made))
          .to.be.revertedWithCustomError(round.rewards, "ConsentExpired")
          .withArgs(made.consent.payee, deadline);
      }
    });
  }

  for (const nonce of [6n, 7n, 8n]) {
    it(`takes nonce ${nonce} after nonce 7 was used in another round`, async () => {
      const round = await networkHelpers.loadFixture(openedRound);
      const second = await openRound(round, { salt: ethers.id("second") });
      const [provider] = round.providers;
      await relay(second, await makeConsent(second, provider!, { nonce: 7n }));
      await relay(round, await makeConsent(round, provider!, { nonce }));
      expect((await storedProvider(round, provider!.address)).slotPlusOne).to.equal(1n);
    });
  }

  it("takes the first of two consents for one round, whatever their nonces", async () => {
    for (const [first, then] of [
      [3n, 4n],
      [4n, 3n],
    ] as const) {
      const round = await networkHelpers.loadFixture(openedRound);
      const { rewards, roundId, providers } = round;
      const { address } = providers[0]!;
      const other = await makeConsent(round, providers[0]!, { commitment: 1n, nonce: then });
      await relay(round, await makeConsent(round, providers[0]!, { nonce: first }));
      await expect(relay(round, other))
        .to.be.revertedWithCustomError(rewards, "AlreadyRegistered")
        .withArgs(roundId, address);
    }
  });

  it("refuses the largest nonce, which could not be taken back", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const made = await makeConsent(round, round.providers[0]!, { nonce: 2n ** 256n - 1n });
    await expect(relay(round, made)).to.be.revertedWithCustomError(round.rewards, "StaleConsent");
    await relay(round, await makeConsent(round, round.providers[0]!, { nonce: 2n ** 256n - 2n }));
  });
});

describe("ShapleyRewards, revokeConsents", () => {
  it("takes back what has a smaller nonce, only upwards, only one's own", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, providers } = round;
    const [provider, other] = providers;
    const revoked = await makeConsent(round, provider!, { nonce: 4n });
    const kept = await makeConsent(round, provider!, { nonce: 5n });
    await expect(rewards.connect(provider).revokeConsents(5n))
      .to.emit(rewards, "ConsentsRevoked")
      .withArgs(provider!.address, 5n);
    for (const nonce of [0n, 4n, 5n]) {
      await expect(rewards.connect(provider).revokeConsents(nonce))
        .to.be.revertedWithCustomError(rewards, "NonceNotLarger")
        .withArgs(provider!.address, nonce, 5n);
    }
    await expect(relay(round, revoked)).to.be.revertedWithCustomError(rewards, "StaleConsent");
    await relay(round, kept);
    await relay(round, await makeConsent(round, other!));
  });
});
