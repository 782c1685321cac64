import { expect } from "chai";
import { refundPurchase } from "../../packages/chain/src/buyer/settle.ts";
import { EscrowContract, escrowCalls } from "../../packages/chain/src/escrow-contract.ts";
import { RedeemError, redeemMargin, redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import { DAY, expectRefusal, fund, HOUR, openWorld, type World } from "../../packages/chain/test/fixture.ts";

/**
 * The attack: the seller opens the key shortly before the refund opens. The transaction waits, the buyer reads the key in
 * it, lets it wait until `refundableFrom` (by filling blocks, or with the help of who makes them) and is refunded first:
 * network and price are both the buyer's. Refused because the seller's tool shows no key in the last hour, or the last
 * quarter of the time to redeem if that is longer. The first test shows the loss that it prevents.
 */
describe("finding: the key too late", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("costs network and price where the buyer is refunded before a waiting key", async () => {
    const { placed, dealId } = await fund(world);
    const { secrets } = await world.seller.journal.sale(placed.hash);
    const { transport } = world.node.local;
    const seller = world.seller.wallet.connect(world.connection.provider);
    const nonce = await world.connection.provider.getTransactionCount(seller.address);
    const data = escrowCalls.redeem(dealId, secrets.key, secrets.opening);
    const waiting = await seller.signTransaction(
      await seller.populateTransaction({ to: world.escrow, data, nonce, gasLimit: 400_000 }),
    );
    // The signed key is with the node; the buyer's refund is mined first.
    await world.node.advanceTime(DAY);
    await refundPurchase(world.buyer, placed.hash);
    const hash = await transport("eth_sendRawTransaction", [waiting]);
    const receipt = await world.connection.provider.getTransactionReceipt(hash as string);
    expect(receipt?.status).to.equal(0);
    expect(waiting).to.include(secrets.key.toString(16).padStart(64, "0"));
  });

  for (const timeToRedeem of [2 * HOUR, DAY]) {
    it(`is refused inside the margin, with ${timeToRedeem / HOUR} hours to redeem`, async () => {
      const { placed, dealId } = await fund(world, { timeToRedeem });
      const { refundableFrom } = await new EscrowContract(world.connection.provider, world.escrow).deal(dealId);
      await world.node.local.transport("evm_mine", [refundableFrom - redeemMargin(timeToRedeem)]);
      const seen: string[] = [];
      world.node.before = (method, params) => void seen.push(method + JSON.stringify(params));
      await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /too late to show the key/);
      await world.node.advanceTime(timeToRedeem);
      await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /too late to show the key/);
      const { key } = (await world.seller.journal.sale(placed.hash)).secrets;
      const digits = key.toString(16).padStart(64, "0");
      expect(seen.some((request) => request.includes(digits))).to.equal(false);
    });
  }

  it("is measured by the chain's clock, not by the seller's", async () => {
    const { placed } = await fund(world);
    // The chain is ahead of this machine by 20 hours.
    await world.node.advanceTime(20 * HOUR);
    await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /too late to show the key/);
  });
});
