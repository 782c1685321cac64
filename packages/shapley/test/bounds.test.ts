import { expect } from "chai";
import fc from "fast-check";
import {
  bitLength,
  ceilSqrt,
  factorial,
  fixesModel,
  isOpenable,
  largestTotal,
  roundBounds,
  slackOf,
  smallestOpenableRidge,
  utilitySlack,
  valueSlack,
} from "../src/bounds.ts";
import { coalitionGrams } from "../src/coalitions.ts";
import { gramOf } from "../src/gram.ts";
import { weightsOf } from "../src/rewards.ts";
import { solveRidge } from "../src/ridge.ts";
import { coalitionSize, shapleyNumerators } from "../src/shapley-values.ts";
import { utilityOf } from "../src/utility.ts";
import { generator, rounds, shapeOf, shapes } from "./arbitrary.ts";
import { isAccepted, residualOf, steerValue } from "./steered-witness.ts";

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

describe("bounds of a round", () => {
  it("are those of the specification, computed by hand for one shape", () => {
    const bounds = roundBounds(
      shapeOf({ providers: 10, rows: 40, features: 1, fractionBits: 24, integerBits: 6, validationRows: 100 }),
    );
    expect(bounds.coefficients).to.equal(2);
    expect(bounds.halfRange).to.equal(32768n);
    expect(bounds.coefficientBits).to.equal(30);
    expect(bounds.droppedBits).to.equal(14);
    expect(bounds.biasDroppedBits).to.equal(1);
    // 40 2^30 (2 s + 1) / 2: 60 2^30 has 36 bits, 420 2^30 has 39
    expect(bounds.residualBits(1)).to.equal(37);
    expect(bounds.residualBits(10)).to.equal(40);
    expect(bounds.largestUtility).to.equal(100n * 2n ** 30n * (2n ** 24n + 2n ** 31n) ** 2n);
    expect(bounds.valueShift).to.equal(60);
    // 400 2^30 lies between 2^38 and 2^39, 40 2^30 between 2^35 and 2^36
    expect(bounds.minRidgeBits).to.equal(39 - 10);
    expect(bounds.maxRidgeBits).to.equal(35);
  });

  it("never let a sum reach 2^250, whatever the shape", () => {
    const largest = shapeOf({
      providers: 12,
      rows: 1 << 20,
      features: 1 << 12,
      outputs: 1 << 8,
      fractionBits: 48,
      integerBits: 10,
      validationRows: 1 << 20,
    });
    const { largestUtility, residualBits } = roundBounds(largest);
    expect(bitLength(factorial(12) * largestUtility)).to.be.below(250);
    // The training loss has P m rows in the place of n_v.
    expect(bitLength(12n * largestUtility)).to.be.below(250);
    expect(residualBits(12) + 58).to.be.below(250);
  });

  it("keep all values, coefficients and residuals of extreme data, at the weakest and the strongest ridge", () => {
    fc.assert(
      fc.property(rounds({ extreme: true }), ({ shape, input }) => {
        const bounds = roundBounds(shape);
        const { halfRange, valueShift } = bounds;
        const grams = coalitionGrams(
          shape,
          input.providers.map(({ samples }) => gramOf(shape, samples)),
        );
        const validation = gramOf(shape, input.validation.samples);
        for (const ridgeBits of [bounds.minRidgeBits, bounds.maxRidgeBits]) {
          const utilities = grams.map((gram, mask) => {
            const theta = solveRidge(gram, ridgeBits, shape.fractionBits);
            const size = BigInt(coalitionSize(mask));
            const limit = BigInt(bounds.coefficients * shape.rows) * size * halfRange ** 2n + (1n << BigInt(ridgeBits));
            for (const value of residualOf(gram, theta, ridgeBits, shape.fractionBits).flat()) {
              expect(2n * magnitude(value) <= limit).to.equal(true);
            }
            for (const value of theta.flat()) {
              expect(magnitude(value) <= 1n << BigInt(bounds.coefficientBits - 2)).to.equal(true);
            }
            expect(isAccepted(shape, ridgeBits, gram, Number(size), theta)).to.equal(true);
            const utility = utilityOf(validation, theta, shape.fractionBits);
            expect(magnitude(utility) <= bounds.largestUtility).to.equal(true);
            return utility;
          });
          for (const numerator of shapleyNumerators(utilities, input.providers.length)) {
            expect(magnitude(numerator >> BigInt(valueShift)) <= 1n << 61n).to.equal(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("on coefficients are nearly reached: one integer bit less would cut honest ones off", () => {
    // Feature +-t with the target +-X: theta = M t X / (M t^2 + ridge) is largest at t^2 = ridge / M.
    const shape = shapeOf({ providers: 1, rows: 4, dataBits: 16, integerBits: 6 });
    const { minRidgeBits, coefficientBits } = roundBounds(shape);
    const t = Math.round(Math.sqrt(2 ** minRidgeBits / shape.rows));
    const X = 2 ** 15;
    const row = (sign: number): Uint16Array => Uint16Array.of(X + sign * t, X + sign * (X - 1));
    const theta = solveRidge(gramOf(shape, { rows: [1, -1, 1, -1].map(row) }), minRidgeBits, shape.fractionBits);
    expect(magnitude(theta[1]![0]!) > (99n << BigInt(coefficientBits - 2)) / 100n).to.equal(true);
  });

  it("on residuals are nearly reached: one bit less would cut honest ones off", () => {
    // All data at -X: every entry of A is 4 X^2, and rounding errors of one sign add up.
    const shape = shapeOf({ providers: 1, rows: 4, features: 3, dataBits: 4, fractionBits: 24, integerBits: 10 });
    const { maxRidgeBits, residualBits } = roundBounds(shape);
    let largest = 0n;
    for (let target = 0; target < 16; target++) {
      const gram = gramOf(shape, { rows: new Array<Uint16Array>(4).fill(Uint16Array.of(0, 0, 0, target)) });
      for (const ridgeBits of [maxRidgeBits, maxRidgeBits - 1, maxRidgeBits - 2]) {
        const theta = solveRidge(gram, ridgeBits, shape.fractionBits);
        for (const value of residualOf(gram, theta, ridgeBits, shape.fractionBits).flat()) {
          if (magnitude(value) > largest) largest = magnitude(value);
        }
      }
    }
    expect(largest >= 1n << BigInt(residualBits(1) - 2), String(largest)).to.equal(true);
  });
});

describe("the tolerance of a training", () => {
  it("is 1/1000: sqrt(d) rho / 2^f, computed by hand for one shape", () => {
    // Be = bitlength(4 * 2^30 * (9 * 3 + 1) / 2) + 1 = 37, so rho / 2^24 = 2^(12 - l) and sqrt(9) 2^(12 - l) <= 1/1000 from l = 24 on.
    const shape = shapeOf({ features: 8, fractionBits: 24, integerBits: 10, validationRows: 0 });
    expect(roundBounds(shape)).to.include({ minRidgeBits: 16, maxRidgeBits: 32 });
    expect([16, 23, 24, 32].map((ridgeBits) => fixesModel(shape, ridgeBits))).to.deep.equal([false, false, true, true]);
    expect(fixesModel({ ...shape, fractionBits: 32 }, 16)).to.equal(true);
  });

  it("is kept by the strongest ridge of every shape of few features", () => {
    const seed = { providers: 1, rows: 100, features: 1, fractionBits: 24, integerBits: 6, validationRows: 0 };
    expect(fixesModel(shapeOf(seed), roundBounds(shapeOf(seed)).maxRidgeBits)).to.equal(true);
    fc.assert(fc.property(shapes, (shape) => fixesModel(shape, roundBounds(shape).maxRidgeBits)));
  });

  it("is never wider than that of a round that can be opened", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        if (isOpenable(shape, input.ridgeBits)) expect(fixesModel(shape, input.ridgeBits)).to.equal(true);
      }),
    );
  });
});

describe("slack", () => {
  it("is that of the specification, computed by hand for one shape", () => {
    // d = 2, X = 2^15, m = 4, P = 3, so Be(3) = bits of 14 2^30 and one = 35; with l = 30: rho = 2^4, root = ceil(sqrt 6) = 3
    const shape = shapeOf({ fractionBits: 24 });
    const eta = 5n * (2n * 2n ** 24n * 2n ** 15n * 4n * 2n * 2n ** 15n * 16n + (2n * 2n ** 15n * 16n) ** 2n);
    expect(utilitySlack(shape, 30)).to.equal(eta);
    const unit = 1n << BigInt(roundBounds(shape).valueShift);
    expect(valueSlack(shape, 30)).to.equal((12n * eta + unit - 1n) / unit + 1n);
    expect(slackOf(shape, 30)).to.equal(3n * valueSlack(shape, 30));
    expect(largestTotal(shape)).to.equal((6n * 5n * 2n ** 48n * 2n ** 30n) / unit);
  });

  it("falls with the ridge, so that all ridges from the smallest openable one on can be opened", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
        const smallest = smallestOpenableRidge(shape);
        for (let ridgeBits = minRidgeBits; ridgeBits <= maxRidgeBits; ridgeBits++) {
          expect(isOpenable(shape, ridgeBits)).to.equal(smallest !== null && ridgeBits >= smallest);
          if (ridgeBits > minRidgeBits)
            expect(slackOf(shape, ridgeBits) <= slackOf(shape, ridgeBits - 1)).to.equal(true);
        }
        expect(isOpenable(shape, minRidgeBits - 1)).to.equal(false);
        expect(isOpenable(shape, maxRidgeBits + 1)).to.equal(false);
      }),
    );
  });

  it("cannot be made small without fraction bits: f = 24 opens only with strong ridges, 36 with nearly all", () => {
    const sizes = { providers: 10, rows: 40, features: 1, validationRows: 100 };
    expect(smallestOpenableRidge(shapeOf({ ...sizes, fractionBits: 24 }))).to.equal(34);
    expect(smallestOpenableRidge(shapeOf({ ...sizes, features: 3, fractionBits: 24 }))).to.equal(null);
    expect(smallestOpenableRidge(shapeOf({ ...sizes, fractionBits: 36 }))).to.equal(29);
  });

  it("covers the rounding of honest solutions: values lie within sigma of the exact ones", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const shift = BigInt(roundBounds(shape).valueShift);
        const grams = coalitionGrams(
          shape,
          input.providers.map(({ samples }) => gramOf(shape, samples)),
        );
        const validation = gramOf(shape, input.validation.samples);
        const numerators = (bits: number): bigint[] => {
          const utilities = grams.map((gram) => utilityOf(validation, solveRidge(gram, input.ridgeBits, bits), bits));
          return shapleyNumerators(utilities, input.providers.length);
        };
        const exact = numerators(shape.fractionBits + 100);
        numerators(shape.fractionBits).forEach((numerator, i) => {
          const moved = (numerator >> shift) - (exact[i]! >> (shift + 200n));
          expect(magnitude(moved) <= valueSlack(shape, input.ridgeBits)).to.equal(true);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("bounds the witness that moves a value most, searched for on random and on extreme data", () => {
    const random = generator(5);
    const digits = [(): number => Math.floor(random() * 65536), (): number => (random() < 0.5 ? 0 : 65535)];
    for (const digit of digits) {
      const shape = shapeOf({ providers: 3, fractionBits: 24 });
      const rowsOf = (count: number) => ({
        rows: Array.from({ length: count }, () => Uint16Array.from({ length: 2 }, digit)),
      });
      const providers = [1, 4, 2].map((count) => gramOf(shape, rowsOf(count)));
      const validation = gramOf(shape, rowsOf(5));
      const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
      for (const ridgeBits of [minRidgeBits, maxRidgeBits - 1, maxRidgeBits]) {
        const { exact, steered, tightness } = steerValue(shape, ridgeBits, providers, validation, 0);
        expect(tightness).to.be.above(0).and.at.most(1);
        expectSmallMove(exact, steered, slackOf(shape, ridgeBits));
      }
    }
  });

  it("is not idle: without rows the residual is free, and a fifth of the bound can be used", () => {
    const shape = shapeOf({ providers: 2 });
    const validation = gramOf(shape, { rows: new Array<Uint16Array>(5).fill(Uint16Array.of(0, 0)) });
    const nothing = gramOf(shape, { rows: [] });
    const { maxRidgeBits } = roundBounds(shape);
    const { tightness, exact, steered } = steerValue(shape, maxRidgeBits, [nothing, nothing], validation, 0);
    expect(exact).to.deep.equal([0n, 0n]);
    expect(tightness).to.be.within(0.2, 1);
    // Out of nothing but rounding, one provider is worth more than the other; the fallback splits equally.
    expect(steered[0]! > steered[1]!).to.equal(true);
    expect(weightsOf(steered, slackOf(shape, maxRidgeBits)).equal).to.equal(true);
  });
});

/** Each share of the pool moves by less than slack / W, W being the published sum. */
function expectSmallMove(exact: readonly bigint[], steered: readonly bigint[], slack: bigint): void {
  const positive = (values: readonly bigint[]): bigint[] => values.map((value) => (value > 0n ? value : 0n));
  const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
  const [before, after] = [positive(exact), positive(steered)];
  const [W, published] = [sum(before), sum(after)];
  if (W === 0n || published === 0n) return;
  after.forEach((weight, i) => {
    // |after / published - before / W| <= slack / published
    expect(magnitude(weight * W - before[i]! * published) <= slack * W).to.equal(true);
  });
}

describe("integer square root", () => {
  it("is rounded up", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1n << 200n }), (value) => {
        const root = ceilSqrt(value);
        expect(root * root >= value && (root - 1n) * (root - 1n) < value).to.equal(true);
        expect(ceilSqrt(value * value)).to.equal(value);
      }),
    );
    expect([0n, 1n, 2n, 4n, 5n].map(ceilSqrt)).to.deep.equal([0n, 1n, 2n, 2n, 3n]);
  });
});
