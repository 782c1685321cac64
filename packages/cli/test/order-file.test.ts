import { type Encoding, fitEncoding, imageEncoding } from "@zkcmp/network/encoding";
import { encodingDigest } from "@zkcmp/sale/encoding-digest";
import { type Order, orderTypedData, ZERO_DIGEST } from "@zkcmp/sale/order";
import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import { toFieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import { expect } from "chai";
import { Wallet } from "ethers";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RefusedError } from "../src/cli-error.ts";
import { encodeOrderFile, readOrderFile } from "../src/order-file.ts";
import { rejected } from "./rejected.ts";

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
  let folder: string;
  let path: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "zkcmp-order-"));
    path = join(folder, "order.json");
  });

  after(async () => rm(folder, { recursive: true }));

  for (const published of [
    null,
    encoding,
    imageEncoding(4, 4, { pool: true }),
    { ...encoding, target: { bits: 8, offset: -1.5, scale: 0.1 } },
  ]) {
    it(`is read as it was written, ${published === null ? "without" : "with"} an encoding`, async () => {
      const text = await signed(published);
      await writeFile(path, text);
      const file = await readOrderFile(path);
      expect(file.encoding).to.deep.equal(published);
      expect(encodeOrderFile(file)).to.equal(text);
    });
  }

  it("refuses an encoding that is not the one in the order", async () => {
    const file = JSON.parse(await signed(encoding));
    for (const other of [null, { ...file.encoding, scales: [1, 1] }]) {
      await writeFile(path, JSON.stringify({ ...file, encoding: other }));
      expect(await rejected(readOrderFile(path))).to.be.instanceOf(RefusedError);
    }
  });

  it("refuses an order that was changed after it was signed", async () => {
    const file = JSON.parse(await signed(null));
    await writeFile(path, JSON.stringify({ ...file, order: { ...file.order, threshold: 89 } }));
    expect(((await rejected(readOrderFile(path))) as Error).name).to.equal("OrderError");
  });

  it("refuses unknown fields, versions and what is no order", async () => {
    const file = JSON.parse(await signed(null));
    for (const other of [{ ...file, extra: 1 }, { ...file, version: 1 }, { ...file, format: "zkcmp-bundle" }, []]) {
      await writeFile(path, JSON.stringify(other));
      expect(((await rejected(readOrderFile(path))) as Error).name).to.equal("FileFormatError");
    }
  });
});
