import { toFieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import { OrderError } from "@zkcmp/sale/order";
import { rootTypedData, SamplingError } from "@zkcmp/sale/sampling";
import { expect } from "chai";
import { id } from "ethers";
import { RpcError } from "../src/json-rpc.ts";
import { checkOrderOnChain, checkRootOnChain, isSignedBy } from "../src/signature.ts";
import { walletAddress } from "../src/account.ts";
import { expectRefusal, openWorld, order, type PlacedOrder, type World } from "./fixture.ts";

/** Code that answers every call with the magic value of ERC-1271. */
const YES: Hex = "0x631626ba7e60e01b5f5260205ff3";
/** The same with another value. */
const NO: Hex = "0x63ffffffff60e01b5f5260205ff3";
const REVERT: Hex = "0x5f5ffd";

const CONTRACT: Hex = `0x${"c0".repeat(20)}`;
const DIGEST = id("digest") as Hex;

describe("signatures", function () {
  this.timeout(60_000);
  let world: World;
  let placed: PlacedOrder;
  const setCode = (code: Hex): Promise<unknown> => world.node.local.transport("hardhat_setCode", [CONTRACT, code]);
  before(async () => {
    world = await openWorld();
    placed = await order(world);
  });
  after(() => world.close());

  it("of plain accounts are recovered", async () => {
    const signature = world.stranger.signingKey.sign(DIGEST).serialized as Hex;
    expect(await isSignedBy(world.connection, walletAddress(world.stranger), DIGEST, signature)).to.equal(true);
    expect(await isSignedBy(world.connection, placed.order.buyer, DIGEST, signature)).to.equal(false);
    expect(await isSignedBy(world.connection, placed.order.buyer, DIGEST, "0x1234")).to.equal(false);
  });

  it("of contracts are asked for on chain, and only the magic value counts", async () => {
    await setCode(YES);
    expect(await isSignedBy(world.connection, CONTRACT, DIGEST, "0x1234")).to.equal(true);
    for (const code of [NO, REVERT]) {
      await setCode(code);
      expect(await isSignedBy(world.connection, CONTRACT, DIGEST, "0x1234")).to.equal(false);
    }
  });

  it("are no answer where the node is down", async () => {
    await setCode(YES);
    world.node.before = (method) => {
      if (method === "eth_getCode") throw new RpcError(method, { code: -32000, message: "down" });
    };
    await expectRefusal(isSignedBy(world.connection, CONTRACT, DIGEST, "0x12"), RpcError, /down/);
    world.node.before = () => {};
  });

  it("of an order are the buyer's", async () => {
    await checkOrderOnChain(world.connection, placed.signedOrder);
    const { order, signature } = placed.signedOrder;
    const altered = checkOrderOnChain(world.connection, { order: { ...order, price: 1n }, signature });
    await expectRefusal(altered, OrderError, /not that of its buyer/);
  });

  it("of a root are the seller's, for this deal", async () => {
    const seller = walletAddress(world.seller.wallet);
    const dealId = toFieldElement(5n);
    const root: Hex = `0x${"ab".repeat(32)}`;
    const { domain, types, message } = rootTypedData(placed.order, dealId, root);
    const signature = (await world.seller.wallet.signTypedData(domain, types, message)) as Hex;
    await checkRootOnChain(world.connection, placed.order, dealId, seller, { root, signature });
    for (const other of [toFieldElement(6n)]) {
      const work = checkRootOnChain(world.connection, placed.order, other, seller, { root, signature });
      await expectRefusal(work, SamplingError, /not signed by the deal's seller/);
    }
    const byOther = checkRootOnChain(world.connection, placed.order, dealId, placed.order.buyer, { root, signature });
    await expectRefusal(byOther, SamplingError, /not signed/);
  });
});
