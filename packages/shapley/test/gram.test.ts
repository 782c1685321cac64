import { expect } from "chai";
import fc from "fast-check";
import { addGrams, emptyGram, gramOf } from "../src/gram.ts";
import { samplesFor, shapeOf, shapes } from "./arbitrary.ts";

describe("gram matrices", () => {
  it("are the sums of products of signed values, with a column of X for the intercept", () => {
    const shape = shapeOf({ features: 1, outputs: 2, dataBits: 4 });
    // X = 8: x = (8, -5), y = (2, -8) and x = (8, 7), y = (0, 1)
    const gram = gramOf(shape, { rows: [Uint16Array.of(3, 10, 0), Uint16Array.of(15, 8, 9)] });
    expect(gram).to.deep.equal({
      count: 2,
      features: [
        [128n, 16n],
        [16n, 74n],
      ],
      targets: [
        [16n, -56n],
        [-10n, 47n],
      ],
      squares: 4n + 64n + 0n + 1n,
    });
  });

  it("of two sets of rows add up to that of both", () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) =>
          fc
            .tuple(samplesFor(shape, { maxRows: 5 }), samplesFor(shape, { maxRows: 5 }))
            .map(([a, b]) => ({ shape, a, b })),
        ),
        ({ shape, a, b }) => {
          const both = gramOf(shape, { rows: [...a.rows, ...b.rows] });
          expect(addGrams(gramOf(shape, a), gramOf(shape, b))).to.deep.equal(both);
          expect(addGrams(both, emptyGram(shape))).to.deep.equal(both);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("are exact with many rows of the largest digits", () => {
    const shape = shapeOf({ rows: 1 << 20, integerBits: 10 });
    const rows = new Array<Uint16Array>(1 << 20).fill(Uint16Array.of(0, 1));
    const X = 1n << 15n;
    const { features, targets } = gramOf(shape, { rows });
    expect(features[1]![1]).to.equal((X * X) << 20n);
    expect(targets[1]![0]).to.equal((X * (X - 1n)) << 20n);
  });
});
