import { expect } from "chai";
import fc from "fast-check";
import { type Gram, gramOf } from "../src/gram.ts";
import { solveRidge } from "../src/ridge.ts";
import { ridges, rounds, samplesFor, shapes } from "./arbitrary.ts";
import { floatRidge } from "./oracle.ts";

/** A gram matrix of one coefficient, to see the rounding alone. */
function scalar(a: bigint, b: bigint): Gram {
  return { count: 1, features: [[a]], targets: [[b]], squares: 0n };
}

describe("ridge regression", () => {
  it("rounds to the nearest integer, halves upwards, also below zero", () => {
    // (a + 1) theta = b with a ridge of 1 and no fraction bits
    const cases: [bigint, bigint, bigint][] = [
      [1n, 3n, 2n],
      [1n, -3n, -1n],
      [1n, 5n, 3n],
      [2n, 4n, 1n],
      [2n, 5n, 2n],
      [2n, -4n, -1n],
      [2n, -5n, -2n],
      [4n, 0n, 0n],
    ];
    for (const [a, b, expected] of cases) expect(solveRidge(scalar(a, b), 0, 0)).to.deep.equal([[expected]]);
  });

  it("gives zero for no rows", () => {
    expect(solveRidge(scalar(0n, 0n), 5, 24)).to.deep.equal([[0n]]);
  });

  it("leaves the residual of a rounding: at most half of a row's absolute sum", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const gram = gramOf(shape, { rows: input.providers.flatMap(({ samples }) => samples.rows) });
        const ridge = 1n << BigInt(input.ridgeBits);
        const theta = solveRidge(gram, input.ridgeBits, shape.fractionBits);
        gram.features.forEach((row, j) => {
          const reach = row.reduce((sum, value) => sum + (value < 0n ? -value : value), ridge);
          for (let c = 0; c < shape.outputs; c++) {
            const product = row.reduce((sum, value, l) => sum + value * theta[l]![c]!, ridge * theta[j]![c]!);
            const residual = product - (gram.targets[j]![c]! << BigInt(shape.fractionBits));
            expect(2n * (residual < 0n ? -residual : residual) <= reach).to.equal(true);
          }
        });
      }),
      { numRuns: 100 },
    );
  });

  it("is nearest: with many more bits the same solution rounds to it", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const gram = gramOf(shape, input.providers[0]!.samples);
        const theta = solveRidge(gram, input.ridgeBits, shape.fractionBits);
        const finer = solveRidge(gram, input.ridgeBits, shape.fractionBits + 200);
        theta.forEach((row, j) => {
          row.forEach((value, c) => {
            const distance = finer[j]![c]! - (value << 200n);
            expect(distance >= -(1n << 199n) - 1n && distance <= (1n << 199n) + 1n).to.equal(true);
          });
        });
      }),
      { numRuns: 50 },
    );
  });

  it("agrees with a solution in floating point", () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) =>
          fc.record({
            shape: fc.constant(shape),
            ridgeBits: ridges(shape),
            samples: samplesFor(shape, { maxRows: 5 }),
          }),
        ),
        ({ shape, ridgeBits, samples }) => {
          const theta = solveRidge(gramOf(shape, samples), ridgeBits, shape.fractionBits);
          floatRidge(shape, 2 ** ridgeBits, samples).forEach((column, c) => {
            column.forEach((value, j) => {
              expect(Number(theta[j]![c]!) / 2 ** shape.fractionBits).to.be.closeTo(value, 2 ** -20);
            });
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
