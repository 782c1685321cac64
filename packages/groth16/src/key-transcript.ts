import { createHash } from "node:crypto";
import { ChaCha, type Curve } from "ffjavascript";
import { InvalidTranscriptError } from "./ceremony.ts";
import { type G1Point, checkG1, checkG2, g1ToBigEndian, g1ToBytes, g2ToBytes, negateG1 } from "./points.ts";
import { type KeyContribution, type ProvingKey, contributionBytes } from "./proving-key.ts";

/**
 * Checks the chain of contributions to a key, from delta = 1 to its delta, as snarkjs writes it: every party shows that it
 * knows the factor between the deltas before and after it, by a point of G2 that is hashed from all that came before
 * (Bowe, Gabizon and Miers, eprint 2017/1050). It costs milliseconds and no look at the large sections, which
 * verifyKey has checked after it.
 * @param file the key's name in errors
 * @throws {InvalidTranscriptError | PointError}
 */
export async function checkKeyTranscript(curve: Curve, file: string, key: ProvingKey): Promise<void> {
  const past = createHash("blake2b512").update(key.circuitHash);
  let delta: Uint8Array = curve.G1.gAffine;
  for (const [i, contribution] of key.contributions.entries()) {
    const fail = (reason: string) => new InvalidTranscriptError(file, `contribution ${i + 1}: ${reason}`);
    checkContributionPoints(curve, contribution, i + 1);
    const { s, sx, spx, transcript, deltaAfter } = contribution;
    const expected = past.copy().update(g1ToBigEndian(s)).update(g1ToBigEndian(sx)).digest();
    if (!expected.equals(transcript)) throw fail("it does not continue the ones before it");
    const hashed = curve.G2.toAffine(hashToG2(curve, transcript));
    const secret = g2ToBytes(curve, spx);
    if (!(await sameRatio(curve, g1ToBytes(curve, s), sx, hashed, secret))) throw fail("its party knows no secret");
    if (!(await sameRatio(curve, delta, deltaAfter, hashed, secret))) throw fail("delta changed by another factor");
    delta = g1ToBytes(curve, deltaAfter);
    past.update(contributionBytes(contribution));
  }
  if (
    !(await curve.pairingEq(
      delta,
      curve.G2.gAffine,
      curve.G1.neg(curve.G1.gAffine),
      g2ToBytes(curve, key.verificationKey.delta),
    ))
  ) {
    throw new InvalidTranscriptError(file, "its delta is not that of its last contribution");
  }
}

function checkContributionPoints(curve: Curve, contribution: KeyContribution, index: number): void {
  for (const name of ["deltaAfter", "s", "sx"] as const)
    checkG1(contribution[name], `${name} of contribution ${index}`);
  checkG2(curve, contribution.spx, `spx of contribution ${index}`);
}

/** Whether sx / s = q / p, for points s and sx of G1 and p and q of G2. */
function sameRatio(curve: Curve, s: Uint8Array, sx: G1Point, p: Uint8Array, q: Uint8Array): Promise<boolean> {
  return curve.pairingEq(s, q, g1ToBytes(curve, negateG1(sx)), p);
}

/** A point nobody knows the discrete logarithm of. */
function hashToG2(curve: Curve, transcript: Uint8Array): Uint8Array {
  const words = Buffer.from(transcript);
  return curve.G2.fromRng(new ChaCha(Array.from({ length: 8 }, (_, i) => words.readUInt32BE(4 * i))));
}
