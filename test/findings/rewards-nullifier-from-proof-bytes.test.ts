import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { BASE_FIELD_ORDER, g1FromBytes, g1ToBigEndian, g1ToBytes } from "@zkcmp/groth16/points";
import { g2FromBytes, g2ToBigEndian, g2ToBytes } from "@zkcmp/groth16/points";
import {
  ethers,
  fundRound,
  goodValues,
  networkHelpers,
  POOL,
  proofOf,
  registeredRound,
  resultOf,
  signalsOf,
  standardWorld,
} from "../rewards/fixture.ts";
import { inverse, singleThread, type Words8 } from "../rewards/trapdoor-key.ts";

/**
 * The attack: to take each proof once, a contract remembers the hash of its bytes. But whoever sees a Groth16 proof makes others of the
 * same statement from it without knowing a witness: (A, B, C) -> (x A, B / x, C), or (-A, -B, C). Each has a hash of its own,
 * and each is paid for once more.
 * Refused because nothing hangs on a proof's bytes: a round takes one submission, whatever proof comes.
 */
describe("finding: nullifier from proof bytes", () => {
  /** (x A, B / x, C) */
  async function malleate(proof: Words8, x: bigint): Promise<Words8> {
    const curve = await singleThread();
    const [ax, ay, bxi, bxr, byi, byr, cx, cy] = proof;
    const a = curve.G1.timesScalar(g1ToBytes(curve, { x: ax, y: ay }), x);
    const b = curve.G2.timesScalar(g2ToBytes(curve, { x: [bxr, bxi], y: [byr, byi] }), inverse(x));
    const words = (bytes: Uint8Array) =>
      Array.from({ length: bytes.length / 32 }, (_, i) => BigInt(ethers.hexlify(bytes.slice(32 * i, 32 * i + 32))));
    return [
      ...words(g1ToBigEndian(g1FromBytes(curve, curve.G1.toAffine(a)))),
      ...words(g2ToBigEndian(g2FromBytes(curve, curve.G2.toAffine(b)))),
      cx,
      cy,
    ] as Words8;
  }

  it("takes one submission, though other valid proofs can be made from it", async () => {
    const round = await registeredRound(await networkHelpers.loadFixture(standardWorld), 2);
    const { rewards, verifier, roundId, terms, providers } = round;
    await fundRound(round);
    const result = resultOf(goodValues(round));
    const proof = await proofOf(round, result);
    const others = [await malleate(proof, 2n), await malleate(proof, FIELD_ORDER - 1n)];
    for (const other of others) {
      expect(other).not.to.deep.equal(proof);
      expect(await verifier.verify(other, signalsOf(round, result) as Words8)).to.equal(true);
    }
    expect(others[1]!.slice(0, 2)).to.deep.equal([proof[0], BASE_FIELD_ORDER - proof[1]]);

    await networkHelpers.time.increaseTo(terms.registrationUntil + 1n);
    await rewards.submit(roundId, proof, result);
    await rewards.claimFor(roundId, result, providers[1]!);
    for (const other of others) {
      await expect(rewards.submit(roundId, other, result)).to.be.revertedWithCustomError(rewards, "WrongState");
    }
    await expect(rewards.claimFor(roundId, result, providers[1]!)).to.be.revertedWithCustomError(
      rewards,
      "NothingToClaim",
    );
    expect(await ethers.provider.getBalance(rewards)).to.equal(POOL - (POOL * 2n) / 3n);
  });
});
