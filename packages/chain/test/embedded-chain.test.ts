import type { Address } from "@zkcmp/sale/order";
import { expect } from "chai";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkEscrowCode } from "../src/escrow-check.ts";
import { type EmbeddedChain, EmbeddedChainError, openEmbeddedChain } from "../src/embedded-chain.ts";
import { Journal } from "../src/journal.ts";
import { RpcError } from "../src/json-rpc.ts";
import { chainTime } from "../src/network-connection.ts";
import { sendTransaction } from "../src/transaction.ts";
import { developmentAccount } from "../src/development-account.ts";
import { expectRefusal, temporaryFolder } from "./fixture.ts";

const NOBODY: Address = `0x${"12".repeat(20)}`;

describe("the embedded chain", function () {
  this.timeout(60_000);
  let home: string;
  const open: EmbeddedChain[] = [];
  const openChain = async (): Promise<EmbeddedChain> => {
    const chain = await openEmbeddedChain(home);
    open.push(chain);
    return chain;
  };
  const pay = (chain: EmbeddedChain, account: number): ReturnType<typeof sendTransaction> =>
    sendTransaction(chain, developmentAccount(chain, account), { to: NOBODY, data: "0x", value: 5n });
  /** The timestamps of all blocks after the contracts'. */
  const timesOf = async ({ provider }: EmbeddedChain): Promise<unknown[]> => {
    const times = [];
    for (let number = await provider.getBlockNumber(); number > 4; number--) {
      times.push((await provider.getBlock(number))?.timestamp);
    }
    return times;
  };
  beforeEach(async () => {
    home = await temporaryFolder();
  });
  afterEach(async () => {
    for (const chain of open.splice(0)) await chain.close();
    await rm(home, { recursive: true });
  });

  it("has the escrow, funded accounts, and the time of the wall clock", async () => {
    const chain = await openChain();
    await checkEscrowCode(chain, chain.escrow, new Journal(home));
    const { address } = developmentAccount(chain, 0);
    expect(await chain.provider.getBalance(address)).to.equal(10_000n * 10n ** 18n);
    expect(await chainTime(chain)).to.be.closeTo(Date.now() / 1000, 5);
  });

  it("is the same again when it is opened again", async () => {
    const first = await openChain();
    const { hash } = await pay(first, 0);
    await first.advanceTime(100_000);
    const last = await pay(first, 1);
    const times = await timesOf(first);
    await first.close();

    const second = await openChain();
    expect(await second.provider.getBalance(NOBODY)).to.equal(10n);
    expect((await second.provider.getTransactionReceipt(hash))?.status).to.equal(1);
    expect((await second.provider.getTransactionReceipt(last.hash))?.blockNumber).to.equal(last.blockNumber);
    expect(await timesOf(second)).to.deep.equal(times);
    expect(await chainTime(second)).to.be.closeTo(Date.now() / 1000 + 100_000, 5);
  });

  it("keeps a failed transaction, too, which takes a nonce", async () => {
    const first = await openChain();
    const call = { to: first.escrow, data: "0x12345678", value: 0n, gasLimit: 100_000n } as const;
    const wallet = developmentAccount(first, 0);
    await sendTransaction(first, wallet, call).catch(() => undefined);
    await first.close();
    const second = await openChain();
    expect(await second.provider.getTransactionCount(wallet.address)).to.equal(1);
  });

  it("may be open in several processes at once", async () => {
    const [one, other] = [await openChain(), await openChain()];
    await pay(one, 0);
    expect(await other.provider.getBalance(NOBODY)).to.equal(5n);
    await other.advanceTime(500);
    await pay(other, 0);
    await Promise.all([pay(one, 0), pay(other, 1)]);
    expect(await one.provider.getBalance(NOBODY)).to.equal(20n);
    expect(await one.provider.getBlockNumber()).to.equal(await other.provider.getBlockNumber());
    expect(await chainTime(one)).to.be.closeTo(Date.now() / 1000 + 500, 5);
  });

  it("does not keep what was refused", async () => {
    const chain = await openChain();
    const { address } = developmentAccount(chain, 0);
    const raw = await developmentAccount(chain, 0).signTransaction({
      ...{ chainId: 31337, type: 2, to: NOBODY, nonce: 7, gasLimit: 21_000n, maxFeePerGas: 10n ** 10n },
    });
    await expectRefusal(chain.provider.send("eth_sendRawTransaction", [raw]), RpcError, /[Nn]once/);
    await pay(chain, 0);
    await chain.close();
    expect(await (await openChain()).provider.getTransactionCount(address)).to.equal(1);
  });

  it("changes by transactions and advanceTime only", async () => {
    const chain = await openChain();
    for (const method of ["evm_increaseTime", "hardhat_setBalance", "evm_mine", "anvil_mine"]) {
      await expectRefusal(chain.provider.send(method, []), RpcError, /by transactions and advanceTime only/);
    }
  });

  it("says that its file was made by another version, is damaged, or was taken away", async () => {
    const path = join(home, "embedded-chain.json");
    const chain = await openChain();
    await pay(chain, 0);
    const text = await readFile(path, "utf8");

    await writeFile(path, text.replace(chain.escrow, NOBODY));
    await expectRefusal(openEmbeddedChain(home), EmbeddedChainError, /another version/);
    await writeFile(path, text.slice(0, 100));
    await expectRefusal(openEmbeddedChain(home), EmbeddedChainError, /not an embedded chain of this version/);
    await writeFile(path, text.replace(/"raw": "0x02../, '"raw": "0x02ff'));
    const broken = await openChain();
    await expectRefusal(broken.provider.getBlockNumber(), EmbeddedChainError, /entry 0 of .* cannot be mined again/);
    await writeFile(path, JSON.stringify({ ...JSON.parse(text), entries: [] }));
    await expectRefusal(chain.provider.getBlockNumber(), EmbeddedChainError, /replaced while it was in use/);
  });
});
