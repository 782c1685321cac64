import { expect } from "chai";
import { BASE_FIELD_ORDER } from "@zkcmp/groth16/points";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { deployVerifier, ethers, networkHelpers } from "../rewards/fixture.ts";
import { g2, trapdoorKey } from "../rewards/trapdoor-key.ts";

/**
 * The attack: a key whose delta is gamma (a ceremony without a second phase) or minus gamma. The public inputs and C are then paired with
 * one point, and A = alpha, B = beta, C = -L or C = L is a proof of whatever L is made of, without any witness.
 * Refused when the verifier is made, and again by the clients, which check the key before they use a contract.
 */
describe("finding: gamma is minus delta", () => {
  it("would let anybody prove anything", async () => {
    // The pairing equation of such a key, asked of the precompile: e(-A, B) e(alpha, beta) e(L, gamma) e(L, -gamma) = 1.
    const { alpha, beta, gamma, ic } = await trapdoorKey();
    const [ax, ay] = alpha;
    const opposite = await g2(FIELD_ORDER - 1n);
    const words = [ax, BASE_FIELD_ORDER - ay, ...beta, ax, ay, ...beta, ...ic[0]!, ...gamma, ...ic[0]!, ...opposite];
    const data = ethers.concat(words.map((word) => ethers.toBeHex(word, 32)));
    const answer = await ethers.provider.call({ to: `0x${"8".padStart(40, "0")}`, data });
    expect(BigInt(answer)).to.equal(1n);
  });

  it("is refused when the verifier is made", async () => {
    const verifier = await networkHelpers.loadFixture(deployVerifier);
    const key = await trapdoorKey();
    for (const scalar of [1n, FIELD_ORDER - 1n]) {
      await expect(
        ethers.deployContract("RewardsVerifier", [{ ...key, delta: await g2(scalar) } as never]),
      ).to.be.revertedWithCustomError(verifier, "GammaIsDelta");
    }
  });
});
