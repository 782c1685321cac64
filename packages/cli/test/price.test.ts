import type { Connection } from "@zkcmp/chain/network-connection";
import { ETHER } from "@zkcmp/sale/order";
import { expect } from "chai";
import { UsageError } from "../src/cli-error.ts";
import { parsePrice } from "../src/price.ts";
import { rejected } from "./rejected.ts";

/** Ether needs no chain: whoever asks it fails. */
const NO_CHAIN = null as unknown as Connection;

describe("price", () => {
  for (const [text, wei] of [
    ["0.5", 5n * 10n ** 17n],
    ["2", 2n * 10n ** 18n],
    ["0.000000000000000001", 1n],
    ["1000wei", 1000n],
  ] as const) {
    it(`reads ${text} as ${wei} wei`, async () => {
      expect(await parsePrice(text, ETHER, NO_CHAIN)).to.equal(wei);
    });
  }

  it("refuses more decimals than ether has", async () => {
    expect(await rejected(parsePrice("0.0000000000000000001", ETHER, NO_CHAIN))).to.be.instanceOf(UsageError);
  });

  it("takes smallest units of a token without asking for its decimals", async () => {
    expect(await parsePrice("7wei", `0x${"11".repeat(20)}`, NO_CHAIN)).to.equal(7n);
  });
});
