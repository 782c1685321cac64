import { createHash } from "node:crypto";
import { type FieldElement, reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import fc from "fast-check";
import { type Hex, toHex } from "../src/hex.ts";
import type { Order } from "../src/order.ts";
import {
  checkNonce,
  checkRootSignature,
  checkSample,
  claimRows,
  commitNonce,
  createNonce,
  drawRanks,
  openSample,
  REPORTED_ERRORS,
  rootHash,
  rootTypedData,
  sampleClaimSchema,
  sampledClaim,
  type SampleOpening,
  SamplingError,
  sampleTranscriptSchema,
} from "../src/sampling.ts";
import { addressOf, createDeal, type FixtureDeal, SELLER, signRoot, STRANGER } from "./fixture.ts";

const NO_RANK = 2 ** 32 - 1;
const DEAL_ID = reduce(7n);
const nonceOf = (i: number): Hex => `0x${i.toString(16).padStart(64, "0")}`;
const ROOT = nonceOf(0xabcdef);

/** Pearson's statistic of counts that should all be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function tally(values: Iterable<string>): number[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}

describe("claim", function () {
  this.timeout(60_000);

  it("ranks exactly T of the right rows, each rank once, and no wrong row", () => {
    const cases = fc
      .array(fc.boolean(), { minLength: 1, maxLength: 40 })
      .chain((right) => fc.tuple(fc.constant(right), fc.integer({ min: 0, max: right.filter(Boolean).length })));
    fc.assert(
      fc.property(cases, ([right, threshold]) => {
        const { ranks, salts } = claimRows(right, threshold);
        expect(ranks).to.have.lengthOf(right.length);
        expect(salts).to.have.lengthOf(right.length);
        const given = ranks.filter((rank) => rank !== NO_RANK);
        expect(given.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: threshold }, (_, i) => i));
        ranks.forEach((rank, row) => expect(rank === NO_RANK || right[row]).to.equal(true));
      }),
      { numRuns: 40 },
    );
  });

  it("is refused where fewer rows are right", () => {
    expect(() => claimRows([true, false, true], 3)).to.throw(SamplingError, "right on fewer than 3 of the 3 rows");
  });

  it("ranks by every permutation equally often, and leaves every right row out equally often", () => {
    // 3 ranks among 4 right rows: 24 ways. Pearson's statistic with 23 degrees of freedom passes 100 once in 10^11 runs.
    const claims = Array.from({ length: 4800 }, () => claimRows([true, true, false, true, true], 3).ranks.join());
    const counts = tally(claims);
    expect(counts).to.have.lengthOf(24);
    expect(chiSquare(counts)).to.be.below(100);
  });

  it("has a fresh salt in every leaf", () => {
    const claims = [claimRows([true, true], 1), claimRows([true, true], 1)];
    expect(new Set(claims.flatMap((claim) => claim.salts)).size).to.equal(4);
    expect(claims[0]!.root).to.not.equal(claims[1]!.root);
  });

  it("is the same after a round trip through JSON", () => {
    const claim = claimRows([true, false, true], 2);
    expect(sampleClaimSchema.parse(JSON.parse(JSON.stringify(claim)))).to.deep.equal(claim);
    expect(sampleClaimSchema.safeParse({ ...claim, extra: 1 }).success).to.equal(false);
    expect(sampleClaimSchema.safeParse({ ...claim, ranks: [2 ** 32] }).success).to.equal(false);
  });
});

describe("draw", function () {
  this.timeout(60_000);

  it("gives distinct ranks below T, all of them where m = T", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (threshold, count, nonce) => {
        const m = 1 + (count % threshold);
        const ranks = drawRanks(nonceOf(nonce), ROOT, DEAL_ID, m, threshold);
        expect(new Set(ranks).size).to.equal(m);
        expect(ranks.every((rank) => rank >= 0 && rank < threshold)).to.equal(true);
        const all = drawRanks(nonceOf(nonce), ROOT, DEAL_ID, threshold, threshold);
        expect(all.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: threshold }, (_, i) => i));
        expect(all.slice(0, m)).to.deep.equal(ranks);
      }),
      { numRuns: 40 },
    );
  });

  it("is a Fisher-Yates shuffle over SHA-256 in counter mode, as another implementation computes it", () => {
    const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
    const reference = (nonce: Hex, count: number, threshold: number): number[] => {
      const words: number[] = [];
      for (let counter = 0; counter < count + 8; counter++) {
        const tail = Buffer.alloc(36);
        tail.writeUInt32BE(7, 28);
        tail.writeUInt32BE(counter, 32);
        const seed = [Buffer.from("zkcmp/draw/v1"), ...[nonce, ROOT].map((hex) => Buffer.from(hex.slice(2), "hex"))];
        const block = createHash("sha256")
          .update(Buffer.concat([...seed.map(part), tail]))
          .digest();
        for (let at = 0; at < 32; at += 4) words.push(block.readUInt32BE(at));
      }
      const all = Array.from({ length: threshold }, (_, i) => i);
      for (let i = 0; i < count; i++) {
        const left = threshold - i;
        let word = words.shift()!;
        while (word >= 2 ** 32 - (2 ** 32 % left)) word = words.shift()!;
        const j = i + (word % left);
        [all[i], all[j]] = [all[j]!, all[i]!];
      }
      return all.slice(0, count);
    };
    for (const [count, threshold] of [
      [1, 1],
      [5, 9],
      [86, 950],
      [100, 100],
    ] as const) {
      expect(drawRanks(nonceOf(5), ROOT, DEAL_ID, count, threshold)).to.deep.equal(
        reference(nonceOf(5), count, threshold),
      );
    }
  });

  it("draws every sequence equally often", () => {
    // 3 of 5 ranks: 60 sequences. The nonces are fixed, so the statistic is too: 59 degrees of freedom, 110 is one in 20,000.
    const draws = Array.from({ length: 6000 }, (_, i) => drawRanks(nonceOf(i), ROOT, DEAL_ID, 3, 5).join());
    const counts = tally(draws);
    expect(counts).to.have.lengthOf(60);
    expect(chiSquare(counts)).to.be.below(110);
  });

  it("changes with the nonce, the root and the deal", () => {
    const draws = [
      drawRanks(nonceOf(1), ROOT, DEAL_ID, 20, 1000),
      drawRanks(nonceOf(2), ROOT, DEAL_ID, 20, 1000),
      drawRanks(nonceOf(1), nonceOf(3), DEAL_ID, 20, 1000),
      drawRanks(nonceOf(1), ROOT, reduce(8n), 20, 1000),
      drawRanks(ROOT, nonceOf(1), DEAL_ID, 20, 1000),
    ];
    expect(new Set(draws.map((draw) => draw.join())).size).to.equal(draws.length);
  });
});

describe("nonce", function () {
  this.timeout(60_000);

  it("is fresh, and opens its commitment alone", () => {
    const nonces = Array.from({ length: 20 }, createNonce);
    expect(new Set(nonces).size).to.equal(20);
    expect(new Set([...nonces, ...nonces.map(commitNonce)]).size).to.equal(40);
    const order = { nonceCommitment: commitNonce(nonces[0]!) } as Order;
    checkNonce(order, nonces[0]!);
    expect(() => checkNonce(order, nonces[1]!)).to.throw(SamplingError, "not the one that the order commits to");
  });

  it("is committed to under a label of its own", () => {
    const encoding = `0000000e${Buffer.from("zkcmp/nonce/v1").toString("hex")}00000020${ROOT.slice(2)}`;
    const digest = createHash("sha256").update(Buffer.from(encoding, "hex")).digest();
    expect(commitNonce(ROOT)).to.equal(toHex(digest));
  });
});

describe("sample", function () {
  this.timeout(60_000);

  let deal: FixtureDeal;
  let openings: readonly SampleOpening[];

  before(async () => {
    deal = await createDeal({ order: { sampledRows: 6 } });
    openings = deal.bundle.sampling!.openings;
  });

  const check = (change: object, order: Order = deal.order, dealId: FieldElement = deal.dealId): number[] =>
    checkSample(order, dealId, { ...deal.bundle.sampling!, ...change });
  const bent = (hex: Hex): Hex => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}` as Hex;
  const withOpening = (i: number, change: Partial<SampleOpening>): object => ({
    openings: openings.with(i, { ...openings[i]!, ...change }),
  });

  it("opens the drawn rows in drawing order, each of them right", () => {
    const { claim, nonce, order, dealId, drawn } = deal;
    const ranks = drawRanks(nonce, claim!.root, dealId, 6, order.threshold);
    expect(check({})).to.deep.equal(drawn);
    expect(drawn!.map((row) => claim!.ranks[row])).to.deep.equal(ranks);
    expect(new Set(drawn).size).to.equal(6);
    expect(openings.map(({ row, rank, salt }) => ({ row, rank, salt }))).to.deep.equal(
      drawn!.map((row, i) => ({ row, rank: ranks[i], salt: claim!.salts[row] })),
    );
  });

  it("checks for any number of rows, also one, and any number drawn, also all", () => {
    for (const [rows, threshold, sampledRows] of [
      [1, 1, 1],
      [2, 1, 1],
      [3, 3, 3],
      [8, 8, 8],
      [33, 20, 20],
    ] as const) {
      const nonce = createNonce();
      const order: Order = { ...deal.order, rows, threshold, sampledRows, nonceCommitment: commitNonce(nonce) };
      const claim = claimRows(
        Array.from({ length: rows }, () => true),
        threshold,
      );
      const opened = openSample(claim, order, DEAL_ID, nonce);
      const transcript = { root: claim.root, rootSignature: "0x" as const, nonce, openings: opened.openings };
      expect(checkSample(order, DEAL_ID, transcript)).to.deep.equal(opened.rows);
      expect(opened.rows).to.have.lengthOf(sampledRows);
    }
  });

  it("is refused with a wrong nonce, root or deal", () => {
    expect(() => check({ nonce: createNonce() })).to.throw(SamplingError, "the nonce");
    expect(() => check({ root: bent(deal.claim!.root) })).to.throw(SamplingError, "opening 0");
    expect(() => check({}, deal.order, reduce(deal.dealId + 1n))).to.throw(SamplingError, "is not the drawn leaf");
  });

  it("is refused with one wrong field in any opening", () => {
    openings.forEach((opening, i) => {
      const { row, rank, salt, path } = opening;
      const changes: Partial<SampleOpening>[] = [
        { row: row ^ 1 },
        { row: row + 32 },
        { row: row + 2 ** 32 },
        { rank: rank + 1 },
        { rank: NO_RANK },
        { rank: 2 ** 40 },
        { salt: bent(salt) },
        { path: path.slice(1) },
        { path: [...path, path[0]!] },
        ...path.map((hash, height) => ({ path: path.with(height, bent(hash)) })),
      ];
      for (const change of changes) {
        const refused = `opening ${i} is not the drawn leaf of the committed claim`;
        expect(() => check(withOpening(i, change)), JSON.stringify(change)).to.throw(SamplingError, refused);
      }
    });
  });

  it("is refused with openings missing, repeated, too many or in another order", () => {
    const [first, second, ...rest] = openings as [SampleOpening, SampleOpening, ...SampleOpening[]];
    expect(() => check({ openings: rest })).to.throw(SamplingError, "opens 4 rows, 6 were drawn");
    expect(() => check({ openings: [] })).to.throw(SamplingError, "opens 0 rows, 6 were drawn");
    expect(() => check({ openings: [...openings, first] })).to.throw(SamplingError, "opens 7 rows, 6 were drawn");
    expect(() => check({ openings: [first, first, ...rest] })).to.throw(SamplingError, "opening 1");
    expect(() => check({ openings: [second, first, ...rest] })).to.throw(SamplingError, "opening 0");
  });

  it("is not opened with a wrong nonce, or from a claim that is not the order's", () => {
    const { claim, order, dealId, nonce } = deal;
    expect(() => openSample(claim!, order, dealId, createNonce())).to.throw(SamplingError, "the nonce");
    const salt = claim!.salts[0]!;
    for (const other of [
      { ...claim!, root: bent(claim!.root) },
      { ...claim!, ranks: claim!.ranks.slice(1) },
      { ...claim!, salts: claim!.salts.slice(1) },
      { ...claim!, salts: claim!.salts.with(0, bent(salt)) },
      claimRows(
        Array.from({ length: 23 }, () => true),
        20,
      ),
    ]) {
      expect(() => openSample(other, order, dealId, nonce)).to.throw(SamplingError, "does not lead to its own root");
    }
  });

  it("cannot be read with a field missing, unknown or out of range", () => {
    const transcript = deal.bundle.sampling!;
    const reads = (value: unknown): boolean =>
      sampleTranscriptSchema.safeParse(JSON.parse(JSON.stringify(value))).success;
    expect(reads(transcript)).to.equal(true);
    for (const field of Object.keys(transcript)) expect(reads({ ...transcript, [field]: undefined })).to.equal(false);
    for (const field of Object.keys(openings[0]!)) {
      expect(reads({ ...transcript, ...withOpening(0, { [field]: undefined }) })).to.equal(false);
    }
    expect(reads({ ...transcript, extra: 1 })).to.equal(false);
    expect(reads({ ...transcript, ...withOpening(0, { rank: 2 ** 32 }) })).to.equal(false);
    expect(reads({ ...transcript, ...withOpening(0, { row: -1 }) })).to.equal(false);
    const path = Array.from({ length: 33 }, () => ROOT);
    expect(reads({ ...transcript, ...withOpening(0, { path }) })).to.equal(false);
  });
});

describe("signed root", function () {
  this.timeout(60_000);

  it("is the seller's, for one root and one deal", async () => {
    const { order, dealId, claim } = await createDeal({ order: { sampledRows: 6 } });
    const { root } = claim!;
    const seller = addressOf(SELLER);
    const signature = await signRoot(order, dealId, root);
    checkRootSignature(order, dealId, seller, root, signature);
    const refused = (...given: Parameters<typeof checkRootSignature>): void => {
      expect(() => checkRootSignature(...given)).to.throw(SamplingError, "is not signed by the deal's seller");
    };
    refused(order, reduce(dealId + 1n), seller, root, signature);
    refused(order, dealId, seller, ROOT, signature);
    refused(order, dealId, addressOf(STRANGER), root, signature);
    refused({ ...order, chainId: 1 }, dealId, seller, root, signature);
    refused({ ...order, escrow: seller }, dealId, seller, root, signature);
    refused(order, dealId, seller, root, await signRoot(order, dealId, root, STRANGER));
    refused(order, dealId, seller, root, "0x");
  });

  it("has a digest of chain, escrow, deal and root, for a contract to check", async () => {
    const { order } = await createDeal();
    const digests = [
      rootHash(order, DEAL_ID, ROOT),
      rootHash({ ...order, chainId: 1 }, DEAL_ID, ROOT),
      rootHash({ ...order, escrow: addressOf(SELLER) }, DEAL_ID, ROOT),
      rootHash(order, reduce(8n), ROOT),
      rootHash(order, DEAL_ID, nonceOf(1)),
    ];
    expect(new Set(digests).size).to.equal(5);
    expect(rootTypedData(order, DEAL_ID, ROOT).message).to.deep.equal({ dealId: DEAL_ID, root: ROOT });
  });
});

describe("what a sampled proof states", function () {
  this.timeout(60_000);

  function binomial(n: number, k: number): bigint {
    let value = 1n;
    for (let i = 0; i < k; i++) value = (value * BigInt(n - i)) / BigInt(i + 1);
    return k > n ? 0n : value;
  }

  /** Whether A of T right rows pass m draws with a probability above p/q, exactly. */
  const passes = (right: number, threshold: number, count: number, [p, q]: readonly [bigint, bigint]): boolean =>
    binomial(right, count) * q > binomial(threshold, count) * p;

  it("is the exact chance of the draw, as counting every draw gives it", () => {
    // No chance below is equal to one of these, so rounding cannot decide.
    const errors = [0.29, 0.11, 0.013, 0.0011];
    for (let threshold = 1; threshold <= 7; threshold++) {
      for (let count = 1; count <= threshold; count++) {
        const draws = Array.from({ length: 2 ** threshold }, (_, set) => set).filter(
          (set) => set.toString(2).replaceAll("0", "").length === count,
        );
        // The right rows are the first ones: a draw passes if it is a set of those.
        const chance = (right: number): number => draws.filter((set) => set < 2 ** right).length / draws.length;
        for (const error of errors) {
          let atLeast = 0;
          while (chance(atLeast) <= error) atLeast++;
          expect(sampledClaim(threshold, count, error), `T ${threshold}, m ${count}, ${error}`).to.deep.equal({
            atLeast,
            error,
          });
        }
      }
    }
  });

  it("is exact for larger numbers too", () => {
    const errors: [number, readonly [bigint, bigint]][] = [
      [0.01, [1n, 100n]],
      [2 ** -40, [1n, 2n ** 40n]],
    ];
    for (const [threshold, count] of [
      [60, 20],
      [190, 86],
      [950, 86],
      [600, 513],
      [2000, 513],
      [950, 950],
    ] as const) {
      for (const [error, fraction] of errors) {
        const { atLeast } = sampledClaim(threshold, count, error);
        expect(passes(atLeast, threshold, count, fraction)).to.equal(true);
        expect(passes(atLeast - 1, threshold, count, fraction)).to.equal(false);
      }
    }
  });

  it("is never weaker than the bound (A/T)^m", () => {
    for (const error of REPORTED_ERRORS) {
      for (const [threshold, count] of [
        [950, 86],
        [9500, 513],
        [100, 50],
      ] as const) {
        const { atLeast } = sampledClaim(threshold, count, error);
        expect(atLeast).to.be.at.least(Math.floor(threshold * error ** (1 / count)));
        expect(atLeast).to.be.at.most(threshold);
      }
    }
  });

  it("needs the published numbers of rows at T = 95 % of a large n, and one row fewer does not do", () => {
    const n = 400_000_000;
    const threshold = 0.95 * n;
    const table: [gap: number, atOnePercent: number, atTwoToMinus40: number][] = [
      [0.1, 42, 250],
      [0.05, 86, 513],
      [0.02, 217, 1304],
      [0.01, 436, 2621],
    ];
    for (const [gap, ...counts] of table) {
      counts.forEach((count, i) => {
        const error = REPORTED_ERRORS[i]!;
        const floor = threshold - Math.round(gap * n);
        expect(sampledClaim(threshold, count, error).atLeast, `${count} rows`).to.be.above(floor);
        expect(sampledClaim(threshold, count - 1, error).atLeast, `${count - 1} rows`).to.be.at.most(floor);
      });
    }
  });

  it("is the threshold itself where all claimed rows are drawn, also for the largest order", () => {
    expect(sampledClaim(20, 20, 0.01).atLeast).to.equal(20);
    const largest = 2 ** 32 - 1;
    expect(sampledClaim(largest, 86, 0.01).atLeast / largest).to.be.closeTo(0.01 ** (1 / 86), 1e-6);
  });
});
