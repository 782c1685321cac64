import { type Encoding, fitEncoding, imageEncoding } from "@zkcmp/network/encoding";
import { FileFormatError } from "@zkcmp/network/json-file";
import { encodingDigest } from "../src/encoding-digest.ts";
import { type Order, OrderError, orderTypedData, ZERO_DIGEST } from "../src/order.ts";
import { createX25519KeyPair } from "../src/buyer-key.ts";
import { toFieldElement } from "@zkcmp/field/element";
import type { Hex } from "../src/hex.ts";
import { expect } from "chai";
import { Wallet } from "ethers";
import { decodeOrderFile, encodeOrderFile } from "../src/order-file.ts";
import { RefusedError } from "../src/refused-error.ts";

const encoding = fitEncoding(
  [
    [0, -1],
    [2, 1],
  ],
  8,
);

async function signed(published: Encoding | null): Promise<string> {
  const wallet = Wallet.createRandom();
  const order: Order = {
    chainId: 31337,
    escrow: `0x${"11".repeat(20)}`,
    buyer: wallet.address.toLowerCase() as Hex,
    token: `0x${"0".repeat(40)}`,
    price: 5n,
    fundableUntil: 2_000_000_000,
    timeToRedeem: 86_400,
    testSetCommitment: toFieldElement(7n),
    rows: 100,
    features: 2,
    predicate: "accuracy",
    classes: 2,
    threshold: 90,
    errorBound: 0n,
    inputBits: 8,
    encodingDigest: encodingDigest(published),
    sampledRows: 0,
    nonceCommitment: ZERO_DIGEST,
    buyerKey: createX25519KeyPair().publicKey,
    salt: `0x${"22".repeat(32)}`,
  };
  const { domain, types, message } = orderTypedData(order);
  const signature = (await wallet.signTypedData(domain, types, message)) as Hex;
  return encodeOrderFile({ signedOrder: { order, signature }, encoding: published });
}

describe("order file", () => {
  for (const published of [
    null,
    encoding,
    imageEncoding(4, 4, { pool: true }),
    { ...encoding, target: { bits: 8, offset: -1.5, scale: 0.1 } },
  ]) {
    it(`is read as it was written, ${published === null ? "without" : "with"} an encoding`, async () => {
      const text = await signed(published);
      const file = decodeOrderFile(text, "order.json");
      expect(file.encoding).to.deep.equal(published);
      expect(encodeOrderFile(file)).to.equal(text);
    });
  }

  it("refuses an encoding that is not the one in the order", async () => {
    const file = JSON.parse(await signed(encoding));
    for (const other of [null, { ...file.encoding, scales: [1, 1] }]) {
      const text = JSON.stringify({ ...file, encoding: other });
      expect(() => decodeOrderFile(text, "order.json")).to.throw(RefusedError, "the encoding in order.json");
    }
  });

  it("refuses an order that was changed after it was signed", async () => {
    const file = JSON.parse(await signed(null));
    const text = JSON.stringify({ ...file, order: { ...file.order, threshold: 89 } });
    expect(() => decodeOrderFile(text, "order.json")).to.throw(OrderError);
  });

  it("refuses unknown fields, versions and what is no order", async () => {
    const file = JSON.parse(await signed(null));
    for (const other of [{ ...file, extra: 1 }, { ...file, version: 1 }, { ...file, format: "zkcmp-bundle" }, []]) {
      expect(() => decodeOrderFile(JSON.stringify(other), "order.json")).to.throw(FileFormatError, "order.json");
    }
  });
});
