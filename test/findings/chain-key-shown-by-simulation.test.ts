import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { RpcError } from "../../packages/chain/src/json-rpc.ts";
import { refundPurchase } from "../../packages/chain/src/buyer/settle.ts";
import { RedeemError, redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import {
  DAY,
  expectRefusal,
  fund,
  LIVE_CHAIN,
  openWorld,
  type PlacedOrder,
  type World,
} from "../../packages/chain/test/fixture.ts";

/**
 * The attack: a node that works for the buyer answers the simulation of the redemption, which holds the key, with a made-up
 * error. The seller's tool stops, says that nothing was sent, and knows of no redemption: when the time is over it says that
 * the key is secret still and the model can be sold again. The buyer has key and price.
 * No simulation can be taken back, so the journal says that the key may be known before there is one, and the seller is
 * told at once, while another node can still bring the redemption in.
 */
describe("finding: the key shown by a simulation", function () {
  this.timeout(60_000);
  let world: World;
  let placed: PlacedOrder;
  let shown: { inJournal: boolean }[];
  beforeEach(async () => {
    world = await openWorld(LIVE_CHAIN);
    ({ placed } = await fund(world));
    const { home } = world.seller.journal;
    const { key } = (await world.seller.journal.sale(placed.hash)).secrets;
    const digits = key.toString(16).padStart(64, "0");
    shown = [];
    world.node.before = (method, params) => {
      if (!JSON.stringify(params).includes(digits)) return;
      const { content } = JSON.parse(readFileSync(join(home, "sales", `${placed.hash}.json`), "utf8"));
      shown.push({ inJournal: content.redeem !== undefined });
      throw new RpcError(method, { code: -32000, message: "busy" });
    };
  });
  afterEach(() => world.close());

  const redeem = () => redeemSale(world.seller, placed.hash, { timeout: 0 });

  it("is in the journal before, and the seller is told to use another node", async () => {
    await expectRefusal(redeem(), RedeemError, /has seen the key.*through another one now/);
    await expectRefusal(redeem(), RedeemError, /has seen the key/);
    expect(shown).to.deep.equal([{ inJournal: true }, { inJournal: true }]);
    world.node.before = () => {};
    expect((await redeem()).paid).to.equal("paid");
  });

  it("is never called a secret again", async () => {
    await expectRefusal(redeem(), RedeemError, /has seen the key/);
    world.node.before = () => {};
    await world.node.advanceTime(DAY - 3600);
    await expectRefusal(redeem(), RedeemError, /too late.*the key may be known/);
    await world.node.advanceTime(3600);
    await refundPurchase(world.buyer, placed.hash);
    await expectRefusal(redeem(), RedeemError, /refunded.*the buyer may know the key/);
  });
});
