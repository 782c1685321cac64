import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import { checkOrderSignature, type Order, orderHash } from "@zkcmp/sale/order";
import { createNonce } from "@zkcmp/sale/sampling";
import { createTestSetSalt } from "@zkcmp/sale/test-set-commitment";
import { FileFormatError } from "@zkcmp/network/json-file";
import { expect } from "chai";
import { testSetFor } from "../../../sale/test/fixture.ts";
import { placeOrder, PlacingError } from "../../src/buyer/order.ts";
import { expectRefusal, newHomes, openWorld, order, type World } from "../fixture.ts";

describe("placeOrder", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    world = await newHomes(chain);
  });
  afterEach(() => world.close());
  after(() => chain.close());

  it("signs the order and keeps what it hides", async () => {
    const placed = await order(world, { sampledRows: 3 });
    checkOrderSignature(placed.signedOrder);
    const purchase = await world.buyer.journal.purchase(placed.hash);
    expect(purchase.signedOrder).to.deep.equal(placed.signedOrder);
    expect(purchase.testSet.salt).to.equal(placed.salt);
    expect(purchase.nonce).to.match(/^0x[0-9a-f]{64}$/);
    expect(purchase.keyFile).to.equal(world.keyFile);
  });

  it("gives the same signature when it is called again", async () => {
    const placed = await order(world);
    const input = { order: placed.order, testSet: world.testSet, testSetSalt: placed.salt, keyFile: world.keyFile };
    expect(await placeOrder(world.buyer, input)).to.deep.equal(placed.signedOrder);
  });

  const misfits: [string, Partial<Order>, RegExp][] = [
    ["another buyer", { buyer: `0x${"12".repeat(20)}` }, /buyer is not the account/],
    ["another number of rows", { rows: 25 }, /number of rows/],
    ["another number of features", { features: 5 }, /number of features/],
    ["another number of classes", { classes: 4 }, /number of classes/],
    ["other input bits", { inputBits: 5 }, /input bits/],
    ["another X25519 key", { buyerKey: createX25519KeyPair().publicKey }, /X25519 key is not the one in/],
    ["sampled rows and no nonce", { sampledRows: 2, nonceCommitment: createNonce() }, /nonce commitment/],
  ];
  for (const [what, changes, message] of misfits) {
    it(`refuses an order with ${what}, and writes nothing`, async () => {
      const placed = await order(world);
      const asked = { ...placed.order, salt: createNonce(), ...changes };
      const { testSet, keyFile } = world;
      const work = placeOrder(world.buyer, { order: asked, testSet, testSetSalt: placed.salt, keyFile });
      await expectRefusal(work, PlacingError, message);
      expect(await world.buyer.journal.findPurchase(orderHash(asked))).to.equal(null);
    });
  }

  it("refuses another test set or salt than the committed one", async () => {
    const placed = await order(world);
    const asked = { ...placed.order, salt: createNonce() };
    const input = { order: asked, testSet: world.testSet, testSetSalt: placed.salt, keyFile: world.keyFile };
    const otherSalt = placeOrder(world.buyer, { ...input, testSetSalt: createTestSetSalt() });
    await expectRefusal(otherSalt, PlacingError, /another test set or salt/);
    const otherRows = placeOrder(world.buyer, { ...input, testSet: testSetFor(world.network, 24, 22, 9) });
    await expectRefusal(otherRows, PlacingError, /another test set or salt/);
  });

  it("refuses an order that commits to another nonce", async () => {
    const placed = await order(world);
    const asked = { ...placed.order, salt: createNonce(), sampledRows: 2, nonceCommitment: createNonce() };
    const input = { order: asked, testSet: world.testSet, testSetSalt: placed.salt, keyFile: world.keyFile };
    await expectRefusal(placeOrder(world.buyer, { ...input, nonce: createNonce() }), PlacingError, /nonce commitment/);
  });

  it("refuses an order whose X25519 key is not on disk", async () => {
    const placed = await order(world);
    const asked = { ...placed.order, salt: createNonce() };
    const input = { order: asked, testSet: world.testSet, testSetSalt: placed.salt, keyFile: "/none/key.json" };
    await expectRefusal(placeOrder(world.buyer, input), FileFormatError, /does not exist/);
  });
});
