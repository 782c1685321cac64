import { decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { rejected } from "../../packages/network/test/thrown.ts";
import {
  addressOf,
  createDeal,
  dealIdFor,
  type FixtureDeal,
  signOrder,
  signRoot,
  STRANGER,
} from "../../packages/sale/test/fixture.ts";

/**
 * The attack: someone copies a bundle and sells it as his own: he puts his address in the place of the seller's, or offers
 * the same core and key commitment himself, and hopes that the buyer funds his deal with the true seller's proof.
 * Refused because the deal's id hashes the seller and the proof names the deal. (On chain the copy could not be redeemed
 * before the true deal shows k, and afterwards the buyer has not funded it.)
 */
describe("finding: copied bundle", function () {
  this.timeout(60_000);

  const thief = addressOf(STRANGER);
  let deals: FixtureDeal[];

  before(async () => {
    deals = [await createDeal(), await createDeal({ order: { sampledRows: 6 } })];
  });

  it("the thief's address does not lead to the deal's id", async () => {
    for (const { bundle, inputs } of deals) {
      const copy = decodeBundle(encodeBundle({ ...bundle, seller: thief }));
      const error = await rejected(verifyBundle({ ...inputs, bundle: copy }));
      expect(error.message).to.contain("the deal's id does not follow from seller, order and core");
    }
  });

  it("the thief's own deal id is not the one in the proof", async () => {
    const [{ bundle, inputs, order, core }] = deals as [FixtureDeal];
    const copy = { ...bundle, seller: thief, dealId: dealIdFor(order, core, thief) };
    expect((await rejected(verifyBundle({ ...inputs, bundle: copy }))).message).to.contain("for another statement");
  });

  it("a copied sample is not drawn by the thief's deal, whoever signs its root", async () => {
    const { bundle, inputs, order, core } = deals[1]!;
    const dealId = dealIdFor(order, core, thief);
    const sampling = bundle.sampling!;
    const copied = { ...bundle, seller: thief, dealId };
    expect((await rejected(verifyBundle({ ...inputs, bundle: copied }))).message).to.contain("the root is not signed");
    const rootSignature = await signRoot(order, dealId, sampling.root, STRANGER);
    const signed = { ...copied, sampling: { ...sampling, rootSignature } };
    expect((await rejected(verifyBundle({ ...inputs, bundle: signed }))).message).to.contain("is not the drawn leaf");
  });

  it("the copy is no use to the thief's own buyer: the order is not his, nor is the seal", async () => {
    const [{ bundle, inputs, order }] = deals as [FixtureDeal];
    const stolen = await signOrder({ ...order, buyer: thief }, STRANGER);
    const error = await rejected(verifyBundle({ ...inputs, bundle: { ...bundle, signedOrder: stolen } }));
    expect(error.message).to.contain("the core names another order");
  });
});
