import { expect } from "chai";
import { toFieldElement } from "@zkcmp/field/element";
import { commitSamples } from "@zkcmp/shapley/sample-commitment";
import {
  goodValues,
  networkHelpers,
  nextTimestamp,
  openRound,
  proofOf,
  resultOf,
  SHAPE,
  signReceipt,
  standardWorld,
} from "../rewards/fixture.ts";

/**
 * The attack: somebody sees a provider's commitment in a pending transaction and registers the same commitment first, or in
 * another round, to be paid for rows that it has never seen.
 * Refused three times: the owner's receipt names the payee; the commitment hashes round and payee, so that its opening is no opening for
 * another; and the registry, a public signal of the proof, hashes the payee beside the commitment, so that the proof that was made
 * for the provider does not fit a registry with the copyist.
 */
describe("finding: copied data commitment", () => {
  const opening = {
    salt: toFieldElement(99n),
    samples: { rows: [Uint16Array.of(40_000, 30_000), Uint16Array.of(20_000, 10_000)] },
  };

  it("is worth nothing to another payee and in another round", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { roundId, providers } = round;
    const payee = BigInt(providers[0]!.address);
    const honest = commitSamples(SHAPE, { roundId, payee, ...opening });
    expect(commitSamples(SHAPE, { roundId, payee: BigInt(round.stranger.address), ...opening })).not.to.equal(honest);
    expect(commitSamples(SHAPE, { roundId: roundId + 1n, payee, ...opening })).not.to.equal(honest);
  });

  it("cannot be registered with the receipt of the one who was copied", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { rewards, roundId, owner, stranger, providers } = round;
    const { address } = providers[0]!;
    const commitment = commitSamples(SHAPE, { roundId, payee: BigInt(address), ...opening });
    const receipt = await signReceipt(round, owner, address, commitment);
    await expect(rewards.connect(stranger).register(roundId, commitment, receipt)).to.be.revertedWithCustomError(
      rewards,
      "InvalidReceipt",
    );
    await rewards.connect(providers[0]).register(roundId, commitment, receipt);
  });

  it("leads to another registry, even if a careless owner gives the copyist a receipt", async () => {
    const round = await openRound(await networkHelpers.loadFixture(standardWorld));
    const { rewards, roundId, owner, stranger, providers, terms } = round;
    const { address } = providers[0]!;
    const commitment = commitSamples(SHAPE, { roundId, payee: BigInt(address), ...opening });
    const receipt = await signReceipt(round, owner, stranger.address, commitment);
    await rewards.connect(stranger).register(roundId, commitment, receipt);
    round.entries.push({ payee: address, commitment });
    const result = resultOf(goodValues(round));
    await nextTimestamp(terms.registrationUntil + 1n);
    await expect(rewards.submit(roundId, await proofOf(round, result), result)).to.be.revertedWithCustomError(
      rewards,
      "InvalidProof",
    );
  });
});
