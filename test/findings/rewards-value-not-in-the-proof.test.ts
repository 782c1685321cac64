import { expect } from "chai";
import {
  goodValues,
  networkHelpers,
  nextTimestamp,
  proofOf,
  registeredRound,
  resultOf,
  standardWorld,
  State,
  stateOf,
} from "../rewards/fixture.ts";

/**
 * The attack: a contract verifies a proof and takes the value to pay as one more parameter beside it, which the proof knows
 * nothing of. Whoever holds any valid proof names any value.
 * Refused because the contract packs the values that it is given into the proof's public signals itself.
 */
describe("finding: value not in the proof", () => {
  it("refuses every other value under a valid proof, by as little as one unit", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 3);
    const { rewards, roundId, terms } = round;
    const result = resultOf(goodValues(round));
    const proof = await proofOf(round, result);
    await nextTimestamp(terms.registrationUntil + 1n);
    for (let slot = 0; slot < 3; slot++) {
      for (const value of [2n ** 61n - 1n, result.values[slot]! + 1n, -result.values[slot]!]) {
        const values = result.values.map((honest, index) => (index === slot ? value : honest));
        await expect(rewards.submit(roundId, proof, { ...result, values })).to.be.revertedWithCustomError(
          rewards,
          "InvalidProof",
        );
      }
    }
    await rewards.submit(roundId, proof, result);
    expect(await stateOf(round)).to.equal(State.Submitted);
  });
});
