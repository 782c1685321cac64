import type { Address } from "@zkcmp/sale/order";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { ContractFactory, Interface } from "ethers";
import { fundPurchase } from "../../src/buyer/fund.ts";
import { TokenError } from "../../src/token.ts";
import { EscrowRevertError } from "../../src/escrow-contract.ts";
import { expectRefusal, newHomes, offerAndProve, openWorld, PRICE, type World } from "../fixture.ts";

const token = new Interface([
  "function mint(address to, uint256 amount)",
  "function balanceOf(address owner) view returns (uint256)",
]);

describe("payments in tokens", function () {
  this.timeout(60_000);
  let chain: World;
  let world: World;
  before(async () => {
    chain = await openWorld();
  });
  beforeEach(async () => {
    world = await newHomes(chain);
  });
  afterEach(() => world.close());
  after(() => chain.close());

  async function deploy(name: string, minted: bigint): Promise<Address> {
    const path = new URL(`../../../../artifacts/contracts/test-doubles/${name}.sol/${name}.json`, import.meta.url);
    const { abi, bytecode } = JSON.parse(await readFile(path, "utf8"));
    const signer = world.stranger.connect(world.connection.provider);
    const deployed = await new ContractFactory(abi, bytecode, signer).deploy();
    await deployed.waitForDeployment();
    const address = (await deployed.getAddress()).toLowerCase() as Address;
    const data = token.encodeFunctionData("mint", [world.buyer.wallet.address, minted]);
    if (minted > 0n) await (await signer.sendTransaction({ to: address, data })).wait();
    return address;
  }

  for (const when of ["before", "after"] as const) {
    it(`are approved once and made once, whichever of the two a crash comes ${when}`, async () => {
      const money = await deploy("PermitToken", 5n * PRICE);
      const { placed, bundle, report } = await offerAndProve(world, { token: money });
      const { provider } = world.connection;
      const { address } = world.buyer.wallet;
      const nonce = await provider.getTransactionCount(address);
      for (const kills of [1, 2]) {
        let sent = 0;
        world.node[when] = (method) => {
          if (method === "eth_sendRawTransaction" && ++sent === kills) throw new RangeError("killed");
        };
        await fundPurchase(world.buyer, placed.hash, { bundle, report }).catch(() => undefined);
      }
      world.node[when] = () => {};
      await fundPurchase(world.buyer, placed.hash, { bundle, report });
      expect(await provider.getTransactionCount(address)).to.equal(nonce + 2);
      const data = token.encodeFunctionData("balanceOf", [world.escrow]);
      expect(BigInt(await provider.call({ to: money, data }))).to.equal(PRICE);
    });
  }

  it("are refused where the buyer has too little", async () => {
    const money = await deploy("PermitToken", PRICE - 1n);
    const { placed, bundle, report } = await offerAndProve(world, { token: money });
    const work = fundPurchase(world.buyer, placed.hash, { bundle, report });
    await expectRefusal(work, TokenError, /the price is 1000000000000000000.*Send at least 1 units/);
  });

  it("are refused for a token that takes a fee", async () => {
    const money = await deploy("FeeToken", 5n * PRICE);
    const { placed, bundle, report } = await offerAndProve(world, { token: money });
    const work = fundPurchase(world.buyer, placed.hash, { bundle, report });
    await expectRefusal(work, EscrowRevertError, /UnsupportedToken.*another token/);
  });

  it("are refused by permit where the token has none", async () => {
    const money = await deploy("BlockListToken", 5n * PRICE);
    const { placed, bundle, report } = await offerAndProve(world, { token: money });
    const work = fundPurchase(world.buyer, placed.hash, { bundle, report }, { permit: true });
    await expectRefusal(work, TokenError, /no ERC-2612 permit.*without --permit/);
    await fundPurchase(world.buyer, placed.hash, { bundle, report });
  });

  it("are refused for a contract that is no token", async () => {
    const { placed, bundle, report } = await offerAndProve(world, { token: world.escrow });
    const work = fundPurchase(world.buyer, placed.hash, { bundle, report });
    await expectRefusal(work, TokenError, /does not answer balanceOf/);
  });
});
