import { createHash } from "node:crypto";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import type { TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import type { Hex } from "../src/hex.ts";
import {
  checkTestSet,
  commitTestSet,
  createTestSetSalt,
  encodeRows,
  TestSetMismatchError,
} from "../src/test-set-commitment.ts";
import { createDeal } from "./fixture.ts";

const SALT: Hex = `0x${"77".repeat(32)}`;
const SET: TestSet = {
  inputBits: 9,
  classes: 300,
  rows: [Uint16Array.of(1, 258), Uint16Array.of(511, 0)],
  labels: Uint16Array.of(299, 5),
};

describe("test set commitment", () => {
  it("is SHA-256 of the encoding, written out byte by byte, modulo r", () => {
    const label = Buffer.from("zkcmp/test-set/v1").toString("hex");
    const encoding = [
      `00000011${label}`,
      `00000020${"77".repeat(32)}`,
      "09",
      "0000012c",
      "0000000200000002",
      "00000004 0001 0102 012b",
      "00000004 01ff 0000 0005",
    ];
    const digest = createHash("sha256")
      .update(Buffer.from(encoding.join("").replaceAll(" ", ""), "hex"))
      .digest("hex");
    expect(commitTestSet(SET, SALT)).to.equal(BigInt(`0x${digest}`) % FIELD_ORDER);
  });

  it("changes with the salt, every input, every label, the order of rows, input bits and classes", () => {
    const [first, second] = SET.rows as [Uint16Array, Uint16Array];
    const variants: [TestSet, Hex][] = [
      [SET, SALT],
      [SET, `0x${"78".repeat(32)}`],
      [{ ...SET, rows: [second, first] }, SALT],
      [{ ...SET, rows: [Uint16Array.of(0, 258), second] }, SALT],
      [{ ...SET, rows: [first, Uint16Array.of(511, 1)] }, SALT],
      [{ ...SET, labels: Uint16Array.of(298, 5) }, SALT],
      [{ ...SET, labels: Uint16Array.of(299, 6) }, SALT],
      [{ ...SET, rows: [first], labels: Uint16Array.of(299) }, SALT],
      [{ ...SET, inputBits: 10 }, SALT],
      [{ ...SET, classes: 301 }, SALT],
    ];
    expect(new Set(variants.map(([set, salt]) => commitTestSet(set, salt))).size).to.equal(variants.length);
  });

  it("has no second reading where rows have unequal widths", () => {
    const encoded = (rows: Uint16Array[]): string => {
      const encoder = new CanonicalEncoder("test");
      encodeRows(encoder, rows, Uint16Array.of(0, 0));
      return Buffer.from(encoder.toBytes()).toString("hex");
    };
    expect(encoded([Uint16Array.of(1, 2), Uint16Array.of(3)])).to.not.equal(
      encoded([Uint16Array.of(1, 2), Uint16Array.of(3, 2)]),
    );
  });

  it("draws a fresh salt every time", () => {
    expect(new Set(Array.from({ length: 20 }, createTestSetSalt)).size).to.equal(20);
  });
});

describe("check of a revealed test set", () => {
  it("passes the committed one and names what differs in another", async () => {
    const { order, testSet, testSetSalt } = await createDeal();
    checkTestSet(order, testSet, testSetSalt);
    const other: [TestSet, string][] = [
      [{ ...testSet, rows: testSet.rows.slice(1) }, "number of rows"],
      [{ ...testSet, labels: testSet.labels.slice(1) }, "number of rows"],
      [{ ...testSet, labels: Uint16Array.of(...testSet.labels, 0) }, "number of rows"],
      [{ ...testSet, inputBits: 5 }, "input bits or classes"],
      [{ ...testSet, classes: 4 }, "input bits or classes"],
      [{ ...testSet, rows: testSet.rows.with(3, Uint16Array.of(0, 0, 0, 16)) }, "lies outside"],
      [{ ...testSet, rows: testSet.rows.with(3, Uint16Array.of(0, 0, 0)) }, "lies outside"],
      [{ ...testSet, labels: testSet.labels.with(3, 3) }, "lies outside"],
      [{ ...testSet, labels: testSet.labels.with(3, (testSet.labels[3]! + 1) % 3) }, "not the one in the order"],
    ];
    for (const [set, problem] of other) {
      expect(() => checkTestSet(order, set, testSetSalt)).to.throw(TestSetMismatchError, problem);
    }
    expect(() => checkTestSet(order, testSet, createTestSetSalt())).to.throw(TestSetMismatchError, "its salt");
  });
});
