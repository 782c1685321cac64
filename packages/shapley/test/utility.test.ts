import { expect } from "chai";
import fc from "fast-check";
import { gramOf } from "../src/gram.ts";
import { lossOf, utilityOf } from "../src/utility.ts";
import { samplesFor, shapeOf, shapes } from "./arbitrary.ts";

describe("loss and utility", () => {
  it("are the sum of squared errors row by row, and its drop", () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) => {
          const limit = 1n << BigInt(shape.fractionBits + shape.integerBits - 1);
          const coefficient = fc.bigInt({ min: -limit, max: limit - 1n });
          const row = fc.array(coefficient, { minLength: shape.outputs, maxLength: shape.outputs });
          return fc.record({
            shape: fc.constant(shape),
            samples: samplesFor(shape, { maxRows: 5 }),
            theta: fc.array(row, { minLength: shape.features + 1, maxLength: shape.features + 1 }),
          });
        }),
        ({ shape, samples, theta }) => {
          const X = 2 ** (shape.dataBits - 1);
          const errors = (coefficients: bigint[][]): bigint =>
            samples.rows.reduce((total, row) => {
              const x = [X, ...row.subarray(0, shape.features).map(Number)].map((u, j) => BigInt(j === 0 ? u : u - X));
              for (let c = 0; c < shape.outputs; c++) {
                const y = BigInt(row[shape.features + c]! - X);
                const prediction = x.reduce((sum, value, j) => sum + value * coefficients[j]![c]!, 0n);
                total += ((y << BigInt(shape.fractionBits)) - prediction) ** 2n;
              }
              return total;
            }, 0n);
          const gram = gramOf(shape, samples);
          const zero = theta.map((row) => row.map(() => 0n));
          expect(lossOf(gram, theta, shape.fractionBits)).to.equal(errors(theta));
          expect(utilityOf(gram, theta, shape.fractionBits)).to.equal(errors(zero) - errors(theta));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("of the zero model is 0, whatever the rows", () => {
    const shape = shapeOf();
    const gram = gramOf(shape, { rows: [Uint16Array.of(1, 60000)] });
    expect(utilityOf(gram, [[0n], [0n]], 36)).to.equal(0n);
  });
});
