import { FIELD_ORDER, type FieldElement, reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import fc from "fast-check";
import { fieldSchema, fieldToHex, fromHex, hexSchema, toHex } from "../src/hex.ts";

const NO_HEX: unknown[] = [
  "",
  "0x",
  "0x0",
  "0x0g",
  "0xAB",
  "0X00",
  "00",
  " 0x00",
  "0x00\n",
  "0x0000",
  0,
  0n,
  null,
  undefined,
  {},
  ["0x00"],
];

describe("hex", () => {
  it("writes bytes and reads them back", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...fromHex(toHex(bytes))]).to.deep.equal([...bytes]);
        expect(hexSchema(bytes.length).parse(toHex(bytes))).to.equal(toHex(bytes));
        expect(hexSchema().parse(toHex(bytes))).to.equal(toHex(bytes));
      }),
    );
  });

  it("takes lower-case hexadecimal of the exact length and nothing else", () => {
    expect(hexSchema(1).safeParse("0xab").success).to.equal(true);
    for (const value of NO_HEX) expect(hexSchema(1).safeParse(value).success, String(value)).to.equal(false);
  });

  it("takes any whole number of bytes where no length is asked for", () => {
    for (const value of ["0x", "0x00", "0x0000"]) expect(hexSchema().safeParse(value).success).to.equal(true);
    for (const value of ["", "0x0", "0xzz", "0xAB", "0x00\n", null]) {
      expect(hexSchema().safeParse(value).success).to.equal(false);
    }
  });

  it("reads field elements below r in their one form", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), (value) => {
        expect(fieldSchema.parse(fieldToHex(reduce(value)))).to.equal(value);
      }),
    );
    for (const value of [FIELD_ORDER, FIELD_ORDER + 1n, 2n ** 256n - 1n]) {
      expect(fieldSchema.safeParse(fieldToHex(value as FieldElement)).success).to.equal(false);
    }
  });

  it("refuses what is no field element without throwing, and without showing it", () => {
    for (const value of [...NO_HEX, "0x1", `0x${"z".repeat(64)}`]) {
      const result = fieldSchema.safeParse(value);
      expect(result.success, String(value)).to.equal(false);
      expect(result.error!.message).to.not.contain("z".repeat(8));
    }
  });
});
