import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import { FIELD_ORDER, type FieldElement, FieldRangeError, reduce } from "../src/element.ts";
import { CanonicalEncoder } from "../src/encoding.ts";

const hex = (encoder: CanonicalEncoder): string => Buffer.from(encoder.toBytes()).toString("hex");

describe("encoding", () => {
  it("is the same bytes for ever", () => {
    const encoder = new CanonicalEncoder("ab")
      .unsigned(5, 2)
      .bytes(Uint8Array.of(9))
      .fields([reduce(1n)])
      .float(-1.5);
    expect(hex(encoder)).to.equal(
      "000000026162" + "0005" + "0000000109" + "00000001" + "00".repeat(31) + "01" + "bff8000000000000",
    );
  });

  it("keeps neighbours apart by their lengths", () => {
    const one = new CanonicalEncoder("x").text("ab").text("c");
    const other = new CanonicalEncoder("x").text("a").text("bc");
    expect(hex(one)).to.not.equal(hex(other));
    expect(one.digestToField()).to.not.equal(other.digestToField());
  });

  it("holds more parts than a call takes arguments", () => {
    const count = 200_000;
    const encoder = new CanonicalEncoder("x");
    const expected = new Uint8Array(5 + 4 * count);
    const view = new DataView(expected.buffer);
    view.setUint32(0, 1);
    expected[4] = "x".charCodeAt(0);
    for (let i = 0; i < count; i++) {
      encoder.unsigned(i, 4);
      view.setUint32(5 + 4 * i, i);
    }
    expect(Buffer.from(encoder.toBytes()).equals(expected)).to.be.true;
    expect(encoder.digest()).to.deep.equal(sha256(expected));
  });

  it("has one encoding of a field element", () => {
    new CanonicalEncoder("").field(reduce(-1n));
    for (const value of [FIELD_ORDER, FIELD_ORDER + 5n, -1n] as FieldElement[]) {
      expect(() => new CanonicalEncoder("").field(value)).to.throw(FieldRangeError);
      expect(() => new CanonicalEncoder("").fields([reduce(1n), value])).to.throw(FieldRangeError);
    }
  });

  it("has one encoding of zero and none of what is not a number", () => {
    expect(hex(new CanonicalEncoder("").float(-0))).to.equal(hex(new CanonicalEncoder("").float(0)));
    expect(() => new CanonicalEncoder("").float(Number.NaN)).to.throw(RangeError);
    expect(() => new CanonicalEncoder("").unsigned(256, 1)).to.throw(RangeError);
  });
});
