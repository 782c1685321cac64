import { expect } from "chai";
import fc from "fast-check";
import {
  FIELD_ORDER,
  bytesToInteger,
  fieldFromBytes,
  fieldToBytes,
  integerToBytes,
  invert,
  randomFieldElement,
  reduce,
  toFieldElement,
} from "../src/element.ts";

describe("element", () => {
  it("takes canonical values only", () => {
    expect(toFieldElement(FIELD_ORDER - 1n)).to.equal(FIELD_ORDER - 1n);
    expect(() => toFieldElement(FIELD_ORDER, "core")).to.throw("core is not in [0, r)");
    expect(() => toFieldElement(-1n)).to.throw("not in [0, r)");
  });

  it("reduces negative integers into the field", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 300n), max: 1n << 300n }), (x) => {
        const y = reduce(x);
        expect(y >= 0n && y < FIELD_ORDER && (x - y) % FIELD_ORDER === 0n).to.equal(true);
      }),
    );
  });

  it("encodes big-endian and reduces what is longer", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), (x) => {
        expect(fieldFromBytes(fieldToBytes(toFieldElement(x)))).to.equal(x);
      }),
    );
    expect(fieldFromBytes(integerToBytes(FIELD_ORDER + 5n, 64))).to.equal(5n);
    expect(integerToBytes(258n, 3)).to.deep.equal(Uint8Array.of(0, 1, 2));
    expect(bytesToInteger(new Uint8Array())).to.equal(0n);
    expect(() => integerToBytes(256n, 1)).to.throw(RangeError);
    expect(() => integerToBytes(-1n, 1)).to.throw(RangeError);
  });

  it("inverts everything but zero", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: FIELD_ORDER - 1n }), (x) => {
        const inverse = toFieldElement(invert(toFieldElement(x)));
        expect((x * inverse) % FIELD_ORDER).to.equal(1n);
      }),
    );
    for (const x of [1n, FIELD_ORDER - 1n]) expect(invert(toFieldElement(x))).to.equal(x);
    expect(() => invert(toFieldElement(0n))).to.throw(RangeError);
  });

  it("draws different elements, never zero, over the whole width", () => {
    const drawn = Array.from({ length: 200 }, () => randomFieldElement());
    expect(new Set(drawn).size).to.equal(200);
    expect(drawn.some((x) => x >> 252n !== 0n)).to.equal(true);
    expect(drawn.every((x) => x > 0n && x < FIELD_ORDER)).to.equal(true);
  });
});
