import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { identityEncoding } from "@zkcmp/network/encoding";
import { encodingDigest } from "@zkcmp/sale/encoding-digest";
import { encodeOrderFile } from "@zkcmp/sale/order-file";
import { orderHash } from "@zkcmp/sale/order";
import { expect } from "chai";
import { Journal, JournalError } from "../src/journal.ts";
import { findKnownOrder, keepEncoding, keepSeenOrder, knownOrderHashes, orderFileOf } from "../src/known-order.ts";
import { expectRefusal, openWorld, order, seal, temporaryFolder, type World } from "./fixture.ts";

const encoding = identityEncoding(4, 8);

describe("orders that are known", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  it("are the buyer's own, with the encoding that was kept before they were signed", async () => {
    const { journal } = world.buyer;
    await keepEncoding(journal, encoding);
    const { hash, signedOrder } = await order(world, { encodingDigest: encodingDigest(encoding) });
    expect(await findKnownOrder(journal, hash)).to.deep.equal(signedOrder);
    expect(encodeOrderFile(await orderFileOf(journal, hash))).to.equal(encodeOrderFile({ signedOrder, encoding }));
    const other = await order(world);
    expect(await orderFileOf(journal, other.hash)).to.deep.equal({ signedOrder: other.signedOrder, encoding: null });
    expect(await knownOrderHashes(journal)).to.deep.equal(new Set([hash, other.hash]));
  });

  it("are the seller's sales", async () => {
    const placed = await order(world);
    expect(await findKnownOrder(world.seller.journal, placed.hash)).to.equal(null);
    await seal(world, placed);
    expect(await findKnownOrder(world.seller.journal, placed.hash)).to.deep.equal(placed.signedOrder);
  });

  it("are those whose file was shown, with their encoding", async () => {
    const { signedOrder, hash } = await order(world, { encodingDigest: encodingDigest(encoding) });
    const journal = new Journal(await temporaryFolder());
    expect(await keepSeenOrder(journal, { signedOrder, encoding })).to.equal(hash);
    expect(await keepSeenOrder(journal, { signedOrder, encoding }), "again").to.equal(hash);
    expect(await orderFileOf(journal, hash)).to.deep.equal({ signedOrder, encoding });
    expect(await knownOrderHashes(journal)).to.deep.equal(new Set([hash]));
  });

  it("say which encoding is missing: without it nobody could encode rows alike", async () => {
    const { hash } = await order(world, { encodingDigest: encodingDigest(identityEncoding(5, 8)) });
    await expectRefusal(orderFileOf(world.buyer.journal, hash), JournalError, /has no encoding 0x/);
    const nobody = orderHash({ ...(await order(world)).order, price: 7n });
    await expectRefusal(orderFileOf(world.buyer.journal, nobody), JournalError, /has no order 0x/);
  });

  it("are not what a file's name claims", async () => {
    const home = await temporaryFolder();
    const journal = new Journal(home);
    const [shown, other] = [await order(world), await order(world)];
    await keepSeenOrder(journal, { signedOrder: shown.signedOrder, encoding: null });
    const text = await readFile(join(home, "orders", `${shown.hash}.json`), "utf8");
    await writeFile(join(home, "orders", `${other.hash}.json`), text, { mode: 0o600 });
    expect(await findKnownOrder(journal, other.hash)).to.equal(null);
  });
});
