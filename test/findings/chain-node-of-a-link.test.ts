import { expect } from "chai";
import { WalletError } from "../../packages/chain/src/account.ts";
import { revealTestSet } from "../../packages/chain/src/buyer/reveal.ts";
import { fundPurchase } from "../../packages/chain/src/buyer/fund.ts";
import type { Transport } from "../../packages/chain/src/json-rpc.ts";
import type { Party } from "../../packages/chain/src/party.ts";
import { redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import {
  expectRefusal,
  fund,
  offer,
  offerAndProve,
  openWorld,
  order,
  type World,
} from "../../packages/chain/test/fixture.ts";
import { ScriptedWallet } from "../../packages/chain/test/scripted-wallet.ts";

/**
 * The attack: a link to the market names a node in its address (?rpc=...). It opens the page that the seller knows, with the seller's
 * own journal, and whoever made the link runs that node. It says that the deal is funded and final, gets the key with the simulation
 * of the redemption, and nothing was ever paid. In the same way a link names a false escrow, and its node the true code for it: the
 * buyer's wallet then pays into that. Or it shows an offer that nobody has made, to get the buyer's test set.
 * Refused because whoever acts with a wallet has a second node, the wallet's own, which no link chooses: it is asked for the escrow's
 * code before money moves, for the final state of the deal before the key is shown to anybody, and for the offer before rows are revealed.
 */
describe("finding: the node of a link", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  /** A wallet whose own node does not see what the page's node says. */
  const walletOver = (transport: Transport, { wallet }: World["buyer"]): ScriptedWallet =>
    new ScriptedWallet(transport, world.connection.chainId, [wallet]);
  const acting = (party: World["buyer"], wallet: ScriptedWallet): Party => ({ ...party, wallet: wallet.account() });

  it("gets no key for a payment that only it has seen", async () => {
    const { placed, bundle, report } = await offerAndProve(world);
    const unpaid = `0x${(await world.node.blockNumber()).toString(16)}`;
    let isSeen = false;
    const honest: Transport = (method, params) =>
      world.node.local.transport(
        method,
        params.map((each) => (!isSeen && (each === "latest" || each === "finalized") ? unpaid : each)),
      );
    await fundPurchase(world.buyer, placed.hash, { bundle, report });
    const wallet = walletOver(honest, world.seller);
    const { key } = (await world.seller.journal.sale(placed.hash)).secrets;
    const shown: string[] = [];
    world.node.before = (method, params) => {
      if (JSON.stringify(params).includes(key.toString(16).padStart(64, "0"))) shown.push(method);
    };
    const redeem = () => redeemSale(acting(world.seller, wallet), placed.hash, { timeout: 0 });
    await expectRefusal(redeem(), WalletError, /the wallet's own node.*offered, not funded/);
    expect(shown).to.deep.equal([]);
    expect(wallet.asked).to.deep.equal([]);
    expect((await world.seller.journal.sale(placed.hash)).redeem).to.equal(undefined);
    isSeen = true;
    expect((await redeem()).paid).to.equal("paid");
    expect(shown).to.include("eth_call");
  });

  it("gets no rows for an offer that only it has seen", async () => {
    const before = `0x${(await world.node.blockNumber()).toString(16)}`;
    const placed = await order(world);
    const dealId = await offer(world, placed);
    let isSeen = false;
    const honest: Transport = (method, params) =>
      world.node.local.transport(
        method,
        params.map((each) => (!isSeen && (each === "latest" || each === "finalized") ? before : each)),
      );
    const wallet = walletOver(honest, world.buyer);
    const reveal = () => revealTestSet(acting(world.buyer, wallet), placed.hash, dealId);
    await expectRefusal(reveal(), WalletError, /the wallet's own node.*there is no such offer/);
    expect((await world.buyer.journal.purchase(placed.hash)).revealed).to.equal(undefined);
    isSeen = true;
    expect((await reveal()).testSet.rows).to.have.length(placed.order.rows);
  });

  it("gets no payment for a contract that only it calls the escrow", async () => {
    const { placed, bundle, report } = await offerAndProve(world);
    const honest: Transport = async (method, params) =>
      method === "eth_getCode" && params[0] === world.escrow ? "0x6001" : world.node.local.transport(method, params);
    const wallet = walletOver(honest, world.buyer);
    const paying = fundPurchase(acting(world.buyer, wallet), placed.hash, { bundle, report }, { timeout: 0 });
    await expectRefusal(paying, WalletError, /the wallet's own node.*is not the ModelEscrow/);
    expect(wallet.asked).to.deep.equal([]);
  });

  it("gets no allowance for such a contract either", async () => {
    const token = `0x${"70".repeat(20)}` as const;
    await world.node.local.transport("hardhat_setCode", [token, "0x00"]);
    const { placed, bundle, report } = await offerAndProve(world, { token });
    const honest: Transport = async (method, params) =>
      method === "eth_getCode" && params[0] === world.escrow ? "0x6001" : world.node.local.transport(method, params);
    for (const permit of [false, true]) {
      const wallet = walletOver(honest, world.buyer);
      const paying = fundPurchase(acting(world.buyer, wallet), placed.hash, { bundle, report }, { timeout: 0, permit });
      await expectRefusal(paying, WalletError, /is not the ModelEscrow/);
      expect(wallet.asked).to.deep.equal([]);
    }
  });

  it("changes nothing for a wallet whose node says the same", async () => {
    const { placed } = await fund(world);
    const wallet = walletOver(world.node.transport, world.seller);
    expect((await redeemSale(acting(world.seller, wallet), placed.hash)).paid).to.equal("paid");
    expect(wallet.asked).to.have.lengthOf(1);
  });
});
