import type { Hex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import fc from "fast-check";
import { thrown } from "../../network/test/thrown.ts";
import { factorial, roundBounds } from "../src/bounds.ts";
import { coalitionGrams } from "../src/coalitions.ts";
import { gramOf } from "../src/gram.ts";
import {
  type Game,
  permutationCount,
  permutationOf,
  PermutationSamplingError,
  roundGame,
  sampleValues,
  samplingError,
  uniformInteger,
} from "../src/permutation-sampling.ts";
import { shapleyNumeratorsOf } from "../src/shapley-values.ts";
import { solveCoalitions } from "../src/coalitions.ts";
import { utilityOf } from "../src/utility.ts";
import { generator, shapeOf } from "./arbitrary.ts";

const seed = (byte: number): Hex => `0x${byte.toString(16).padStart(2, "0").repeat(32)}`;

/** A game over bit masks. */
function maskGame(players: number, utility: (mask: number) => bigint): Game<number> {
  return { players, empty: 0, join: (mask, player) => mask | (1 << player), utility };
}

describe("number of permutations", () => {
  it("is Hoeffding's with a union bound, marginals being in [-1, 1] of the range", () => {
    expect(permutationCount(10, { epsilon: 0.025, delta: 0.05 })).to.equal(Math.ceil(3200 * Math.log(400)));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
        (players, share, delta) => {
          const epsilon = share / (4 * players);
          const count = permutationCount(players, { epsilon, delta });
          expect(2 * players * Math.exp((-count * epsilon ** 2) / 2)).to.be.at.most(delta * (1 + 1e-9));
          expect(samplingError(players, count, delta)).to.be.at.most(epsilon * (1 + 1e-12));
          expect(samplingError(players, count - 1, delta)).to.be.at.least(epsilon * (1 - 1e-12));
        },
      ),
    );
  });

  it("is refused for an error that could hide a fair share", () => {
    expect(() => permutationCount(20, { epsilon: 1 / 80, delta: 0.01 })).to.not.throw();
    const error = thrown(() => permutationCount(20, { epsilon: 0.0126, delta: 0.01 }));
    expect(error).to.be.instanceOf(PermutationSamplingError);
    expect(error.message).to.include("0.0125");
    for (const epsilon of [0, -1, NaN]) {
      expect(() => permutationCount(2, { epsilon, delta: 0.01 })).to.throw(PermutationSamplingError);
    }
    for (const delta of [0, 1, NaN]) {
      expect(() => permutationCount(2, { epsilon: 0.1, delta })).to.throw(PermutationSamplingError);
    }
  });
});

describe("permutations of a seed", () => {
  it("skip words that would favour small numbers", () => {
    // 2^32 = 3 * 1431655765 + 1: the largest word would make 0 likelier.
    const words = [2 ** 32 - 1, 2 ** 32 - 2];
    expect(uniformInteger(3, () => words.shift()!)).to.equal(2);
    expect(words).to.deep.equal([]);
    expect(uniformInteger(2 ** 32, () => 2 ** 32 - 1)).to.equal(2 ** 32 - 1);
  });

  it("are permutations, the same for the same seed, others for another seed or position", () => {
    const order = permutationOf(seed(1), 0, 40);
    expect([...order].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 40 }, (_, i) => i));
    expect(permutationOf(seed(1), 0, 40)).to.deep.equal(order);
    expect(permutationOf(seed(1), 1, 40)).to.not.deep.equal(order);
    expect(permutationOf(seed(2), 0, 40)).to.not.deep.equal(order);
    expect(permutationOf(seed(1), 0, 1)).to.deep.equal([0]);
  });

  it("are uniform: of 24 orders of four players each comes up about as often", () => {
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let i = 0; i < draws; i++) {
      const key = permutationOf(seed(3), i, 4).join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).to.equal(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 23 degrees of freedom: above 56 with a probability of 10^-4; the seed is fixed.
    expect(chiSquare).to.be.below(56);
  });
});

describe("sampled values", () => {
  it("lie within epsilon of the exact ones, and add up exactly", () => {
    const utility = (mask: number): bigint => {
      const size = BigInt([0, 1, 2, 3, 4, 5].reduce((count, i) => count + ((mask >> i) & 1), 0));
      return mask & 1 ? 100n * size : size * size;
    };
    const [low, high] = [0n, 600n];
    const exact = shapleyNumeratorsOf(6, utility).map(
      (value) => Number(value) / Number(factorial(6)) / Number(high - low),
    );
    const plan = { epsilon: 1 / 24, delta: 0.001 };
    const sampled = sampleValues(maskGame(6, utility), seed(9), [low, high], plan);
    expect(sampled.permutations).to.equal(permutationCount(6, plan));
    expect(sampled.epsilon).to.be.at.most(plan.epsilon);
    expect(sampled.delta).to.equal(plan.delta);
    expect(sampled.clipped).to.equal(0);
    sampled.shares.forEach((share, i) => expect(Math.abs(share - exact[i]!)).to.be.at.most(sampled.epsilon));
    expect(sampled.sums.reduce((sum, value) => sum + value, 0n)).to.equal(
      BigInt(sampled.permutations) * (utility(63) - utility(0)),
    );
  });

  it("of a round lie within epsilon of the exact ones", () => {
    const random = generator(4);
    const shape = shapeOf({ providers: 5, rows: 6, features: 2, validationRows: 12 });
    const ridgeBits = roundBounds(shape).minRidgeBits;
    // Targets follow the first feature, with noise that grows by provider.
    const rowsOf = (count: number, noise: number) => ({
      rows: Array.from({ length: count }, () => {
        const [x, other, error] = [random(), random(), (random() - 0.5) * noise];
        return Uint16Array.from([x, other, Math.min(Math.max(x + error, 0), 0.999)], (value) => value * 65536);
      }),
    });
    const grams = [0, 0.1, 0.5, 1, 2].map((noise) => gramOf(shape, rowsOf(6, noise)));
    const validation = gramOf(shape, rowsOf(12, 0));
    const thetas = solveCoalitions(shape, ridgeBits, grams);
    const utilities = thetas.map((theta) => utilityOf(validation, theta, shape.fractionBits));
    const high = validation.squares << BigInt(2 * shape.fractionBits);
    const low = -high;
    const exact = shapleyNumeratorsOf(5, (mask) => utilities[mask]!).map(
      (value) => Number(value) / Number(factorial(5)) / Number(high - low),
    );
    const game = roundGame(grams, validation, ridgeBits, shape.fractionBits);
    expect(coalitionGrams(shape, grams).slice(1).map(game.utility)).to.deep.equal(utilities.slice(1));
    const sampled = sampleValues(game, seed(8), [low, high], { epsilon: 0.05, delta: 0.01 });
    sampled.shares.forEach((share, i) => expect(Math.abs(share - exact[i]!)).to.be.at.most(sampled.epsilon));
  });

  it("are those of the clipped game, and say how much was clipped", () => {
    const utility = (mask: number): bigint => (mask === 3 ? 1000n : mask === 1 ? -50n : 0n);
    const plan = { epsilon: 0.125, delta: 0.5 };
    const sampled = sampleValues(maskGame(2, utility), seed(5), [-10n, 10n], plan);
    const clipped = sampleValues(
      maskGame(2, (mask) => (mask === 3 ? 10n : mask === 1 ? -10n : 0n)),
      seed(5),
      [-10n, 10n],
      plan,
    );
    expect(sampled.sums).to.deep.equal(clipped.sums);
    expect(sampled.clipped).to.be.above(sampled.permutations);
    expect(clipped.clipped).to.equal(0);
  });

  it("work for more players than exact values do", () => {
    const worth = Array.from({ length: 16 }, (_, i) => BigInt(i));
    const additive: Game<bigint> = {
      players: 16,
      empty: 0n,
      join: (sum, player) => sum + worth[player]!,
      utility: (sum) => sum,
    };
    const { sums, permutations } = sampleValues(additive, seed(6), [0n, 120n], { epsilon: 1 / 64, delta: 0.5 });
    expect(sums).to.deep.equal(worth.map((value) => value * BigInt(permutations)));
  });

  it("refuse a range without 0, an empty range and a short seed", () => {
    const game = maskGame(2, () => 0n);
    const plan = { epsilon: 0.125, delta: 0.5 };
    for (const range of [
      [1n, 2n],
      [-2n, -1n],
      [0n, 0n],
    ] as const) {
      expect(() => sampleValues(game, seed(1), range, plan)).to.throw(PermutationSamplingError);
    }
    expect(() => sampleValues(game, "0x00", [0n, 1n], plan)).to.throw(PermutationSamplingError);
  });
});
