import { expect } from "chai";
import { RedeemError, redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import { expectRefusal, fund, LIVE_CHAIN, openWorld, type World } from "../../packages/chain/test/fixture.ts";

/**
 * The attack: an earlier transaction of the seller's account is stuck, since its fee has become too low. The redemption
 * takes the next nonce, so it cannot be mined either, whatever it pays, and lies open in every node's pool. The buyer
 * reads the key, waits for `refundableFrom`, and has the network and the price.
 * Refused because the seller's tool shows the key only if the redemption is the account's next transaction.
 */
describe("finding: the key behind a waiting transaction", function () {
  this.timeout(60_000);
  let world: World;
  let sent: string[];
  beforeEach(async () => {
    world = await openWorld(LIVE_CHAIN);
    sent = [];
    world.node.before = (method, params) => void sent.push(method + JSON.stringify(params));
  });
  afterEach(() => world.close());

  const keyWasShown = async (hash: `0x${string}`): Promise<boolean> => {
    const { key } = (await world.seller.journal.sale(hash)).secrets;
    const digits = key.toString(16).padStart(64, "0");
    return sent.some((request) => request.includes(digits));
  };

  const sendUnmined = async (): Promise<void> => {
    await world.node.local.transport("evm_setAutomine", [false]);
    const { wallet, connection } = world.seller;
    await wallet.connect(connection.provider).sendTransaction({ to: wallet.address, value: 1n });
  };

  it("is refused, and done once that one is mined", async () => {
    const { placed } = await fund(world);
    await sendUnmined();
    const blocked = redeemSale(world.seller, placed.hash, { timeout: 0 });
    await expectRefusal(blocked, RedeemError, /1 earlier transactions .* not mined yet/);
    expect(await keyWasShown(placed.hash)).to.equal(false);
    expect((await world.seller.journal.sale(placed.hash)).redeem).to.equal(undefined);

    await world.node.local.transport("evm_mine", []);
    await world.node.local.transport("evm_setAutomine", [true]);
    expect((await redeemSale(world.seller, placed.hash)).paid).to.equal("paid");
  });
});
