import { expect } from "chai";
import { formatEther, formatUnits as ethersFormat, parseUnits } from "ethers";
import fc from "fast-check";
import { ETHER } from "../src/ether.ts";
import { formatPrice, formatRounded, formatUnits, parseAmount, PriceError } from "../src/price.ts";

const decimals = fc.integer({ min: 0, max: 40 });

describe("price", () => {
  for (const [text, wei] of [
    ["0.5", 5n * 10n ** 17n],
    ["2", 2n * 10n ** 18n],
    ["2.50", 25n * 10n ** 17n],
    ["0.000000000000000001", 1n],
    ["0.0000000000000000010", 1n],
    ["1000wei", 1000n],
  ] as const) {
    it(`reads ${text} as ${wei} wei`, () => {
      expect(parseAmount(text, 18)).to.equal(wei);
    });
  }

  for (const text of ["", "0", "0.00", "0wei", "1.5wei", "-1", "1e18", ".5", "5.", "0x10", "1 wei", " 1", "1,5", "١"]) {
    it(`takes "${text}" for no price`, () => {
      expect(() => parseAmount(text, 18)).to.throw(PriceError, "is no price");
    });
  }

  it("refuses more decimals than the unit has, in place of rounding", () => {
    expect(() => parseAmount("0.0000000000000000001", 18)).to.throw(PriceError, "more than 18 decimals");
    expect(() => parseAmount("1.5", 0)).to.throw(PriceError, "more than 0 decimals");
    expect(parseAmount("1.0", 0)).to.equal(1n);
  });

  it("rounds what is to be paid up and what is there down, in ether alone", () => {
    expect(formatRounded(50_286_439_009_440n, ETHER, "more")).to.equal("0.000051 ether");
    expect(formatRounded(9_999_999_999_999n, ETHER, "less")).to.equal("0.000009 ether");
    expect(formatRounded(2n * 10n ** 12n, ETHER, "more")).to.equal("0.000002 ether");
    expect(formatRounded(2n * 10n ** 12n, ETHER, "less")).to.equal("0.000002 ether");
    expect(formatRounded(0n, ETHER, "more")).to.equal("0.0 ether");
    expect(formatRounded(5n, `0x${"70".repeat(20)}`, "less")).to.contain("5 smallest units");
  });

  it("writes and reads any amount as ethers does", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1n << 128n }), decimals, (amount, places) => {
        const text = formatUnits(amount, places);
        expect(text).to.equal(ethersFormat(amount, places));
        expect(parseAmount(text, places)).to.equal(amount);
        expect(parseUnits(text, places)).to.equal(amount);
      }),
    );
    expect(formatUnits(-1n, 3)).to.equal("-0.001");
    expect(formatUnits(0n, 18)).to.equal("0.0");
  });

  it("names the unit", () => {
    expect(formatPrice(5n * 10n ** 17n, ETHER)).to.equal("0.5 ether");
    expect(formatPrice(3n * 10n ** 18n, ETHER)).to.equal(`${formatEther(3n * 10n ** 18n)} ether`);
    expect(formatPrice(7n, `0x${"11".repeat(20)}`)).to.equal(`7 smallest units of the token 0x${"11".repeat(20)}`);
  });
});
