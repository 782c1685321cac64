import type { Hex } from "@zkcmp/sale/hex";
import { claimRows, rootTypedData } from "@zkcmp/sale/sampling";
import { expect } from "chai";
import { rightRows } from "../../packages/sale/test/fixture.ts";
import { fundPurchase, FundingError, keepBundle } from "../../packages/chain/src/buyer/fund.ts";
import { openNonce, RevealError } from "../../packages/chain/src/buyer/reveal.ts";
import { commitSample, receiveNonce } from "../../packages/chain/src/seller/proof.ts";
import { encodeBundle } from "@zkcmp/sale/bundle";
import { openSample } from "@zkcmp/sale/sampling";
import { expectRefusal, offerAndProve, openWorld, type World } from "../../packages/chain/test/fixture.ts";

/**
 * The attack: the seller commits to the rows that the model has right, learns the nonce, sees which rows are drawn, and then
 * presents a second root made for this nonce, in which only rows that the model has right are drawn. Refused on both sides:
 * the buyer's tool takes one root for a deal and opens the nonce to it alone, also when it is asked again, and pays for
 * no bundle with another root; the seller's tool signs one root for a deal.
 */
describe("finding: a second sampling root", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  it("is refused by the buyer, and what is made with it is not paid", async () => {
    const { placed, dealId, bundle, report } = await offerAndProve(world, { sampledRows: 3 });
    const { nonce } = bundle.sampling!;
    // A cheating seller knows the nonce and makes a new claim, properly signed.
    const claim = claimRows(rightRows(world.network, world.testSet), placed.order.threshold);
    const { domain, types, message } = rootTypedData(placed.order, dealId, claim.root);
    const signature = (await world.seller.wallet.signTypedData(domain, types, message)) as Hex;
    const second = openNonce(world.buyer, placed.hash, { root: claim.root, signature });
    await expectRefusal(second, RevealError, /a second root for the same deal.*Do not fund/);

    const { openings } = openSample(claim, placed.order, dealId, nonce);
    const sampling = { root: claim.root, rootSignature: signature, nonce, openings };
    const forged = { ...bundle, sampling };
    await keepBundle(world.buyer.journal, encodeBundle(forged));
    const paid = fundPurchase(world.buyer, placed.hash, { bundle: forged, report });
    await expectRefusal(paid, FundingError, /root is not the one that the nonce was opened for/);
    expect((await world.buyer.journal.purchase(placed.hash)).fund).to.equal(undefined);

    // The seller's own tool gives the first root, however often it is asked.
    const again = await commitSample(world.seller, placed.hash);
    expect(again.root).to.equal(bundle.sampling!.root);
    await receiveNonce(world.seller.journal, placed.hash, nonce);
    expect((await commitSample(world.seller, placed.hash)).root).to.equal(again.root);
  });
});
