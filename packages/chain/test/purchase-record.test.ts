import { expect } from "chai";
import { awaitKey } from "../src/buyer/settle.ts";
import { purchaseRecordSchema, purchaseToJson } from "../src/purchase-record.ts";
import { redeemSale } from "../src/seller/redeem.ts";
import { fund, openWorld } from "./fixture.ts";

describe("the record of a purchase", function () {
  this.timeout(60_000);
  it("comes back from its JSON as it was", async () => {
    const world = await openWorld();
    const { placed } = await fund(world, { sampledRows: 4 });
    await redeemSale(world.seller, placed.hash);
    await awaitKey(world.buyer, placed.hash);
    const purchase = await world.buyer.journal.purchase(placed.hash);
    const text = JSON.stringify(purchaseToJson(purchase));
    expect(purchaseRecordSchema.parse(JSON.parse(text))).to.deep.equal(purchase);
    const { revealed, root, bundle, fund: paid, redeemed } = purchase;
    for (const part of [revealed, root, bundle, paid, redeemed]) expect(part).to.not.equal(undefined);
    await world.close();
  });
});
