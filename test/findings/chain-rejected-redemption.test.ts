import { expect } from "chai";
import { EscrowContract } from "../../packages/chain/src/escrow-contract.ts";
import { NodeProvider } from "../../packages/chain/src/json-rpc.ts";
import type { Party } from "../../packages/chain/src/party.ts";
import { RedeemError, redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import { DAY, expectRefusal, fund, openWorld, type World } from "../../packages/chain/test/fixture.ts";
import { ScriptedWallet } from "../../packages/chain/test/scripted-wallet.ts";

/**
 * What goes wrong: the seller's page asks the wallet to redeem, the seller says no. The call with the key has been in the wallet, its
 * node has seen it, and so has the node that simulated it. A page that forgets the redemption then tells the seller "keep the key, the
 * model can be sold again", after the key may be known to the buyer.
 * Refused because the journal keeps, whatever the wallet answers, that the key may be out, and says so.
 */
describe("finding: a rejected redemption", function () {
  this.timeout(60_000);
  let world: World;
  let wallet: ScriptedWallet;
  let seller: Party;
  beforeEach(async () => {
    world = await openWorld();
    wallet = new ScriptedWallet(world.node.local.transport, world.connection.chainId, [world.seller.wallet]);
    seller = { ...world.seller, wallet: wallet.account() };
  });
  afterEach(() => world.close());

  const redeem = (hash: Parameters<typeof redeemSale>[1], by = seller) => redeemSale(by, hash, { timeout: 0 });

  it("is remembered, and can be begun again", async () => {
    const { placed } = await fund(world);
    wallet.reaction = "reject";
    await expectRefusal(redeem(placed.hash), RedeemError, /not sent, but the wallet and its node may know the key/);
    expect((await seller.journal.sale(placed.hash)).redeem?.attempts).to.deep.equal([]);
    wallet.reaction = "send";
    expect((await redeem(placed.hash)).paid).to.equal("paid");
    expect(wallet.asked).to.have.lengthOf(2);
  });

  it("is what the seller is told when it is too late", async () => {
    const { placed } = await fund(world);
    wallet.reaction = "reject";
    await expectRefusal(redeem(placed.hash), RedeemError, /may know the key/);
    await world.node.advanceTime(DAY);
    await expectRefusal(redeem(placed.hash), RedeemError, /too late.*A redemption was written down before/);
  });

  it("shows the key to nobody where the wallet is not even to be had, or a relay was named", async () => {
    const { placed, dealId } = await fund(world);
    const { key } = (await seller.journal.sale(placed.hash)).secrets;
    const seen: string[] = [];
    world.node.before = (method, params) => void seen.push(method + JSON.stringify(params));
    wallet.selected = -1;
    const error = await redeem(placed.hash).catch((thrown: Error) => thrown);
    expect(error).to.have.property("name", "WrongAccountError");
    wallet.selected = 0;
    const relay = new NodeProvider(world.node.transport, world.connection.chainId);
    const connection = { ...world.connection, relay };
    await expectRefusal(redeem(placed.hash, { ...seller, connection }), RedeemError, /cannot go through the relay/);
    relay.destroy();
    expect(seen.some((each) => each.includes(key.toString(16).padStart(64, "0")))).to.equal(false);
    expect((await seller.journal.sale(placed.hash)).redeem).to.equal(undefined);
    expect(wallet.asked).to.deep.equal([]);
    expect((await new EscrowContract(connection.provider, world.escrow).deal(dealId)).state).to.equal("funded");
  });
});
