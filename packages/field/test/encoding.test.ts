import { expect } from "chai";
import { reduce } from "../src/element.ts";
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

  it("has one encoding of zero and none of what is not a number", () => {
    expect(hex(new CanonicalEncoder("").float(-0))).to.equal(hex(new CanonicalEncoder("").float(0)));
    expect(() => new CanonicalEncoder("").float(Number.NaN)).to.throw(RangeError);
    expect(() => new CanonicalEncoder("").unsigned(256, 1)).to.throw(RangeError);
  });
});
