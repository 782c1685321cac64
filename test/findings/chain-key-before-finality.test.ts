import { expect } from "chai";
import { EscrowContract } from "../../packages/chain/src/escrow-contract.ts";
import { RpcError } from "../../packages/chain/src/json-rpc.ts";
import { FinalityError } from "../../packages/chain/src/network-connection.ts";
import { RedeemError, redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import { fundPurchase } from "../../packages/chain/src/buyer/fund.ts";
import {
  expectRefusal,
  fund,
  LIVE_CHAIN,
  offerAndProve,
  openWorld,
  type World,
} from "../../packages/chain/test/fixture.ts";

/**
 * The attack: the buyer funds, the seller opens the key at once, and the block with the payment is reorganised away; the
 * buyer spends the coins elsewhere. The key stays known, the price is gone. Refused because the seller's tool shows the
 * key only when the deal is funded in the state of the node's `finalized` block, and to no node that knows none.
 */
describe("finding: the key before finality", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld(LIVE_CHAIN);
  });
  afterEach(() => world.close());

  const seen: string[] = [];
  const watch = (): void => {
    seen.length = 0;
    world.node.before = (method, params) => void seen.push(method + JSON.stringify(params));
  };
  const showsKey = async (hash: `0x${string}`): Promise<boolean> => {
    const { key } = (await world.seller.journal.sale(hash)).secrets;
    return seen.some((request) => request.includes(key.toString(16).padStart(64, "0")));
  };

  it("is refused while the payment is not final, with the key unseen", async () => {
    const { placed, dealId } = await fund(world);
    const block = await world.node.blockNumber();
    world.node.finalized = block - 1;
    watch();
    await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /not final yet/);
    expect(await showsKey(placed.hash)).to.equal(false);
    world.node.finalized = block;
    await redeemSale(world.seller, placed.hash);
    const escrow = new EscrowContract(world.connection.provider, world.escrow);
    expect((await escrow.deal(dealId)).state).to.equal("redeemed");
    expect(await showsKey(placed.hash)).to.equal(true);
  });

  it("is refused where the payment was reorganised away", async () => {
    const { placed, bundle, report } = await offerAndProve(world);
    const unpaid = await world.node.local.transport("evm_snapshot", []);
    await fundPurchase(world.buyer, placed.hash, { bundle, report });
    await world.node.local.transport("evm_revert", [unpaid]);
    watch();
    await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /is offered, not funded/);
    expect(await showsKey(placed.hash)).to.equal(false);
    // The buyer's command finds no receipt any more and sends the same payment again.
    const { fund: before } = await world.buyer.journal.purchase(placed.hash);
    await fundPurchase(world.buyer, placed.hash, { bundle, report });
    expect((await world.buyer.journal.purchase(placed.hash)).fund).to.deep.equal(before);
    await redeemSale(world.seller, placed.hash);
  });

  it("is refused where the node knows no finality", async () => {
    const { placed } = await fund(world);
    watch();
    const note = world.node.before;
    world.node.before = (method, params) => {
      note(method, params);
      if (params.includes("finalized")) throw new RpcError(method, { code: -32602, message: "unknown tag" });
    };
    await expectRefusal(redeemSale(world.seller, placed.hash), FinalityError, /final state of the deal/);
    expect(await showsKey(placed.hash)).to.equal(false);
  });
});
