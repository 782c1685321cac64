import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { registryOf } from "@zkcmp/shapley/sample-commitment";
import { ZeroHash } from "ethers";
import {
  commitmentOf,
  deployWorld,
  ethers,
  makeTerms,
  networkHelpers,
  nextTimestamp,
  openRound,
  registerProvider,
  SHAPE,
  signReceipt,
  standardWorld,
  storedProvider,
  type RoundWorld,
} from "./fixture.ts";

async function openedRound(): Promise<RoundWorld> {
  return openRound(await standardWorld());
}

describe("ShapleyRewards, register", () => {
  it("takes providers in their order and keeps the running hash of @zkcmp/shapley/sample-commitment", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, roundId, providers } = round;
    for (let index = 0; index < SHAPE.providers; index++) {
      const { address } = providers[index]!;
      const sent = registerProvider(round, providers[index]!);
      await sent;
      const registry = registryOf(round.entries.map(({ payee, commitment }) => ({ payee: BigInt(payee), commitment })));
      await expect(sent)
        .to.emit(rewards, "Registered")
        .withArgs(roundId, address, commitmentOf(address), index, registry);
      expect(await storedProvider(round, address)).to.deep.equal({ slotPlusOne: BigInt(index + 1), paid: 0n });
      const stored = await rewards.round(roundId);
      expect(stored.registry).to.equal(registry);
      expect(stored.providers).to.equal(BigInt(index + 1));
    }
    await expect(registerProvider(round, providers[12]!))
      .to.be.revertedWithCustomError(rewards, "RoundFull")
      .withArgs(roundId, 12n);
  });

  it("takes as many as the shape has slots", async () => {
    const round = await openRound(await deployWorld({ ...SHAPE, providers: 1 }));
    await registerProvider(round, round.providers[0]!);
    await expect(registerProvider(round, round.providers[1]!)).to.be.revertedWithCustomError(
      round.rewards,
      "RoundFull",
    );
  });

  it("takes nobody twice", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, roundId, owner, providers } = round;
    await registerProvider(round, providers[0]!);
    const receipt = await signReceipt(round, owner, providers[0]!.address, 5n);
    await expect(rewards.connect(providers[0]).register(roundId, 5n, receipt))
      .to.be.revertedWithCustomError(rewards, "AlreadyRegistered")
      .withArgs(roundId, providers[0]!.address);
  });

  it("takes a commitment in [1, r)", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, roundId, owner, providers } = round;
    const [provider] = providers;
    for (const commitment of [0n, FIELD_ORDER, FIELD_ORDER + 1n, 2n ** 256n - 1n]) {
      const receipt = await signReceipt(round, owner, provider!.address, commitment);
      await expect(rewards.connect(provider).register(roundId, commitment, receipt))
        .to.be.revertedWithCustomError(rewards, "InvalidCommitment")
        .withArgs(commitment);
    }
    const receipt = await signReceipt(round, owner, provider!.address, FIELD_ORDER - 1n);
    await rewards.connect(provider).register(roundId, FIELD_ORDER - 1n, receipt);
  });

  it("needs the owner's receipt for this round, this payee and this commitment", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const { rewards, roundId, owner, stranger, providers } = round;
    const [provider, other] = providers;
    const { address } = provider!;
    const commitment = commitmentOf(address);
    const elsewhere = { ...round, roundId: roundId + 1n };
    const good = await signReceipt(round, owner, address, commitment);
    const wrong = [
      await signReceipt(round, stranger, address, commitment),
      await signReceipt(round, provider!, address, commitment),
      await signReceipt(elsewhere, owner, address, commitment),
      await signReceipt(round, owner, other!.address, commitment),
      await signReceipt(round, owner, address, commitment + 1n),
      "0x",
      ZeroHash,
      ethers.dataSlice(good, 0, 64),
      ethers.concat([good, "0x00"]),
      // The other s of the same signature.
      mirrored(good),
    ];
    for (const receipt of wrong) {
      await expect(rewards.connect(provider).register(roundId, commitment, receipt))
        .to.be.revertedWithCustomError(rewards, "InvalidReceipt")
        .withArgs(roundId, address, commitment);
    }
    await rewards.connect(provider).register(roundId, commitment, good);
  });

  it("needs a receipt for this contract", async () => {
    const round = await networkHelpers.loadFixture(openedRound);
    const other = await deployWorld();
    const [provider] = round.providers;
    const commitment = commitmentOf(provider!.address);
    const receipt = await signReceipt({ ...round, rewards: other.rewards }, round.owner, provider!.address, commitment);
    await expect(
      round.rewards.connect(provider).register(round.roundId, commitment, receipt),
    ).to.be.revertedWithCustomError(round.rewards, "InvalidReceipt");
  });

  it("asks an owner that has code (ERC-1271)", async () => {
    const world = await networkHelpers.loadFixture(standardWorld);
    const wallet = await ethers.deployContract("SigningWallet", [world.owner.address]);
    const terms = await makeTerms();
    const { rewards, providers, owner, stranger } = world;
    await wallet.execute(rewards, rewards.interface.encodeFunctionData("open", [terms]));
    const roundId = await rewards.roundIdOf(wallet, terms);
    const round: RoundWorld = { ...world, terms, roundId, slack: 0n, entries: [] };
    const { address } = providers[0]!;
    const commitment = commitmentOf(address);
    const wrong = await signReceipt(round, stranger, address, commitment);
    await expect(rewards.connect(providers[0]).register(roundId, commitment, wrong)).to.be.revertedWithCustomError(
      rewards,
      "InvalidReceipt",
    );
    const receipt = await signReceipt(round, owner, address, commitment);
    await rewards.connect(providers[0]).register(roundId, commitment, receipt);
  });

  for (const [shift, good] of [
    [-1n, true],
    [0n, true],
    [1n, false],
  ] as const) {
    it(`is ${good ? "taken" : "refused"} at registrationUntil ${shift}`, async () => {
      const round = await networkHelpers.loadFixture(openedRound);
      const { rewards, roundId, terms, providers, owner } = round;
      const { address } = providers[0]!;
      const receipt = await signReceipt(round, owner, address, commitmentOf(address));
      await nextTimestamp(terms.registrationUntil + shift);
      const call = rewards.connect(providers[0]).register(roundId, commitmentOf(address), receipt);
      if (good) await call;
      else {
        await expect(call)
          .to.be.revertedWithCustomError(rewards, "RegistrationClosed")
          .withArgs(roundId, terms.registrationUntil);
      }
    });
  }
});

/** The other signature that the same key and message have: (r, n - s, the other v). */
function mirrored(signature: string): string {
  const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = n - BigInt(ethers.dataSlice(signature, 32, 64));
  const v = 55n - BigInt(ethers.dataSlice(signature, 64));
  return ethers.concat([ethers.dataSlice(signature, 0, 32), ethers.toBeHex(s, 32), ethers.toBeHex(v, 1)]);
}
