import { readFile } from "node:fs/promises";
import type { Address } from "@zkcmp/sale/order";
import { expect } from "chai";
import { ContractFactory, Interface } from "ethers";
import { EscrowContract } from "../../packages/chain/src/escrow-contract.ts";
import { RedeemError, redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import { expectRefusal, fund, LIVE_CHAIN, openWorld, PRICE, type World } from "../../packages/chain/test/fixture.ts";

const token = new Interface([
  "function mint(address to, uint256 amount)",
  "function setBlocked(address account, bool blocked)",
  "function setMood(uint8 forTransfer, uint8 forTransferFrom)",
]);

/**
 * The attack: between funding and redemption the token stops paying. It is paused, it lists the escrow, or the escrow's
 * balance in it has shrunk, by the token itself or by other deals in it. A redemption never reverts for that, so that its
 * simulation finds nothing wrong, and the seller's tool opens the key for a credit that nobody can ever withdraw.
 * Refused because the tool first asks, without the key, whether the token would pay the seller.
 */
describe("finding: the key for a credit that cannot be paid", function () {
  this.timeout(60_000);
  let world: World;
  let sent: string[];
  beforeEach(async () => {
    world = await openWorld(LIVE_CHAIN);
    sent = [];
    world.node.before = (method, params) => void sent.push(method + JSON.stringify(params));
  });
  afterEach(() => world.close());

  async function call(to: Address, name: string, args: unknown[]): Promise<void> {
    const signer = world.stranger.connect(world.connection.provider);
    await (await signer.sendTransaction({ to, data: token.encodeFunctionData(name, args) })).wait();
  }

  async function deploy(name: string): Promise<Address> {
    const path = new URL(`../../artifacts/contracts/test-doubles/${name}.sol/${name}.json`, import.meta.url);
    const { abi, bytecode } = JSON.parse(await readFile(path, "utf8"));
    const signer = world.stranger.connect(world.connection.provider);
    const deployed = await new ContractFactory(abi, bytecode, signer).deploy();
    await deployed.waitForDeployment();
    const address = (await deployed.getAddress()).toLowerCase() as Address;
    await call(address, "mint", [world.buyer.wallet.address, PRICE]);
    return address;
  }

  async function expectSecretKept(hash: `0x${string}`, dealId: Awaited<ReturnType<typeof fund>>["dealId"]) {
    const { secrets, redeem } = await world.seller.journal.sale(hash);
    const digits = secrets.key.toString(16).padStart(64, "0");
    expect(sent.some((request) => request.includes(digits))).to.equal(false);
    expect(redeem).to.equal(undefined);
    const escrow = new EscrowContract(world.connection.provider, world.escrow);
    expect((await escrow.deal(dealId)).state).to.equal("funded");
  }

  it("is refused where the token has listed the escrow", async () => {
    const money = await deploy("BlockListToken");
    const { placed, dealId } = await fund(world, { token: money });
    await call(money, "setBlocked", [world.escrow, true]);
    await expectRefusal(redeemSale(world.seller, placed.hash), RedeemError, /refuses to pay/);
    await expectSecretKept(placed.hash, dealId);

    await call(money, "setBlocked", [world.escrow, false]);
    expect((await redeemSale(world.seller, placed.hash)).paid).to.equal("paid");
  });

  it("is done all the same for a seller who accepts the credit", async () => {
    const money = await deploy("BlockListToken");
    const { placed } = await fund(world, { token: money });
    await call(money, "setBlocked", [world.seller.wallet.address, true]);
    expect((await redeemSale(world.seller, placed.hash, { acceptCredit: true })).paid).to.equal("credited");
  });
});
