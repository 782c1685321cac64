import { unpackDigits } from "@zkcmp/field/packing";
import { expect } from "chai";
import fc from "fast-check";
import { thrown } from "../../network/test/thrown.ts";
import { checkSamples, packSamples, SamplesError } from "../src/samples.ts";
import { samplesFor, shapeOf, shapes } from "./arbitrary.ts";

describe("samples", () => {
  const shape = shapeOf({ features: 2, dataBits: 4, integerBits: 6 });
  const row = Uint16Array.of(1, 2, 15);

  it("refuses what does not fit the shape, by position and without the value", () => {
    const cases: [Uint16Array[], RegExp][] = [
      [[row, row, row, row, row], /5 rows.*at most 4/],
      [[row, Uint16Array.of(1, 2)], /Row 2 has 2 digits, not 3/],
      [[row, Uint16Array.of(1, 16, 3)], /Row 2, digit 2/],
    ];
    for (const [rows, message] of cases) {
      const error = thrown(() => checkSamples(shape, { rows }, shape.rows));
      expect(error).to.be.instanceOf(SamplesError);
      expect(error.message).to.match(message).and.not.include("16 ");
    }
    expect(() => checkSamples(shape, { rows: [] }, shape.rows)).to.not.throw();
  });

  it("packs rows in order, and unused rows as zeros", () => {
    fc.assert(
      fc.property(
        shapes.chain((any) => samplesFor(any, { maxRows: any.rows }).map((samples) => ({ any, samples }))),
        ({ any, samples }) => {
          const count = any.rows * (any.features + any.outputs);
          const digits = unpackDigits(packSamples(any, samples, any.rows), count, any.dataBits);
          const used = samples.rows.flatMap((digitsOfRow) => [...digitsOfRow]);
          expect([...digits]).to.deep.equal([...used, ...new Array<number>(count - used.length).fill(0)]);
        },
      ),
      { numRuns: 50 },
    );
  });
});
