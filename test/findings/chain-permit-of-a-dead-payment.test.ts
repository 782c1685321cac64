import { readFile } from "node:fs/promises";
import type { Address } from "@zkcmp/sale/order";
import { expect } from "chai";
import { ContractFactory, Interface } from "ethers";
import { fundPurchase } from "../../packages/chain/src/buyer/fund.ts";
import { EscrowContract } from "../../packages/chain/src/escrow-contract.ts";
import { offerAndProve, openWorld, PRICE, type World } from "../../packages/chain/test/fixture.ts";

const token = new Interface(["function mint(address to, uint256 amount)"]);

/**
 * The trap: a payment with an ERC-2612 permit is written down, the client dies before it is sent, and another transaction of
 * the buyer takes its nonce. The payment can never be mined, and the permit was in it alone. A client that takes a payment in
 * the journal for an allowance on chain would send plain payments for ever, each of which fails.
 */
describe("finding: the permit of a payment that can never be mined", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  async function permitToken(): Promise<Address> {
    const path = new URL("../../artifacts/contracts/test-doubles/PermitToken.sol/PermitToken.json", import.meta.url);
    const { abi, bytecode } = JSON.parse(await readFile(path, "utf8"));
    const signer = world.stranger.connect(world.connection.provider);
    const deployed = await new ContractFactory(abi, bytecode, signer).deploy();
    const address = (await deployed.getAddress()).toLowerCase() as Address;
    const data = token.encodeFunctionData("mint", [world.buyer.wallet.address, PRICE]);
    await (await signer.sendTransaction({ to: address, data })).wait();
    return address;
  }

  it("is signed anew", async () => {
    const { placed, dealId, bundle, report } = await offerAndProve(world, { token: await permitToken() });
    const pay = () => fundPurchase(world.buyer, placed.hash, { bundle, report }, { permit: true });
    world.node.before = (method) => {
      if (method === "eth_sendRawTransaction") throw new RangeError("killed");
    };
    expect(await pay().catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    world.node.before = () => {};
    const buyer = world.buyer.wallet.connect(world.connection.provider);
    await (await buyer.sendTransaction({ to: buyer.address, value: 1n })).wait();

    await pay();
    const { state } = await new EscrowContract(world.connection.provider, world.escrow).deal(dealId);
    expect(state).to.equal("funded");
  });
});
