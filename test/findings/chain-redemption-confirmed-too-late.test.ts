import { expect } from "chai";
import type { Party } from "../../packages/chain/src/party.ts";
import { RedeemError, redeemSale, redeemMargin } from "../../packages/chain/src/seller/redeem.ts";
import { DAY, expectRefusal, fund, openWorld, type World } from "../../packages/chain/test/fixture.ts";
import { ScriptedWallet } from "../../packages/chain/test/scripted-wallet.ts";

/**
 * What goes wrong: the seller asks the wallet to redeem in time, and leaves its window open overnight. The margin before the refund
 * goes by, the page still says that it waits for the wallet, and the seller says yes there: the key waits in the open while the buyer
 * can take the refund.
 * A question cannot be taken back from a wallet, so the page stops waiting when the margin begins, and says to reject it there.
 */
describe("finding: a redemption confirmed too late", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("is called off when the margin begins while the wallet is still asking", async () => {
    const { placed } = await fund(world);
    const wallet = new ScriptedWallet(world.node.local.transport, world.connection.chainId, [world.seller.wallet]);
    const seller: Party = { ...world.seller, wallet: wallet.account() };
    const { timeToRedeem } = placed.order;
    expect(timeToRedeem).to.equal(DAY);
    await world.node.advanceTime(timeToRedeem - redeemMargin(timeToRedeem) - 4);
    wallet.reaction = "ignore";
    const waits: string[] = [];
    const redeeming = redeemSale(seller, placed.hash, { onWait: (what) => waits.push(what) });
    await expectRefusal(redeeming, RedeemError, /too late to show the key, and the wallet still asks.*Reject it there/);
    expect(waits).to.include("the wallet to send the redemption");
    expect(wallet.asked).to.have.lengthOf(1);
    expect((await seller.journal.sale(placed.hash)).redeem?.asked).to.have.lengthOf(1);
  });
});
