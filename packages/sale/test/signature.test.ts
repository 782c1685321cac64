import { expect } from "chai";
import { Signature } from "ethers";
import type { Hex } from "../src/hex.ts";
import { signerOf, type TypedData } from "../src/signature.ts";
import { addressOf, BUYER, STRANGER } from "./fixture.ts";

const DATA: TypedData = {
  domain: { name: "zkcmp", version: "1", chainId: 1, verifyingContract: `0x${"1".repeat(40)}` },
  types: { Note: [{ name: "value", type: "uint256" }] },
  message: { value: 7n },
};

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("signature", () => {
  let signature: Hex;

  before(async () => {
    signature = (await BUYER.signTypedData(DATA.domain, DATA.types, DATA.message)) as Hex;
  });

  it("names the account that signed", async () => {
    expect(signerOf(DATA, signature)).to.equal(addressOf(BUYER));
    const other = (await STRANGER.signTypedData(DATA.domain, DATA.types, DATA.message)) as Hex;
    expect(signerOf(DATA, other)).to.equal(addressOf(STRANGER));
  });

  it("does not name it for other data or another domain", () => {
    expect(signerOf({ ...DATA, message: { value: 8n } }, signature)).to.not.equal(addressOf(BUYER));
    expect(signerOf({ ...DATA, domain: { ...DATA.domain, chainId: 2 } }, signature)).to.not.equal(addressOf(BUYER));
  });

  it("has one form: no compact one, no high s, no other v", () => {
    const { r, s, v, compactSerialized } = Signature.from(signature);
    const highS = (CURVE_ORDER - BigInt(s)).toString(16).padStart(64, "0");
    const body = signature.slice(0, -2);
    const others = [
      compactSerialized,
      `0x${r.slice(2)}${highS}${(55 - v).toString(16)}`,
      `${body}${(v - 27).toString(16).padStart(2, "0")}`,
      `${body}${(v + 2).toString(16)}`,
      `${body}${(v + 8).toString(16)}`,
      `${signature}00`,
      "0x",
      `0x${"00".repeat(65)}`,
      `0x${"ff".repeat(65)}`,
    ];
    for (const other of others) expect(signerOf(DATA, other as Hex), other).to.equal(undefined);
  });
});
