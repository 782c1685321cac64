import { expect } from "chai";
import { awaitKey, refundPurchase, SettlementError } from "../../src/buyer/settle.ts";
import { EscrowContract } from "../../src/escrow-contract.ts";
import { NodeProvider } from "../../src/json-rpc.ts";
import { WaitingError } from "../../src/network-connection.ts";
import { redeemSale } from "../../src/seller/redeem.ts";
import { DAY, expectRefusal, fund, newHomes, offerAndProve, openWorld, order, type World } from "../fixture.ts";

describe("the buyer's end of a deal", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  let snapshot: unknown;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newHomes(chain);
  });
  afterEach(async () => {
    await chain.node.local.transport("evm_revert", [snapshot]);
    await world.close();
  });
  after(() => chain.close());

  describe("awaitKey", () => {
    it("waits until the seller redeems", async () => {
      const { placed, bundle } = await fund(world);
      let looks = 0;
      const waiting = awaitKey(world.buyer, placed.hash, {
        onWait: () => {
          if (++looks === 2) void redeemSale(world.seller, placed.hash);
        },
      });
      const { key, opening } = await waiting;
      const { secrets } = await world.seller.journal.sale(placed.hash);
      expect([key, opening]).to.deep.equal([secrets.key, secrets.opening]);
      expect((await world.buyer.journal.purchase(placed.hash)).redeemed).to.deep.equal({ key, opening });
      expect(bundle.core.keyCommitment).to.be.a("bigint");
    });

    it("needs no node once the key is kept", async () => {
      const { placed } = await fund(world);
      await redeemSale(world.seller, placed.hash);
      const first = await awaitKey(world.buyer, placed.hash);
      world.node.before = () => {
        throw new RangeError("no node");
      };
      expect(await awaitKey(world.buyer, placed.hash)).to.deep.equal(first);
      world.node.before = () => {};
    });

    it("looks once and gives up with a timeout of 0", async () => {
      const { placed } = await fund(world);
      await expectRefusal(awaitKey(world.buyer, placed.hash, { timeout: 0 }), WaitingError, /the seller's key/);
    });

    it("says that no key will come", async () => {
      const early = await order(world);
      await expectRefusal(awaitKey(world.buyer, early.hash), SettlementError, /no bundle yet/);
      const { placed } = await offerAndProve(world);
      await expectRefusal(awaitKey(world.buyer, placed.hash), SettlementError, /is offered.*Fund it first/);
    });

    it("sends the buyer to the refund when the seller's time is over", async () => {
      const { placed } = await fund(world);
      await world.node.advanceTime(DAY);
      await expectRefusal(awaitKey(world.buyer, placed.hash), SettlementError, /not shown the key in time.*refund/);
      await refundPurchase(world.buyer, placed.hash);
      await expectRefusal(awaitKey(world.buyer, placed.hash), SettlementError, /is refunded: no key/);
    });

    it("does not believe a node that shows another key", async () => {
      const { placed } = await fund(world);
      await redeemSale(world.seller, placed.hash);
      const provider = new NodeProvider(async (method, params) => {
        const answer = await world.node.transport(method, params);
        if (method !== "eth_getLogs") return answer;
        return (answer as { data: string }[]).map((log) => ({
          ...log,
          data: `0x${"00".repeat(31)}07${log.data.slice(66)}`,
        }));
      }, 31337);
      const connection = { ...world.connection, provider };
      const work = awaitKey({ ...world.buyer, connection }, placed.hash);
      await expectRefusal(work, SettlementError, /key that does not open E/);
      expect((await world.buyer.journal.purchase(placed.hash)).redeemed).to.equal(undefined);
      provider.destroy();
    });
  });

  describe("refundPurchase", () => {
    it("is refused before refundableFrom, done from then on, and gives the same transaction again", async () => {
      const { placed, dealId } = await fund(world);
      const { refundableFrom } = await new EscrowContract(world.connection.provider, world.escrow).deal(dealId);
      const when = new RegExp(`refund opens at ${new Date(1000 * refundableFrom).toISOString()}`);
      await world.node.local.transport("evm_mine", [refundableFrom - 30]);
      await expectRefusal(refundPurchase(world.buyer, placed.hash), SettlementError, when);
      await world.node.local.transport("evm_mine", [refundableFrom]);
      const first = await refundPurchase(world.buyer, placed.hash);
      expect(first.paid).to.equal("paid");
      expect(await refundPurchase(world.buyer, placed.hash)).to.deep.equal(first);
    });

    it("is refused where the key was shown, which is in the buyer's hands then", async () => {
      const { placed } = await fund(world);
      await redeemSale(world.seller, placed.hash);
      await world.node.advanceTime(DAY);
      const work = refundPurchase(world.buyer, placed.hash);
      await expectRefusal(work, SettlementError, /is redeemed, there is nothing to take back.*unseal/);
    });

    it("is refused without a deal, and without a payment", async () => {
      const early = await order(world);
      await expectRefusal(refundPurchase(world.buyer, early.hash), SettlementError, /no deal yet/);
      const { placed } = await offerAndProve(world);
      await expectRefusal(refundPurchase(world.buyer, placed.hash), SettlementError, /is offered, there is nothing/);
    });
  });
});
