import { ETHER } from "@zkcmp/sale/order";
import { expect } from "chai";
import { refundPurchase } from "../../src/buyer/settle.ts";
import { EscrowContract, escrowCalls } from "../../src/escrow-contract.ts";
import { NodeError, NodeProvider, RpcError, type Transport } from "../../src/json-rpc.ts";
import { WaitingError } from "../../src/network-connection.ts";
import { RedeemError, redeemMargin, redeemSale, withdrawCredit } from "../../src/seller/redeem.ts";
import { OutOfFundsError } from "../../src/transaction.ts";
import { walletAddress } from "../../src/account.ts";
import {
  DAY,
  expectRefusal,
  fund,
  HOUR,
  LIVE_CHAIN,
  newHomes,
  offer,
  openWorld,
  order,
  PRICE,
  seal,
  timeOf,
  type World,
} from "../fixture.ts";

describe("redeemMargin", () => {
  it("is the larger of an hour and a quarter of the time to redeem", () => {
    expect([2 * HOUR, 4 * HOUR, 4 * HOUR + 4, DAY].map(redeemMargin)).to.deep.equal([HOUR, HOUR, HOUR + 1, 6 * HOUR]);
  });
});

describe("redeemSale", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  let snapshot: unknown;
  /** Everything that was sent to the node. */
  let sent: string[];
  before(async () => {
    chain = await openWorld(LIVE_CHAIN);
  });
  beforeEach(async () => {
    snapshot = await chain.node.local.transport("evm_snapshot", []);
    world = await newHomes(chain);
    sent = [];
    chain.node.before = (method, params) => void sent.push(`${method} ${JSON.stringify(params)}`);
  });
  afterEach(async () => {
    chain.node.before = () => {};
    chain.node.finalized = null;
    await chain.node.local.transport("evm_setAutomine", [true]);
    await chain.node.local.transport("evm_revert", [snapshot]);
    await world.close();
  });
  after(() => chain.close());

  /** Whether the node has seen the key of an order. */
  const keyWasShown = async (hash: `0x${string}`): Promise<boolean> => {
    const { key } = (await world.seller.journal.sale(hash)).secrets;
    return sent.some((request) => request.includes(key.toString(16).padStart(64, "0")));
  };

  it("shows the key last of all, after everything else was found in order", async () => {
    const { placed } = await fund(world);
    sent = [];
    await redeemSale(world.seller, placed.hash);
    const { key } = (await world.seller.journal.sale(placed.hash)).secrets;
    const digits = key.toString(16).padStart(64, "0");
    const first = sent.findIndex((request) => request.includes(digits));
    expect(sent[first]).to.match(/^eth_call/);
    const before = sent.slice(0, first).map((request) => request.split(" ")[0]);
    for (const method of ["eth_getCode", "eth_call", "eth_getBalance", "eth_getBlockByNumber"]) {
      expect(before).to.include(method);
    }
    expect(sent.some((request) => /^eth_estimateGas/.test(request))).to.equal(false);
  });

  it("is refused before the offer and before the payment, and after the refund", async () => {
    const placed = await order(world);
    await seal(world, placed);
    await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /no offer yet/);
    await offer(world, placed);
    await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /is offered, not funded/);
    const paid = await fund(await newHomes(world).then((fresh) => (world = fresh)));
    await world.node.advanceTime(DAY + 60);
    await refundPurchase(world.buyer, paid.placed.hash);
    await expectRefusal(
      redeemSale(world.seller, paid.placed.hash),
      RedeemError,
      /is refunded, not funded.*stays secret/,
    );
    expect(await keyWasShown(paid.placed.hash)).to.equal(false);
  });

  it("is refused from the margin on, with the key unseen", async () => {
    const { placed, dealId } = await fund(world);
    const { refundableFrom } = await new EscrowContract(world.connection.provider, world.escrow).deal(dealId);
    const now = await timeOf(world);
    const atMargin = refundableFrom - redeemMargin(DAY);
    await world.node.local.transport("evm_mine", [atMargin]);
    expect(atMargin).to.be.above(now);
    await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /too late to show the key.*Keep the key/);
    expect(await keyWasShown(placed.hash)).to.equal(false);
    expect((await world.seller.journal.sale(placed.hash)).redeem).to.equal(undefined);
  });

  it("is done five seconds before the margin", async () => {
    const { placed, dealId } = await fund(world);
    const { refundableFrom } = await new EscrowContract(world.connection.provider, world.escrow).deal(dealId);
    // The pending block, whose time counts, may be a second ahead.
    await world.node.local.transport("evm_mine", [refundableFrom - redeemMargin(DAY) - 5]);
    expect((await redeemSale(world.seller, placed.hash)).paid).to.equal("paid");
  });

  it("is refused to an account that cannot pay the gas, before the key is shown", async () => {
    const { placed } = await fund(world);
    await world.node.local.transport("hardhat_setBalance", [world.seller.wallet.address, "0x64"]);
    await expectRefusal(redeemSale(world.seller, placed.hash), OutOfFundsError, /has 100 wei, the redemption needs/);
    expect(await keyWasShown(placed.hash)).to.equal(false);
  });

  it("is refused where the node is down, with the key unseen", async () => {
    const { placed } = await fund(world);
    world.node.before = () => {
      throw new NodeError("the node at x cannot be reached", "Start it.");
    };
    await expectRefusal(redeemSale(world.seller, placed.hash), NodeError, /cannot be reached/);
    expect((await world.seller.journal.sale(placed.hash)).redeem).to.equal(undefined);
  });

  it("shows the key to the private relay alone until it is mined", async () => {
    const { placed } = await fund(world);
    const relayed: string[] = [];
    const transport: Transport = (method, params) => {
      relayed.push(method);
      return world.node.local.transport(method, params);
    };
    const relay = new NodeProvider(transport, LIVE_CHAIN);
    sent = [];
    await redeemSale({ ...world.seller, connection: { ...world.connection, relay } }, placed.hash);
    expect(relayed).to.deep.equal(["eth_call", "eth_sendRawTransaction"]);
    expect(await keyWasShown(placed.hash)).to.equal(false);
    relay.destroy();
  });

  it("goes without a simulation through a relay that has none", async () => {
    const { placed } = await fund(world);
    const relay = new NodeProvider((method, params) => {
      if (method === "eth_call") throw new RpcError(method, { code: -32601, message: "method not found" });
      return world.node.local.transport(method, params);
    }, LIVE_CHAIN);
    await redeemSale({ ...world.seller, connection: { ...world.connection, relay } }, placed.hash);
    relay.destroy();
  });

  it("is sent once: again it gives the same transaction", async () => {
    const { placed } = await fund(world);
    const first = await redeemSale(world.seller, placed.hash);
    expect(await redeemSale(world.seller, placed.hash)).to.deep.equal(first);
  });

  it("says that someone else has redeemed", async () => {
    const { placed, dealId } = await fund(world);
    const { secrets } = await world.seller.journal.sale(placed.hash);
    const escrow = new EscrowContract(world.connection.provider, world.escrow);
    const signer = world.stranger.connect(world.connection.provider);
    const data = escrowCalls.redeem(dealId, secrets.key, secrets.opening);
    await (await signer.sendTransaction({ to: world.escrow, data, gasLimit: 400_000 })).wait();
    expect((await escrow.deal(dealId)).state).to.equal("redeemed");
    await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /redeemed already/);
  });

  describe("that was written down and not mined", () => {
    const stuck = async (): Promise<`0x${string}`> => {
      const { placed } = await fund(world);
      await world.node.local.transport("evm_setAutomine", [false]);
      await expectRefusal(redeemSale(world.seller, placed.hash, { timeout: 0 }), WaitingError, /to be mined/);
      return placed.hash;
    };

    it("is replaced by one that pays more", async () => {
      const hash = await stuck();
      const raised = redeemSale(world.seller, hash, { timeout: 0, raiseFee: true });
      await expectRefusal(raised, WaitingError, /to be mined/);
      expect((await world.seller.journal.sale(hash)).redeem?.attempts).to.have.lengthOf(2);
      await world.node.local.transport("evm_mine", []);
      expect((await redeemSale(world.seller, hash)).paid).to.equal("paid");
    });

    it("is sent again however late, where a node has it: the key is out", async () => {
      const hash = await stuck();
      await world.node.local.transport("evm_increaseTime", [DAY - HOUR]);
      await expectRefusal(redeemSale(world.seller, hash, { timeout: 0 }), WaitingError, /to be mined/);
      await world.node.local.transport("evm_mine", []);
      expect((await redeemSale(world.seller, hash)).paid).to.equal("paid");
    });

    it("is not sent late where no node has it, unless the seller says that the key is out", async () => {
      const { placed } = await fund(world);
      world.node.before = (method) => {
        if (method === "eth_sendRawTransaction") throw new RangeError("killed");
      };
      await redeemSale(world.seller, placed.hash).catch(() => undefined);
      world.node.before = (method, params) => void sent.push(`${method} ${JSON.stringify(params)}`);
      sent = [];
      await world.node.advanceTime(DAY - HOUR);
      const late = redeemSale(world.seller, placed.hash);
      await expectRefusal(late, RedeemError, /too late.*add --key-is-public/);
      expect(await keyWasShown(placed.hash)).to.equal(false);
      expect((await redeemSale(world.seller, placed.hash, { keyIsPublic: true })).paid).to.equal("paid");
    });
  });
});

describe("withdrawCredit", function () {
  this.timeout(60_000);
  it("is refused without a credit", async () => {
    const world = await openWorld();
    const to = walletAddress(world.seller.wallet);
    const work = withdrawCredit(world.seller, { escrow: world.escrow, token: ETHER, to });
    await expectRefusal(work, RedeemError, /no credit in ether.*nothing to withdraw/);
    await world.close();
  });

  it("takes a credit once, and the next one, too", async () => {
    const world = await openWorld();
    const { transport } = world.node.local;
    const seller = walletAddress(world.seller.wallet);
    const to = walletAddress(world.stranger);
    // An account with code that reverts, or spends all the gas it is given, as a smart wallet may come to do.
    for (const code of ["0x5f5ffd", "0xfe"]) {
      const fresh = { ...(await newHomes(world)), seller: world.seller };
      const { placed } = await fund(fresh);
      await transport("hardhat_setCode", [seller, code]);
      expect((await redeemSale(world.seller, placed.hash)).paid).to.equal("credited");
      await transport("hardhat_setCode", [seller, "0x"]);
      const before = await world.connection.provider.getBalance(to);
      const { amount } = await withdrawCredit(world.seller, { escrow: world.escrow, token: ETHER, to });
      expect(amount).to.equal(PRICE);
      expect(await world.connection.provider.getBalance(to)).to.equal(before + PRICE);
      await fresh.close();
    }
    const again = withdrawCredit(world.seller, { escrow: world.escrow, token: ETHER, to });
    await expectRefusal(again, RedeemError, /no credit.*last withdrawal was 0x/);
    await world.close();
  });
});
