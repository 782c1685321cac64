import { expect } from "chai";
import { DisclosureError, disclosureOf, modelDigest } from "../../packages/chain/src/disclosure.ts";
import { cancelSale, offerSale } from "../../packages/chain/src/seller/offer.ts";
import { sealSale } from "../../packages/chain/src/seller/seal.ts";
import {
  expectRefusal,
  FEW_ROWS,
  openWorld,
  order,
  type PlacedOrder,
  prove,
  type World,
} from "../../packages/chain/test/fixture.ts";
import { believingProofSystem } from "../../packages/sale/test/fixture.ts";

/**
 * The attack: the seller allows all answers about a model to release one bit. A buyer sends many orders at once and waits
 * with every test set until all of them are sealed. When each is sealed nothing has been answered, so each looks like
 * the first one, and all are answered in the end. Refused because an order that is sealed and can still be answered
 * counts as if it were.
 */
describe("finding: many orders at once for one model", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const sealWithin = async ({ signedOrder }: PlacedOrder, maximumBits: number): Promise<void> => {
    const { network } = world;
    const limits = { ...FEW_ROWS, maximumBits };
    const input = { signedOrder, network, networkPath: "model.json", proofSystem: believingProofSystem, limits };
    await sealSale(world.seller.journal, input);
  };

  it("is refused before anything is answered", async () => {
    const first = await order(world);
    await sealWithin(first, 1);
    await sealWithin(first, 1);
    await expectRefusal(sealWithin(await order(world), 1), DisclosureError, /2 bits, more than the 1/);
    await sealWithin(await order(world, { sampledRows: 3 }), 4);
    await expectRefusal(sealWithin(await order(world), 4), DisclosureError, /5 bits, more than the 4/);
  });

  it("is refused after the first one is answered, which counts once", async () => {
    const [first, second, third] = [await order(world), await order(world), await order(world)];
    await sealWithin(first, 1);
    await prove(world, first, (await offerSale(world.seller, first.hash)).dealId);
    await expectRefusal(sealWithin(second, 1), DisclosureError, /2 bits/);
    await sealWithin(third, 2);
    const { bits } = await disclosureOf(world.seller.journal, modelDigest(world.network));
    expect(bits).to.equal(1);
  });

  it("leaves room again for an order whose offer was cancelled, or that was never offered in its time", async () => {
    const cancelled = await order(world);
    await sealWithin(cancelled, 1);
    await offerSale(world.seller, cancelled.hash);
    await expectRefusal(sealWithin(await order(world), 1), DisclosureError, /2 bits/);
    await cancelSale(world.seller, cancelled.hash);
    await sealWithin(await order(world, { fundableUntil: Math.floor(Date.now() / 1000) - 1 }), 1);
    await sealWithin(await order(world), 1);
  });
});
