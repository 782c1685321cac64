import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { reduce } from "@zkcmp/field/element";
import { fromHex, type Hex } from "@zkcmp/sale/hex";
import { drawRanks } from "@zkcmp/sale/sampling";
import { expect } from "chai";

const ROOT: Hex = `0x${"33".repeat(32)}`;
const DEAL_ID = reduce(44n);
const nonceOf = (i: number): Hex => `0x${i.toString(16).padStart(64, "0")}`;

/** The first eight words of the generator behind a draw. */
function wordsOf(nonce: Hex): number[] {
  const encoder = new CanonicalEncoder("zkcmp/draw/v1").bytes(fromHex(nonce)).bytes(fromHex(ROOT)).field(DEAL_ID);
  const block = encoder.unsigned(0, 4).digest();
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  return Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i));
}

/**
 * The attack: ranks are drawn as a random 32-bit word modulo T. Unless T divides 2^32 small ranks come up more often, and
 * a seller gives the wrong rows the large ranks. The effect is largest for a T just above half of 2^32, and small but there
 * for every other.
 * Refused because words of the last, incomplete multiple of T are skipped: each rank is hit by equally many words.
 */
describe("finding: biased draw", () => {
  // 2^32 is 3 * 2^30 and a rest of 2^30: modulo alone hits a rank below 2^30 twice as often as any other.
  const THRESHOLD = 3 * 2 ** 30;

  it("draws low and high ranks alike where modulo alone would not", () => {
    const draws = Array.from({ length: 3000 }, (_, i) => drawRanks(nonceOf(i), ROOT, DEAL_ID, 1, THRESHOLD)[0]!);
    const thirds = [0, 1, 2].map((third) => draws.filter((rank) => Math.floor(rank / 2 ** 30) === third).length);
    // The nonces are fixed, so these are fixed numbers: 1000 each, give or take 26. Modulo alone gives 1500, 750, 750.
    for (const count of thirds) expect(count).to.be.within(900, 1100);
  });

  it("skips exactly the words of the incomplete multiple", () => {
    let skipped = 0;
    for (let i = 0; i < 400; i++) {
      const words = wordsOf(nonceOf(i));
      const first = words.findIndex((word) => word < THRESHOLD);
      if (first === -1) continue;
      if (first > 0) skipped++;
      expect(drawRanks(nonceOf(i), ROOT, DEAL_ID, 1, THRESHOLD)).to.deep.equal([words[first]! % THRESHOLD]);
    }
    expect(skipped).to.be.above(50);
  });

  it("accepts, for every T, a range of words that is a multiple of T and misses less than T of 2^32", () => {
    // Whether a word is skipped shows in the draw: the first word alone gives it, unless it was skipped. So the words that
    // are skipped lie above floor(2^32 / T) * T, and those used below.
    for (const threshold of [1, 2, 3, 5, 7, 1000, 2 ** 16 + 1, 2 ** 31 + 1, 2 ** 32 - 5, 2 ** 32 - 1]) {
      const limit = threshold * Math.floor(2 ** 32 / threshold);
      expect(limit % threshold).to.equal(0);
      expect(2 ** 32 - limit).to.be.below(threshold);
      for (let i = 0; i < 60; i++) {
        const word = wordsOf(nonceOf(i)).find((candidate) => candidate < limit);
        if (word === undefined) continue;
        expect(drawRanks(nonceOf(i), ROOT, DEAL_ID, 1, threshold)).to.deep.equal([word % threshold]);
      }
    }
  });

  it("draws without replacement from what is left, each step from its own range", () => {
    for (let i = 0; i < 200; i++) {
      const [a, b] = wordsOf(nonceOf(i)) as [number, number];
      const first = a % 3;
      const left = [0, 1, 2].map((rank) => (rank === first ? 0 : rank)).slice(1);
      // 2^32 is 1 modulo 3 and 0 modulo 2, so only the very last word could be skipped.
      expect(drawRanks(nonceOf(i), ROOT, DEAL_ID, 2, 3)).to.deep.equal([first, left[b % 2]]);
    }
  });
});
