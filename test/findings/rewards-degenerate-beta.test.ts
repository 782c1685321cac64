import { expect } from "chai";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { endCurve } from "@zkcmp/groth16/curve";
import type { G2Point } from "@zkcmp/groth16/points";
import {
  BetaEqualsDeltaError,
  BetaEqualsGammaError,
  checkVerificationKey,
  type VerificationKey,
} from "@zkcmp/groth16/verification-key";
import { errorOf } from "../../packages/groth16/test/toy.ts";
import { deployVerifier, ethers, networkHelpers } from "../rewards/fixture.ts";
import { g1, g2, trapdoorKey, type KeyWords, type Words2, type Words4 } from "../rewards/trapdoor-key.ts";

/**
 * The attack: a key whose beta is gamma or delta, or the opposite of one, from somebody who "ran a ceremony". alpha and the public inputs,
 * or alpha and C, are then paired with one point, so that whoever has the key proves anything without a witness: with beta = gamma A =
 * alpha + L, B = beta, C = 0; with beta = delta A = L, B = gamma, C = -alpha, L being the sum of the key's points for the claimed signals.
 * Refused when the verifier is made, and by the clients, which check the key before they use it.
 */
describe("finding: beta is gamma or delta", () => {
  after(endCurve);

  const DELTA = 12_345n;
  /** Everything as multiples of the generators: the attacker needs only the points, the test is shorter so. */
  const ALPHA = 777n;
  /** L for the signals that the attacker claims. */
  const L = 31_337n;

  const cases = [
    { name: "gamma", beta: 1n, a: ALPHA + L, b: 1n, c: 0n },
    { name: "-gamma", beta: -1n, a: ALPHA - L, b: -1n, c: 0n },
    { name: "delta", beta: DELTA, a: L, b: 1n, c: -ALPHA },
    { name: "-delta", beta: -DELTA, a: L, b: 1n, c: ALPHA },
  ] as const;

  for (const { name, beta, a, b, c } of cases) {
    it(`would let anybody prove anything with beta = ${name}`, async () => {
      // e(-A, B) e(alpha, beta) e(L, gamma) e(C, delta) = 1, asked of the precompile.
      const pairs = [
        [-a, b],
        [ALPHA, beta],
        [L, 1n],
        [c, DELTA],
      ] as const;
      const words = await Promise.all(
        pairs.map(async ([p, q]) => [...(await g1(modulo(p))), ...(await g2(modulo(q)))]),
      );
      const data = ethers.concat(words.flat().map((word) => ethers.toBeHex(word, 32)));
      const answer = await ethers.provider.call({ to: `0x${"8".padStart(40, "0")}`, data });
      expect(BigInt(answer)).to.equal(1n);
    });

    it(`is refused by contract and client with beta = ${name}`, async () => {
      const verifier = await networkHelpers.loadFixture(deployVerifier);
      const key: KeyWords = { ...(await trapdoorKey()), delta: await g2(DELTA), beta: await g2(modulo(beta)) };
      const isGamma = name.endsWith("gamma");
      await expect(ethers.deployContract("RewardsVerifier", [key as never])).to.be.revertedWithCustomError(
        verifier,
        isGamma ? "BetaIsGamma" : "BetaIsDelta",
      );
      const error = await errorOf(checkVerificationKey(keyOf(key), { development: true, publicCount: 8 }));
      expect(error).to.be.instanceOf(isGamma ? BetaEqualsGammaError : BetaEqualsDeltaError);
    });
  }
});

function modulo(x: bigint): bigint {
  return ((x % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;
}

/** The contract's words as a key of @zkcmp/groth16. */
function keyOf({ alpha, beta, gamma, delta, ic }: KeyWords): VerificationKey {
  const point1 = ([x, y]: Words2) => ({ x, y });
  const point2 = ([xi, xr, yi, yr]: Words4): G2Point => ({ x: [xr, xi], y: [yr, yi] });
  return { alpha: point1(alpha), beta: point2(beta), gamma: point2(gamma), delta: point2(delta), ic: ic.map(point1) };
}
