import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import {
  goodValues,
  networkHelpers,
  proofOf,
  registeredRound,
  resultOf,
  signalsOf,
  standardWorld,
} from "../rewards/fixture.ts";
import type { Words8 } from "../rewards/trapdoor-key.ts";

/**
 * The attack: the precompile that multiplies points takes scalars of 256 bits, and x and x + r multiply alike. A verifier that does not
 * compare public signals with r takes the same proof for six numbers at once: another loss, another model commitment, under which
 * nothing fits what was proven, or another digest of a result that was seen before.
 * Refused by the verifier itself, and the words of values, the registry and the context are built by the contract below r.
 */
describe("finding: public input alias", () => {
  it("refuses each signal plus r", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 2);
    const { rewards, verifier, roundId, terms } = round;
    const result = resultOf(goodValues(round));
    const proof = await proofOf(round, result);
    const signals = signalsOf(round, result) as Words8;
    expect(await verifier.verify(proof, signals)).to.equal(true);
    for (let index = 0; index < 8; index++) {
      for (let alias = signals[index]! + FIELD_ORDER; alias < 2n ** 256n; alias += FIELD_ORDER) {
        const aliased = signals.map((signal, i) => (i === index ? alias : signal)) as Words8;
        expect(await verifier.verify(proof, aliased)).to.equal(false);
      }
    }
    await networkHelpers.time.increaseTo(terms.registrationUntil + 1n);
    for (const change of [
      { loss: result.loss + FIELD_ORDER },
      { modelCommitment: result.modelCommitment + FIELD_ORDER },
    ]) {
      await expect(rewards.submit(roundId, proof, { ...result, ...change })).to.be.revertedWithCustomError(
        rewards,
        "InvalidProof",
      );
    }
    await rewards.submit(roundId, proof, result);
  });
});
