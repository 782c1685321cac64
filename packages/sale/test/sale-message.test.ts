import { toFieldElement } from "@zkcmp/field/element";
import { FileFormatError } from "@zkcmp/network/json-file";
import { createTestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import type { Hex } from "../src/hex.ts";
import { RefusedError } from "../src/refused-error.ts";
import {
  decodeNonce,
  decodeReveal,
  decodeRoot,
  encodeNonce,
  encodeReveal,
  encodeRoot,
  expectDeal,
} from "../src/sale-message.ts";

const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const head = { orderHash: word("01"), dealId: toFieldElement(77n) };
const testSet = createTestSet({ inputBits: 8, classes: 2, rows: [[1, 2]], labels: [1] });

describe("messages of a sale", () => {
  it("are read as they were written", () => {
    const reveal = { ...head, salt: word("02"), testSet };
    expect(decodeReveal(encodeReveal(reveal), "a")).to.deep.equal(reveal);
    const root = { ...head, root: word("03"), signature: word("04") };
    expect(decodeRoot(encodeRoot(root), "a")).to.deep.equal(root);
    const nonce = { ...head, nonce: word("05") };
    expect(decodeNonce(encodeNonce(nonce), "a")).to.deep.equal(nonce);
  });

  it("refuse each other, half a text and fields that are malformed, naming where it came from", () => {
    const text = encodeNonce({ ...head, nonce: word("05") });
    expect(() => decodeRoot(text, "dropped.json")).to.throw(FileFormatError, "dropped.json");
    expect(() => decodeNonce(text.slice(0, 40), "dropped.json")).to.throw(FileFormatError, "dropped.json");
    expect(() => decodeNonce(text.replace("0x0505", "0x05"), "dropped.json")).to.throw(FileFormatError, "nonce");
  });

  it("quote nothing of a text that is cut off: it may hold rows of the test set", () => {
    const text = encodeReveal({ ...head, salt: word("ab"), testSet });
    expect(() => decodeReveal(text.slice(0, -20), "r.json"))
      .to.throw(FileFormatError)
      .with.property("message")
      .that.does.not.match(/abab|\[1,2/);
  });

  it("are taken for their own deal alone", () => {
    const nonce = { ...head, nonce: word("05") };
    expect(expectDeal("n.json", nonce, head)).to.equal(nonce);
    for (const other of [
      { ...head, dealId: toFieldElement(78n) },
      { ...head, orderHash: word("0f") },
    ]) {
      expect(() => expectDeal("n.json", nonce, other)).to.throw(RefusedError, "n.json is for another deal");
    }
  });
});
