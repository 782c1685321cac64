import { expect } from "chai";
import { fundPurchase } from "../../packages/chain/src/buyer/fund.ts";
import { EscrowContract } from "../../packages/chain/src/escrow-contract.ts";
import { offerSale } from "../../packages/chain/src/seller/offer.ts";
import { minedTransaction, SwappedCallError } from "../../packages/chain/src/transaction.ts";
import { expectRefusal, offerAndProve, openWorld, order, seal, type World } from "../../packages/chain/test/fixture.ts";
import { ScriptedWallet } from "../../packages/chain/test/scripted-wallet.ts";

/**
 * The attack: a wallet (or who has a hand in the page's way to it) sends something else than it was asked for and gives its hash. The
 * transaction is mined and succeeds, so a page that looks for a good receipt alone says "offered" or "paid": the seller believes in an
 * offer that does not exist, the buyer in a payment that went elsewhere.
 * Refused because the transaction behind the hash is compared with the call that was asked for, which the journal holds.
 */
describe("finding: a wallet that swaps the call", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("makes no payment of it, now or later", async () => {
    const { placed, dealId, bundle, report } = await offerAndProve(world);
    const wallet = new ScriptedWallet(world.node.local.transport, world.connection.chainId, [world.buyer.wallet]);
    wallet.reaction = "swap";
    const buyer = { ...world.buyer, wallet: wallet.account() };
    const pay = () => fundPurchase(buyer, placed.hash, { bundle, report }, { timeout: 0 });
    await expectRefusal(pay(), SwappedCallError, /something else: it goes to 0x/);
    await expectRefusal(pay(), SwappedCallError, /Do not use this wallet/);
    expect(wallet.asked).to.have.lengthOf(1);
    const { fund } = await buyer.journal.purchase(placed.hash);
    const receipt = await world.connection.provider.getTransactionReceipt(fund!.attempts[0]!.hash);
    expect(receipt?.status).to.equal(1);
    expect(await minedTransaction(world.connection, fund)).to.equal(null);
    expect((await new EscrowContract(world.connection.provider, world.escrow).deal(dealId)).state).to.equal("offered");
  });

  it("makes no offer of it", async () => {
    const placed = await order(world);
    await seal(world, placed);
    const wallet = new ScriptedWallet(world.node.local.transport, world.connection.chainId, [world.seller.wallet]);
    wallet.edits = { data: "0x" };
    const seller = { ...world.seller, wallet: wallet.account() };
    await expectRefusal(offerSale(seller, placed.hash, { timeout: 0 }), SwappedCallError, /with other data/);
  });
});
