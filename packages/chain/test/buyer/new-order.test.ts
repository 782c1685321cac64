import { fitEncoding } from "@zkcmp/network/encoding";
import { createTestSet } from "@zkcmp/network/testset";
import { encodingDigest } from "@zkcmp/sale/encoding-digest";
import type { Hex } from "@zkcmp/sale/hex";
import { ETHER, orderHash, ZERO_DIGEST } from "@zkcmp/sale/order";
import { commitNonce } from "@zkcmp/sale/sampling";
import { commitTestSet } from "@zkcmp/sale/test-set-commitment";
import { expect } from "chai";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { draftOrder, type OrderWish, OrderWishError } from "../../src/buyer/new-order.ts";
import { placeOrder } from "../../src/buyer/order.ts";
import { walletAddress } from "../../src/account.ts";
import { Journal } from "../../src/journal.ts";
import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import { writeX25519Key } from "../../src/x25519-key-file.ts";
import { accountAt, temporaryFolder } from "../fixture.ts";

const wallet = accountAt(2);
const keys = createX25519KeyPair();
const rows = Array.from({ length: 20 }, (_, i) => [i % 16, 3, 1]);
const testSet = createTestSet({ inputBits: 4, classes: 2, rows, labels: rows.map((_, i) => i % 2) });
const escrow: Hex = `0x${"11".repeat(20)}`;

const wish = (changes: Partial<OrderWish> = {}): OrderWish => ({
  ...{ chainId: 31337, escrow, buyer: walletAddress(wallet), token: ETHER, price: 7n },
  ...{ fundableUntil: 2_000_000_000, timeToRedeem: 86_400, testSet, encoding: null, buyerKey: keys.publicKey },
  goal: { predicate: "accuracy", threshold: 15, sampledRows: 0 },
  ...changes,
});

describe("new order", () => {
  it("commits to the test set with a salt of its own, and is placed as it is", async () => {
    const folder = await temporaryFolder();
    try {
      const keyFile = join(folder, "key.json");
      await writeX25519Key(keyFile, keys);
      const draft = draftOrder(wish());
      const { order, testSetSalt } = draft;
      expect(order).to.deep.include({ rows: 20, features: 3, classes: 2, threshold: 15, errorBound: 0n, inputBits: 4 });
      expect(order).to.deep.include({ sampledRows: 0, nonceCommitment: ZERO_DIGEST, encodingDigest: ZERO_DIGEST });
      expect(order.testSetCommitment).to.equal(commitTestSet(testSet, testSetSalt));
      const journal = new Journal(join(folder, "buyer"));
      const signed = await placeOrder({ wallet, journal }, { ...draft, keyFile });
      expect(signed.order).to.deep.equal(order);
      expect((await journal.purchase(orderHash(order))).testSet.salt).to.equal(testSetSalt);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is another one each time: no two share a salt, a commitment or a nonce", () => {
    const sampled = wish({ goal: { predicate: "accuracy", threshold: 15, sampledRows: 5 } });
    const [one, two] = [draftOrder(sampled), draftOrder(sampled)];
    const secrets = [one, two].flatMap(({ order, testSetSalt, nonce }) => [order.salt, testSetSalt, nonce]);
    expect(new Set(secrets).size).to.equal(6);
    expect(one.order.testSetCommitment).not.to.equal(two.order.testSetCommitment);
    expect(one.order.nonceCommitment).to.equal(commitNonce(one.nonce!));
    expect(one.order.sampledRows).to.equal(5);
  });

  it("names the published encoding", () => {
    const encoding = fitEncoding(rows, 4);
    expect(draftOrder(wish({ encoding })).order.encodingDigest).to.equal(encodingDigest(encoding));
  });

  it("of a regression has a bound, and neither threshold nor sample", () => {
    const digits = createTestSet({ inputBits: 4, classes: 16, rows, labels: rows.map(() => 9) });
    const { order, nonce } = draftOrder(
      wish({ testSet: digits, goal: { predicate: "squared-error", errorBound: 50n } }),
    );
    expect(order).to.deep.include({ predicate: "squared-error", threshold: 0, errorBound: 50n, sampledRows: 0 });
    expect(nonce).to.equal(undefined);
  });

  for (const [what, changes, part] of [
    ["a threshold above the rows", { goal: { predicate: "accuracy", threshold: 21, sampledRows: 0 } }, "threshold"],
    ["no threshold", { goal: { predicate: "accuracy", threshold: 0, sampledRows: 0 } }, "threshold"],
    ["a sample above the threshold", { goal: { predicate: "accuracy", threshold: 5, sampledRows: 6 } }, "sampledRows"],
    ["half an hour to redeem", { timeToRedeem: 1800 }, "timeToRedeem"],
    ["no price", { price: 0n }, "price"],
    ["a price of 2^128", { price: 1n << 128n }, "price"],
  ] as [string, Partial<OrderWish>, string][]) {
    it(`refuses ${what}, naming the part`, () => {
      expect(() => draftOrder(wish(changes))).to.throw(OrderWishError, `the order's ${part} cannot be`);
    });
  }
});
