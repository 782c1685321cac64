import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { fromHex, type Hex, toHex } from "@zkcmp/sale/hex";
import { claimRows } from "@zkcmp/sale/sampling";
import { expect } from "chai";
import { createDeal } from "../../packages/sale/test/fixture.ts";

const NO_RANK = 2 ** 32 - 1;

/** Pearson's statistic of counts that should all be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/**
 * The attack: the claimed rows are ranked in the order of the rows. An opened row then tells how many rows before it are
 * not claimed: its place less its rank. Two opened neighbours without a gap of ranks, and the buyer knows that the model
 * is right there; with a gap, that it is wrong. The sample should say nothing of the rows that were not drawn.
 * Refused because the ranks are a secret random permutation, and because every leaf has a salt of its own.
 */
describe("finding: ranks in row order", function () {
  this.timeout(60_000);

  it("ranks neither rise nor fall along the rows", () => {
    const { ranks } = claimRows(
      Array.from({ length: 400 }, (_, row) => row % 8 !== 3),
      350,
    );
    const claimed = ranks.filter((rank) => rank !== NO_RANK);
    const rises = claimed.slice(1).filter((rank, i) => rank > claimed[i]!).length;
    // 349 steps, of which a random permutation has 174.5 rising, give or take 5.4; 12 deviations either way.
    expect(rises).to.be.within(110, 239);
    expect(
      claimRows(
        ranks.map(() => true),
        350,
      ).ranks,
    ).to.not.deep.equal(ranks);
  });

  it("place less rank does not count the wrong rows before a row", () => {
    const right = Array.from({ length: 400 }, (_, row) => row >= 50);
    const { ranks } = claimRows(right, 350);
    const matches = ranks.filter((rank, row) => rank !== NO_RANK && row - rank === 50).length;
    expect(matches).to.be.below(20);
  });

  it("the ranks of opened rows fall alike whichever row is wrong", () => {
    // Rows 1, 2 and 3 are opened; row 0 or row 4 is wrong. Their ranks are 3 of 4 in any order: 24 ways, all as likely.
    for (const wrong of [0, 4]) {
      const right = Array.from({ length: 5 }, (_, row) => row !== wrong);
      const counts = new Map<string, number>();
      for (let i = 0; i < 2400; i++) {
        const seen = claimRows(right, 4).ranks.slice(1, 4).join();
        counts.set(seen, (counts.get(seen) ?? 0) + 1);
      }
      expect(counts.size).to.equal(24);
      // 23 degrees of freedom: once in 10^11 runs.
      expect(chiSquare([...counts.values()])).to.be.below(100);
    }
  });

  it("no neighbour in an opened path can be guessed, though its row and its few possible ranks are known", async () => {
    const { bundle, claim, order } = await createDeal({ order: { sampledRows: 6 } });
    const { openings } = bundle.sampling!;
    const neighbours = new Set(openings.map((opening) => opening.path[0]!));
    const known: Hex[] = [...openings.map((opening) => opening.salt), `0x${"00".repeat(32)}`];
    const leaf = (row: number, rank: number, salt: Hex): Hex => {
      const encoder = new CanonicalEncoder("zkcmp/sample-leaf/v1").unsigned(row, 4).unsigned(rank, 4);
      return toHex(encoder.bytes(fromHex(salt)).digest());
    };
    const drawn = new Set(openings.map((opening) => opening.row));
    const ranks = [NO_RANK, ...Array.from({ length: order.threshold }, (_, rank) => rank)];
    for (let row = 0; row < order.rows; row++) {
      if (drawn.has(row)) continue;
      for (const rank of ranks) for (const salt of known) expect(neighbours.has(leaf(row, rank, salt))).to.equal(false);
    }
    // With its own salt a leaf is found at once, so the search above would have found one.
    const row = openings[0]!.row ^ 1;
    expect(neighbours.has(leaf(row, claim!.ranks[row]!, claim!.salts[row]!))).to.equal(true);
  });
});
