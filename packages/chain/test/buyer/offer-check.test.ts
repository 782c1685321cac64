import { toFieldElement } from "@zkcmp/field/element";
import { expect } from "chai";
import { findOffer, OfferMismatchError } from "../../src/buyer/offer-check.ts";
import type { Terms } from "../../src/escrow-contract.ts";
import { NodeProvider } from "../../src/json-rpc.ts";
import { cancelSale } from "../../src/seller/offer.ts";
import { walletAddress } from "../../src/account.ts";
import {
  DAY,
  expectRefusal,
  HOUR,
  LIVE_CHAIN,
  newHomes,
  offer,
  offerFalsely,
  openWorld,
  order,
  PRICE,
  timeOf,
  type World,
} from "../fixture.ts";

describe("findOffer", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  before(async () => {
    chain = await openWorld(LIVE_CHAIN);
  });
  beforeEach(async () => {
    world = await newHomes(chain);
  });
  afterEach(async () => {
    chain.node.finalized = null;
    await world.close();
  });
  after(() => chain.close());

  it("gives the offer that fits the order", async () => {
    const placed = await order(world);
    const dealId = await offer(world, placed);
    const found = await findOffer(world.connection, placed.order, dealId);
    expect(found.seller).to.equal(walletAddress(world.seller.wallet));
    expect(found.price).to.equal(PRICE);
  });

  const falsities: [string, (world: World) => Promise<Partial<Terms>>, RegExp][] = [
    ["another price", async () => ({ price: PRICE + 1n }), /price/],
    ["another buyer", async ({ stranger }) => ({ buyer: walletAddress(stranger) }), /buyer/],
    ["another token", async ({ escrow }) => ({ token: escrow }), /token/],
    ["another end of funding", async (world) => ({ fundableUntil: (await timeOf(world)) + DAY }), /fundableUntil/],
    ["another time to redeem", async () => ({ timeToRedeem: 2 * HOUR }), /timeToRedeem/],
    ["another order hash", async () => ({ orderHash: `0x${"12".repeat(32)}` as const }), /order hash/],
  ];
  for (const [what, changes, message] of falsities) {
    it(`refuses an offer with ${what}`, async () => {
      const placed = await order(world);
      const dealId = await offerFalsely(world, placed, await changes(world));
      await expectRefusal(findOffer(world.connection, placed.order, dealId), OfferMismatchError, message);
    });
  }

  it("refuses an id that is not on chain, and a deal that is over", async () => {
    const placed = await order(world);
    const none = findOffer(world.connection, placed.order, toFieldElement(5n));
    await expectRefusal(none, OfferMismatchError, /no such deal/);
    const dealId = await offer(world, placed);
    await cancelSale(world.seller, placed.hash);
    const over = findOffer(world.connection, placed.order, dealId);
    await expectRefusal(over, OfferMismatchError, /is cancelled, not offered/);
  });

  it("refuses an offer that is not final", async () => {
    const placed = await order(world);
    world.node.finalized = await world.node.blockNumber();
    const dealId = await offer(world, placed);
    const early = findOffer(world.connection, placed.order, dealId);
    await expectRefusal(early, OfferMismatchError, /not final yet/);
  });

  it("finds out a node that shows another core than the one in the deal's id", async () => {
    const placed = await order(world);
    const dealId = await offer(world, placed);
    const provider = new NodeProvider(async (method, params) => {
      const answer = await world.node.transport(method, params);
      if (method !== "eth_getLogs") return answer;
      return (answer as { data: string }[]).map((log) => {
        // core is the sixth word of the event's data
        const start = 2 + 5 * 64;
        return { ...log, data: log.data.slice(0, start) + "00".repeat(32) + log.data.slice(start + 64) };
      });
    }, LIVE_CHAIN);
    const lied = findOffer({ ...world.connection, provider }, placed.order, dealId);
    await expectRefusal(lied, OfferMismatchError, /id does not follow/);
    provider.destroy();
  });
});
