import { readFile } from "node:fs/promises";
import type { Address } from "@zkcmp/sale/order";
import { expect } from "chai";
import { ContractFactory, Interface } from "ethers";
import { fundCost } from "../../src/buyer/fund-cost.ts";
import { fundPurchase } from "../../src/buyer/fund.ts";
import { newHomes, offerAndProve, openWorld, PRICE, type World } from "../fixture.ts";

describe("cost of funding", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  it("is an upper bound of what the payment then takes for gas, and close to it", async () => {
    const { placed, dealId, bundle, report } = await offerAndProve(world);
    const { connection } = world.buyer;
    const cost = await fundCost(connection, placed.order, dealId);
    expect(cost).to.include({ needsApproval: false, balance: cost.ether });
    expect(cost.ether).to.equal(await connection.provider.getBalance(placed.order.buyer));
    const { transaction } = await fundPurchase(world.buyer, placed.hash, { bundle, report });
    expect(cost.fee! >= transaction.fee).to.equal(true);
    expect(cost.fee! < 10n * transaction.fee).to.equal(true);
    expect((await fundCost(connection, placed.order, dealId)).fee, "it is paid").to.equal(null);
  });

  it("says what is in a token's account, and that an approval comes first", async () => {
    const home = await newHomes(world);
    const money = await deployToken(home, 5n * PRICE);
    const { placed, dealId, bundle, report } = await offerAndProve(home, { token: money });
    const { provider } = home.connection;
    const cost = await fundCost(home.connection, placed.order, dealId);
    expect(cost).to.deep.equal({
      fee: null,
      needsApproval: true,
      ether: await provider.getBalance(placed.order.buyer),
      balance: 5n * PRICE,
    });
    await fundPurchase(home.buyer, placed.hash, { bundle, report });
    expect((await fundCost(home.connection, placed.order, dealId)).balance).to.equal(4n * PRICE);
    await home.close();
  });
});

async function deployToken(world: World, minted: bigint): Promise<Address> {
  const path = new URL(
    "../../../../artifacts/contracts/test-doubles/PermitToken.sol/PermitToken.json",
    import.meta.url,
  );
  const { abi, bytecode } = JSON.parse(await readFile(path, "utf8"));
  const signer = world.stranger.connect(world.connection.provider);
  const deployed = await new ContractFactory(abi, bytecode, signer).deploy();
  await deployed.waitForDeployment();
  const to = (await deployed.getAddress()).toLowerCase() as Address;
  const mint = new Interface(["function mint(address to, uint256 amount)"]);
  const data = mint.encodeFunctionData("mint", [world.buyer.wallet.address, minted]);
  await (await signer.sendTransaction({ to, data })).wait();
  return to;
}
