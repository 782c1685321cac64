import { expect } from "chai";
import fc from "fast-check";
import { factorial, roundBounds } from "../src/bounds.ts";
import {
  coalitionSize,
  ShapleyError,
  shapleyNumerators,
  shapleyNumeratorsOf,
  valuesOf,
  valueWords,
} from "../src/shapley-values.ts";
import { shapeOf } from "./arbitrary.ts";
import { floatShapley, permutations } from "./oracle.ts";

/** A game of 1 to 5 players with v(none) = 0. */
const games = fc.integer({ min: 1, max: 5 }).chain((players) =>
  fc
    .array(fc.bigInt({ min: -(1n << 100n), max: 1n << 100n }), {
      minLength: 2 ** players - 1,
      maxLength: 2 ** players - 1,
    })
    .map((utilities) => ({ players, utilities: [0n, ...utilities] })),
);

describe("Shapley values", () => {
  it("of an additive game are what each player adds: 1, 2, 3, 4", () => {
    // The article that the rewards come from takes a player's index for a coalition's size and finds other values.
    const worth = [1n, 2n, 3n, 4n];
    const additive = (mask: number): bigint => worth.reduce((sum, w, i) => ((mask >> i) & 1 ? sum + w : sum), 0n);
    expect(shapleyNumeratorsOf(4, additive).map((numerator) => numerator / factorial(4))).to.deep.equal(worth);
    expect(shapleyNumeratorsOf(4, additive).every((numerator) => numerator % factorial(4) === 0n)).to.equal(true);
  });

  it("of a glove game are known: one left glove, two right ones", () => {
    const pairs = (mask: number): bigint => (mask & 1 && mask & 6 ? 6n : 0n);
    expect(shapleyNumeratorsOf(3, pairs)).to.deep.equal([24n, 6n, 6n]);
  });

  it("are the mean marginal contributions over all orders, exactly", () => {
    fc.assert(
      fc.property(games, ({ players, utilities }) => {
        const sums = new Array<bigint>(players).fill(0n);
        for (const order of permutations(players)) {
          let mask = 0;
          for (const player of order) {
            sums[player]! += utilities[mask | (1 << player)]! - utilities[mask]!;
            mask |= 1 << player;
          }
        }
        expect(shapleyNumerators(utilities, players)).to.deep.equal(sums);
      }),
    );
  });

  it("agree with the definition in floating point", () => {
    const utility = (mask: number): bigint => BigInt((mask * 2654435761) % 1000);
    const float = floatShapley(6, (members) => Number(utility(members.reduce((mask, i) => mask | (1 << i), 0))));
    shapleyNumeratorsOf(6, utility).forEach((numerator, i) => {
      expect(Number(numerator) / 720).to.be.closeTo(float[i]!, 1e-9);
    });
  });

  it("are efficient: they add up to v(all) - v(none)", () => {
    fc.assert(
      fc.property(games, fc.bigInt({ min: -100n, max: 100n }), ({ players, utilities }, none) => {
        const shifted = [none, ...utilities.slice(1)];
        const sum = shapleyNumerators(shifted, players).reduce((total, numerator) => total + numerator, 0n);
        expect(sum).to.equal(factorial(players) * (shifted.at(-1)! - none));
      }),
    );
  });

  it("are symmetric: renaming players renames values, and equals get the same", () => {
    fc.assert(
      fc.property(games, fc.nat(), fc.nat(), ({ players, utilities }, a, b) => {
        const [i, j] = [a % players, b % players];
        const swap = (mask: number): number => {
          const [bitI, bitJ] = [(mask >> i) & 1, (mask >> j) & 1];
          return (mask & ~((1 << i) | (1 << j))) | (bitI << j) | (bitJ << i);
        };
        const values = shapleyNumerators(utilities, players);
        const renamed = shapleyNumeratorsOf(players, (mask) => utilities[swap(mask)]!);
        expect(renamed[i]).to.equal(values[j]);
        const even = shapleyNumeratorsOf(players, (mask) => utilities[mask]! + utilities[swap(mask)]!);
        expect(even[i]).to.equal(even[j]);
      }),
    );
  });

  it("are 0 for a null player, who changes no coalition", () => {
    fc.assert(
      fc.property(games, ({ players, utilities }) => {
        const withNull = shapleyNumeratorsOf(players + 1, (mask) => utilities[mask & (2 ** players - 1)]!);
        expect(withNull[players]).to.equal(0n);
        const scaled = shapleyNumerators(utilities, players).map((numerator) => numerator * BigInt(players + 1));
        expect(withNull.slice(0, players)).to.deep.equal(scaled);
      }),
    );
  });

  it("are linear in the game", () => {
    const two = fc.integer({ min: 1, max: 5 }).chain((players) => {
      const values = fc.array(fc.bigInt({ min: -1000n, max: 1000n }), {
        minLength: 2 ** players,
        maxLength: 2 ** players,
      });
      return fc.record({ players: fc.constant(players), v: values, w: values });
    });
    fc.assert(
      fc.property(two, fc.bigInt({ min: -9n, max: 9n }), ({ players, v, w }, factor) => {
        const combined = shapleyNumerators(
          v.map((utility, mask) => factor * utility + w[mask]!),
          players,
        );
        const ofW = shapleyNumerators(w, players);
        expect(combined).to.deep.equal(
          shapleyNumerators(v, players).map((numerator, i) => factor * numerator + ofW[i]!),
        );
      }),
    );
  });

  it("need a utility for each coalition, and not too many players", () => {
    expect(() => shapleyNumerators([0n, 1n, 2n], 2)).to.throw(ShapleyError);
    expect(() => shapleyNumeratorsOf(21, () => 0n)).to.throw(ShapleyError);
    expect(() => shapleyNumeratorsOf(0, () => 0n)).to.throw(ShapleyError);
  });

  it("count the members of a coalition", () => {
    expect([0, 1, 2, 3, 0b1011, 2 ** 12 - 1].map(coalitionSize)).to.deep.equal([0, 1, 1, 2, 3, 12]);
  });
});

describe("published values", () => {
  it("are floored, also below zero", () => {
    const shape = shapeOf();
    const unit = 1n << BigInt(roundBounds(shape).valueShift);
    expect(unit > 1n).to.equal(true);
    expect(valuesOf(shape, [unit, unit - 1n, 0n, -1n, -unit])).to.deep.equal([1n, 0n, 0n, -1n, -1n]);
  });

  it("stand in three words, four to a word, by 62 bits with an offset", () => {
    const offset = 1n << 61n;
    const words = valueWords([0n, -offset, offset - 1n, 5n, -1n]);
    expect(words.length).to.equal(3);
    const digit = (i: number): bigint => (words[Math.floor(i / 4)]! >> BigInt(62 * (i % 4))) & ((1n << 62n) - 1n);
    expect(Array.from({ length: 12 }, (_, i) => digit(i) - offset)).to.deep.equal([
      0n,
      -offset,
      offset - 1n,
      5n,
      -1n,
      ...new Array<bigint>(7).fill(0n),
    ]);
    expect(words.every((word) => word >> 248n === 0n)).to.equal(true);
  });

  it("that do not fit are refused", () => {
    expect(() => valueWords([1n << 61n])).to.throw(ShapleyError);
    expect(() => valueWords([-(1n << 61n) - 1n])).to.throw(ShapleyError);
    expect(() => valueWords(new Array<bigint>(13).fill(0n))).to.throw(ShapleyError);
  });
});
