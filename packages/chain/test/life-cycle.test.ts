import { networkToJson } from "@zkcmp/network/network";
import type { Address } from "@zkcmp/sale/order";
import { unsealNetwork } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { ContractFactory, Interface } from "ethers";
import { readFile } from "node:fs/promises";
import { checkOffer, fundPurchase } from "../src/buyer/fund.ts";
import { awaitKey, refundPurchase } from "../src/buyer/settle.ts";
import { EscrowContract, escrowCalls } from "../src/escrow-contract.ts";
import { redeemSale, withdrawCredit } from "../src/seller/redeem.ts";
import { DAY, fund, offerAndProve, openWorld, type PlacedOrder, PRICE, verify, type World } from "./fixture.ts";

/** Puts a contract of the test doubles on chain. @returns its address */
async function deploy(world: World, name: string): Promise<Address> {
  const path = new URL(`../../../artifacts/contracts/test-doubles/${name}.sol/${name}.json`, import.meta.url);
  const { abi, bytecode } = JSON.parse(await readFile(path, "utf8"));
  const deployed = await new ContractFactory(abi, bytecode, world.stranger.connect(world.connection.provider)).deploy();
  await deployed.waitForDeployment();
  return (await deployed.getAddress()).toLowerCase() as Address;
}

const token = new Interface([
  "function mint(address to, uint256 amount)",
  "function balanceOf(address) view returns (uint256)",
  "function approve(address spender, uint256 value)",
  "function allowance(address, address) view returns (uint256)",
  "function setBlocked(address account, bool blocked)",
  "function setMood(uint8 forTransfer, uint8 forTransferFrom)",
]);

async function call(world: World, to: Address, name: string, args: unknown[]): Promise<void> {
  const signer = world.stranger.connect(world.connection.provider);
  const sent = await signer.sendTransaction({ to, data: token.encodeFunctionData(name, args) });
  await sent.wait();
}

async function view(world: World, to: Address, name: string, args: unknown[]): Promise<bigint> {
  const data = token.encodeFunctionData(name, args);
  return token.decodeFunctionResult(name, await world.connection.provider.call({ to, data }))[0] as bigint;
}

describe("the life of a deal", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const balanceOf = (account: { wallet: { address: string } }): Promise<bigint> =>
    world.connection.provider.getBalance(account.wallet.address);

  for (const sampledRows of [0, 6]) {
    it(`pays the seller and opens the network to the buyer, ${sampledRows || "all"} rows proven`, async () => {
      const { placed, bundle } = await fund(world, { sampledRows });
      const before = await balanceOf(world.seller);
      const { transaction, paid } = await redeemSale(world.seller, placed.hash);
      expect(paid).to.equal("paid");
      expect(await balanceOf(world.seller)).to.equal(before + PRICE - transaction.fee);

      const opened = await awaitKey(world.buyer, placed.hash, { timeout: 0 });
      expect(opened.bundle).to.deep.equal(bundle);
      const { core, ciphertext } = opened.bundle;
      const { privateKey } = world.keys;
      const network = unsealNetwork(core, placed.order, ciphertext, privateKey, opened.key, opened.opening);
      expect(networkToJson(network)).to.deep.equal(networkToJson(world.network));
    });
  }

  it("pays the price back from refundableFrom on, exactly", async () => {
    const { placed } = await fund(world);
    await world.node.advanceTime(DAY);
    const before = await balanceOf(world.buyer);
    const { transaction, paid } = await refundPurchase(world.buyer, placed.hash);
    expect(paid).to.equal("paid");
    expect(await balanceOf(world.buyer)).to.equal(before + PRICE - transaction.fee);
    expect(await balanceOf({ wallet: { address: world.escrow } })).to.equal(0n);
  });

  it("sells for tokens, approved for exactly the price, also over an allowance that is too small", async () => {
    const money = await deploy(world, "PermitToken");
    const { wallet } = world.buyer;
    await call(world, money, "mint", [wallet.address, 5n * PRICE]);
    const approve = token.encodeFunctionData("approve", [world.escrow, 1n]);
    await (await wallet.connect(world.connection.provider).sendTransaction({ to: money, data: approve })).wait();

    const { placed } = await fund(world, { token: money });
    expect(await view(world, money, "allowance", [wallet.address, world.escrow])).to.equal(0n);
    expect(await view(world, money, "balanceOf", [wallet.address])).to.equal(4n * PRICE);
    await redeemSale(world.seller, placed.hash);
    expect(await view(world, money, "balanceOf", [world.seller.wallet.address])).to.equal(PRICE);
  });

  it("sells for tokens with a permit, in one transaction", async () => {
    const money = await deploy(world, "PermitToken");
    await call(world, money, "mint", [world.buyer.wallet.address, PRICE]);
    const { placed, bundle, report } = await offerAndProve(world, { token: money });
    const nonce = await world.connection.provider.getTransactionCount(world.buyer.wallet.address);
    await fundPurchase(world.buyer, placed.hash, { bundle, report }, { permit: true });
    expect(await world.connection.provider.getTransactionCount(world.buyer.wallet.address)).to.equal(nonce + 1);
    expect(await view(world, money, "balanceOf", [world.escrow])).to.equal(PRICE);
  });

  it("credits a seller whom the token refuses, who then withdraws to another account", async () => {
    const money = await deploy(world, "BlockListToken");
    await call(world, money, "mint", [world.buyer.wallet.address, PRICE]);
    const { placed } = await fund(world, { token: money });
    await call(world, money, "setBlocked", [world.seller.wallet.address, true]);
    const { paid } = await redeemSale(world.seller, placed.hash, { acceptCredit: true });
    expect(paid).to.equal("credited");
    const to = world.stranger.address.toLowerCase() as Address;
    const { amount } = await withdrawCredit(world.seller, { escrow: world.escrow, token: money, to });
    expect(amount).to.equal(PRICE);
    expect(await view(world, money, "balanceOf", [to])).to.equal(PRICE);
  });

  it("has gas enough for a payment that spends all it is given", async () => {
    const money = await deploy(world, "MoodyToken");
    await call(world, money, "mint", [world.buyer.wallet.address, PRICE]);
    const placed = await fundMoody(world, money);
    await call(world, money, "setMood", [7, 0]); // Burn on transfer
    const { paid } = await redeemSale(world.seller, placed.hash, { acceptCredit: true });
    expect(paid).to.equal("credited");
    const { provider } = world.connection;
    const seller = world.seller.wallet.address.toLowerCase() as Address;
    expect(await new EscrowContract(provider, world.escrow).credit(seller, money)).to.equal(PRICE);
  });

  it("lets who has paid check the bundle against the chain once more", async () => {
    const { placed, bundle } = await fund(world);
    const { buyer } = world;
    expect((await checkOffer(buyer.connection, buyer.journal, bundle)).dealId).to.equal(bundle.dealId);
    await redeemSale(world.seller, placed.hash);
    expect((await checkOffer(buyer.connection, buyer.journal, bundle)).dealId).to.equal(bundle.dealId);
    expect((await verify(world, placed, bundle)).unchecked).to.deep.equal([]);
  });

  it("keeps nothing in the escrow after a redemption", async () => {
    const { placed } = await fund(world);
    await redeemSale(world.seller, placed.hash);
    expect(await world.connection.provider.getBalance(world.escrow)).to.equal(0n);
  });
});

/** The moody token knows no allowances, so the buyer pays without the client's approval. */
async function fundMoody(world: World, money: Address): Promise<PlacedOrder> {
  const { placed, dealId } = await offerAndProve(world, { token: money });
  const signer = world.buyer.wallet.connect(world.connection.provider);
  await (await signer.sendTransaction({ to: world.escrow, data: escrowCalls.fund(dealId) })).wait();
  return placed;
}
