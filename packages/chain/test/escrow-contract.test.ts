import { toFieldElement } from "@zkcmp/field/element";
import { coreDigest } from "@zkcmp/sale/core";
import { NO_SPLIT } from "@zkcmp/sale/deal";
import { expect } from "chai";
import { EscrowContract, escrowCalls, EscrowRevertError, explainRevert, finalDeal } from "../src/escrow-contract.ts";
import { RpcError } from "../src/json-rpc.ts";
import { FinalityError } from "../src/network-connection.ts";
import { redeemSale } from "../src/seller/redeem.ts";
import { walletAddress } from "../src/account.ts";
import {
  DAY,
  expectRefusal,
  fund,
  LIVE_CHAIN,
  newHomes,
  offer,
  openWorld,
  order,
  PRICE,
  type World,
} from "./fixture.ts";

describe("EscrowContract", function () {
  this.timeout(60_000);
  let world: World;
  let escrow: EscrowContract;
  before(async () => {
    world = await openWorld(LIVE_CHAIN);
    escrow = new EscrowContract(world.connection.provider, world.escrow);
  });
  afterEach(() => {
    world.node.before = () => {};
    world.node.finalized = null;
  });
  after(() => world.close());

  it("reads a deal and its events as they were made", async () => {
    const { placed, dealId } = await fund(world);
    const { core, secrets } = await world.seller.journal.sale(placed.hash);
    const seller = walletAddress(world.seller.wallet);
    const { order } = placed;
    const common = {
      seller,
      buyer: order.buyer,
      token: order.token,
      price: PRICE,
      fundableUntil: order.fundableUntil,
      timeToRedeem: DAY,
      keyCommitment: core.keyCommitment,
    };
    const deal = await escrow.deal(dealId);
    expect(deal).to.deep.equal({ ...common, state: "funded", basisPoints: 0, refundableFrom: deal.refundableFrom });
    expect(deal.refundableFrom).to.be.above(DAY);
    const { transactionHash, blockNumber, ...offered } = (await escrow.offered(dealId))!;
    expect(offered).to.deep.equal({
      ...common,
      dealId,
      core: coreDigest(core),
      orderHash: placed.hash,
      split: NO_SPLIT,
    });
    const receipt = await world.connection.provider.getTransactionReceipt(transactionHash);
    expect(receipt?.blockNumber).to.equal(blockNumber);
    expect(await escrow.keyCommitmentUsed(seller, core.keyCommitment)).to.equal(true);
    expect(await escrow.redeemed(dealId)).to.equal(null);

    await redeemSale(world.seller, placed.hash);
    const redeemed = (await escrow.redeemed(dealId))!;
    expect([redeemed.key, redeemed.opening]).to.deep.equal([secrets.key, secrets.opening]);
  });

  it("says of a deal that is none that it is none", async () => {
    const nobody = toFieldElement(5n);
    expect((await escrow.deal(nobody)).state).to.equal("none");
    expect(await escrow.offered(nobody)).to.equal(null);
  });

  it("finds an event with a node that answers for few blocks only", async () => {
    const fresh = await newHomes(world);
    const dealId = await offer(fresh, await order(fresh));
    for (let i = 0; i < 250; i++) await world.node.advanceTime(1);
    let queries = 0;
    world.node.before = (method, params) => {
      if (method !== "eth_getLogs") return;
      queries += 1;
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
      if (toBlock === "latest" || Number(toBlock) - Number(fromBlock) >= 200) {
        throw new RpcError(method, { code: -32005, message: "query exceeds 200 blocks" });
      }
    };
    expect((await escrow.offered(dealId))?.dealId).to.equal(dealId);
    expect(queries).to.be.above(5);
  });

  it("gives up where the node refuses any search", async () => {
    world.node.before = (method) => {
      if (method === "eth_getLogs") throw new RpcError(method, { code: -32005, message: "no logs here" });
    };
    await expectRefusal(escrow.offered(toFieldElement(5n)), RpcError, /no logs here/);
  });

  it("reads the final deal from the finalized block", async () => {
    const before = await world.node.blockNumber();
    const fresh = await newHomes(world);
    const dealId = await offer(fresh, await order(fresh));
    world.node.finalized = before;
    expect((await finalDeal(world.connection, escrow, dealId)).state).to.equal("none");
    world.node.finalized = null;
    expect((await finalDeal(world.connection, escrow, dealId)).state).to.equal("offered");
  });

  it("says that there is no finality where the node has none", async () => {
    world.node.before = (method, params) => {
      if (params.includes("finalized")) throw new RpcError(method, { code: -32602, message: "unknown block tag" });
    };
    await expectRefusal(
      finalDeal(world.connection, escrow, toFieldElement(5n)),
      FinalityError,
      /final state of the deal: unknown block tag/,
    );
  });

  it("explains a revert in the contract's words", async () => {
    const data = escrowCalls.cancel(toFieldElement(7n));
    const call = world.connection.provider.send("eth_call", [{ to: world.escrow, data }, "latest"]);
    const error = await expectRefusal(call, RpcError, /refuses eth_call/);
    const explained = explainRevert(error, "the cancellation");
    expect(explained).to.be.instanceOf(EscrowRevertError);
    expect(explained.message).to.match(
      /refuses the cancellation: WrongState\(dealId 7, current none, required offered\)/,
    );
  });
});
