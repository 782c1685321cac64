import type { Address } from "@zkcmp/sale/order";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { ContractFactory, Interface, ZeroAddress, ZeroHash } from "ethers";
import { generatedFiles } from "../../../scripts/generate-contract-code.ts";
import { BLOCK_SEED_ABI } from "../src/block-seed-abi.ts";
import { BLOCK_SEED_ADDRESS, blockSeedCalls, deployBlockSeed, drawnSeed, seedBlock } from "../src/block-seed.ts";
import { sendTransaction } from "../src/transaction.ts";
import { accountAt, openWorld, type World } from "./fixture.ts";

async function artifact(path: string): Promise<{ abi: string[]; bytecode: string }> {
  return JSON.parse(await readFile(new URL(`../../../artifacts/contracts/${path}`, import.meta.url), "utf8"));
}

describe("block seeds", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  it("have the compiled contract's ABI and code: else run scripts/generate-contract-code.ts", async () => {
    const { abi } = await artifact("BlockSeed.sol/BlockSeed.json");
    expect(new Interface(BLOCK_SEED_ABI).format()).to.deep.equal(new Interface(abi).format());
    const file = "packages/chain/src/block-seed-code.ts";
    const text = await readFile(new URL("../src/block-seed-code.ts", import.meta.url), "utf8");
    expect(text).to.equal((await generatedFiles())[file]);
  });

  it("are armed, drawn and read at the deterministic address", async () => {
    const { connection, node } = world;
    const { provider } = connection;
    const wallet = accountAt(5);
    expect(await deployBlockSeed(connection, wallet)).to.equal(BLOCK_SEED_ADDRESS);
    expect(await deployBlockSeed(connection, wallet)).to.equal(BLOCK_SEED_ADDRESS);

    const { abi, bytecode } = await artifact("test-doubles/MoodyRewards.sol/MoodyRewards.json");
    const deployed = await new ContractFactory(abi, bytecode, wallet.connect(provider)).deploy();
    await deployed.waitForDeployment();
    const rewards = (await deployed.getAddress()).toLowerCase() as Address;
    const round = [ZeroAddress, 0, 1, 13, 0, ZeroAddress, 0, 0, 0, 0, 0, 0, 0, 0, ZeroHash];
    const data = new Interface(abi).encodeFunctionData("setRound", [7n, round]) as `0x${string}`;
    await sendTransaction(connection, wallet, { to: rewards, data, value: 0n });

    const send = async (name: keyof typeof blockSeedCalls) =>
      sendTransaction(connection, wallet, {
        to: BLOCK_SEED_ADDRESS,
        data: blockSeedCalls[name](rewards, 7n),
        value: 0n,
      });
    expect(await seedBlock(provider, rewards, 7n)).to.equal(null);
    await send("arm");
    const block = await seedBlock(provider, rewards, 7n);
    expect(block).to.equal(BigInt(await node.blockNumber()) + 96n);
    expect(await drawnSeed(provider, rewards, 7n)).to.equal(null);
    await node.local.transport("hardhat_mine", ["0x60"]);
    await send("draw");
    const seed = await drawnSeed(provider, rewards, 7n);
    expect(seed).to.match(/^0x[0-9a-f]{64}$/);
    expect(await drawnSeed(provider, rewards, 8n)).to.equal(null);
  });
});
