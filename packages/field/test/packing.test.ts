import { expect } from "chai";
import fc from "fast-check";
import { reduce } from "../src/element.ts";
import { digitsPerWord, packDigits, packedLength, unpackDigits } from "../src/packing.ts";

describe("packing", () => {
  it("round-trips digits of every width", () => {
    const digits = fc
      .integer({ min: 2, max: 16 })
      .chain((bits) =>
        fc.tuple(fc.constant(bits), fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { maxLength: 200 })),
      );
    fc.assert(
      fc.property(digits, ([bits, values]) => {
        const words = packDigits(values, bits);
        expect(words.length).to.equal(packedLength(values.length, bits));
        expect([...unpackDigits(words, values.length, bits)]).to.deep.equal(values);
      }),
    );
  });

  it("puts the first digit lowest", () => {
    expect(packDigits([1, 2, 3], 8)).to.deep.equal([1n + 2n * 256n + 3n * 65536n]);
    expect(digitsPerWord(8)).to.equal(31);
  });

  it("refuses digits out of range and words that hold too much", () => {
    expect(() => packDigits([0, 256], 8)).to.throw("digit 1");
    expect(() => packDigits([-1], 8)).to.throw("digit 0");
    expect(() => packDigits([0.5], 8)).to.throw("digit 0");
    expect(() => unpackDigits([reduce(1n << 248n)], 31, 8)).to.throw("packed word 0");
    expect(() => unpackDigits([reduce(256n)], 1, 8)).to.throw("packed word 0");
  });
});
