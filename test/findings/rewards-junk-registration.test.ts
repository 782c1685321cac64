import { expect } from "chai";
import {
  commitmentOf,
  networkHelpers,
  openRound,
  registerProvider,
  SHAPE,
  signReceipt,
  standardWorld,
} from "../rewards/fixture.ts";

/**
 * The attack: anybody registers commitments to nothing. One that nobody can open makes a proof of the whole round impossible, so that
 * all share equally with the attacker; a dozen of them leave no place for others. Registering costs a few cents.
 * Refused because a registration needs the owner's receipt, which the owner gives after seeing the rows and their opening.
 */
describe("finding: junk registration", () => {
  it("takes nobody whom the owner has not seen", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { rewards, roundId, providers } = round;
    for (const attacker of providers) {
      const commitment = commitmentOf(attacker.address);
      const receipt = await signReceipt(round, attacker, attacker.address, commitment);
      await expect(rewards.connect(attacker).register(roundId, commitment, receipt)).to.be.revertedWithCustomError(
        rewards,
        "InvalidReceipt",
      );
    }
    expect((await rewards.round(roundId)).providers).to.equal(0n);
    for (const provider of providers.slice(0, SHAPE.providers)) await registerProvider(round, provider);
  });

  it("takes no other commitment than the one that the owner has seen", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { rewards, roundId, owner, providers } = round;
    const receipt = await signReceipt(round, owner, providers[0]!.address, 5n);
    await expect(rewards.connect(providers[0]).register(roundId, 6n, receipt)).to.be.revertedWithCustomError(
      rewards,
      "InvalidReceipt",
    );
  });
});
