import { reduce } from "@zkcmp/field/element";
import { shapleyNumerators, valueWords } from "@zkcmp/shapley/shapley-values";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";

const SHIFT = 5;

/** Utilities of the coalitions from 1 on; that of the empty one is 0. */
const values = (utilities: readonly bigint[], players: number) =>
  shapleyNumerators([0n, ...utilities], players).map((numerator) => numerator >> BigInt(SHIFT));

describe("ShapleyValues", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;
  const utilities = [100n, -7n, 140n, 33n, 90n, 41n, 151n];

  before(async () => {
    circuit = await CircuitUnderTest.compile("shapley/shapley-values.circom", `ShapleyValues(3, ${SHIFT})`);
    honest = await circuit.calculate({ utilities: utilities.map(reduce) });
  });

  for (const players of [1, 2, 3, 5, 8]) {
    it(`gives the values of ${players} players`, async () => {
      // From 8 players on the sums have two pieces.
      const tested = await CircuitUnderTest.compile(
        "shapley/shapley-values.circom",
        `ShapleyValues(${players}, ${SHIFT})`,
      );
      const limit = 2n ** 40n;
      const count = 2 ** players - 1;
      const games = fc.array(fc.bigInt({ min: -limit, max: limit }), { minLength: count, maxLength: count });
      await fc.assert(
        fc.asyncProperty(games, async (game) => {
          const witness = await tested.calculate({ utilities: game.map(reduce) });
          tested.expectAccepted(witness);
          expect(tested.list(witness, "words")).to.deep.equal(valueWords(values(game, players)));
        }),
        { numRuns: 8 },
      );
    });
  }

  it("refuses the values of a game in which the empty coalition has a utility", () => {
    for (const ofNobody of [1000n, -1000n]) {
      const numerators = shapleyNumerators([ofNobody, ...utilities], 3);
      const sums = numerators.map((numerator, i) => [`partial[${i}][0]`, reduce(numerator)]);
      const forged = circuit.forge(honest, Object.fromEntries(sums) as Record<string, bigint>);
      const claimed = numerators.map((numerator) => numerator >> BigInt(SHIFT));
      expect(circuit.list(forged, "words")).to.deep.equal(valueWords(claimed));
      // Nothing refuses them but the sums, in which it has no place.
      circuit.expectRejected(forged, "partial[0]", "partial[1]", "partial[2]");
      expect(circuit.violations(forged).length).to.equal(3);
    }
  });

  it("refuses any other sum or word", () => {
    const signals = templateSignals(circuit);
    expect(signals).to.include.members(["partial[2][0]", "bits[0].in", "words[0]", "words[2]"]);
    expectEachPinned(circuit, honest, signals);
  });

  it("refuses a value that is off by one", () => {
    for (const change of [1n, -1n]) {
      // One more in the value, 2^shift less in the remainder.
      const witness = circuit.forge(honest, {
        [`bits[1].out[${SHIFT}]`]: circuit.get(honest, `bits[1].out[${SHIFT}]`) + change,
        [`bits[1].out[${SHIFT - 1}]`]: circuit.get(honest, `bits[1].out[${SHIFT - 1}]`) - 2n * change,
      });
      expect(circuit.get(witness, "words[0]") - circuit.get(honest, "words[0]")).to.equal(change * 2n ** 62n);
      circuit.expectRejected(witness, "bits[1].out");
    }
  });

  it("refuses values that carry into their neighbours in the word", () => {
    // The first value 2^62 larger, the second one smaller by 1: the word stays.
    const top = `bits[0].out[${61 + SHIFT}]`;
    const low = `bits[1].out[${SHIFT}]`;
    const witness = circuit.forge(honest, {
      [top]: circuit.get(honest, top) + 2n,
      [low]: circuit.get(honest, low) - 1n,
    });
    expect(circuit.get(witness, "words[0]")).to.equal(circuit.get(honest, "words[0]"));
    circuit.expectRejected(witness, "bits[0].out", "bits[1].out");
  });

  it("refuses numerators beyond the range of a value", async () => {
    // One player's numerator is its utility.
    const single = await CircuitUnderTest.compile("shapley/shapley-values.circom", `ShapleyValues(1, ${SHIFT})`);
    const start = await single.calculate({ utilities: [1n] });
    const edge = 2n ** BigInt(61 + SHIFT);
    const at = (utility: bigint) => single.forge(start, { utilities: [reduce(utility)] });
    for (const utility of [-edge, edge - 1n]) single.expectAccepted(at(utility));
    for (const utility of [-edge - 1n, edge, 2n ** 200n]) single.expectRejected(at(utility), "bits[0].in");
  });
});
