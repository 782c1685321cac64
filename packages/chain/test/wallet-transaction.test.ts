import { toFieldElement } from "@zkcmp/field/element";
import type { Address } from "@zkcmp/sale/order";
import { expect } from "chai";
import { Wallet } from "ethers";
import { walletAddress, WalletError } from "../src/account.ts";
import { PendingRequestError, RejectedSignatureError, WalletChainError, WrongAccountError } from "../src/eip1193.ts";
import { EscrowRevertError, escrowCalls } from "../src/escrow-contract.ts";
import { NodeError, NodeProvider, type Transport } from "../src/json-rpc.ts";
import { type Connection, WaitingError } from "../src/network-connection.ts";
import {
  type Call,
  minedTransaction,
  OutOfFundsError,
  type Sending,
  sendTransaction,
  SwappedCallError,
  TransactionError,
  type TransactionRecord,
  transactionSchema,
  transactionToJson,
  UnansweredError,
} from "../src/transaction.ts";
import { accountAt, expectRefusal, LIVE_CHAIN, openWorld, type World } from "./fixture.ts";
import { ScriptedWallet } from "./scripted-wallet.ts";

const NOBODY: Address = `0x${"12".repeat(20)}`;
const GIFT: Call = { to: NOBODY, data: "0x", value: 5n };

describe("sendTransaction with a wallet", function () {
  this.timeout(60_000);
  const keys = [new Wallet(`0x${"31".repeat(32)}`), new Wallet(`0x${"32".repeat(32)}`)];
  const owner = walletAddress(keys[0]!);
  let world: World;
  let snapshot: unknown;
  let wallet: ScriptedWallet;
  before(async () => {
    world = await openWorld(LIVE_CHAIN);
    await world.node.local.transport("hardhat_setBalance", [owner, "0x56bc75e2d63100000"]);
  });
  beforeEach(async () => {
    snapshot = await world.node.local.transport("evm_snapshot", []);
    wallet = new ScriptedWallet(world.node.local.transport, LIVE_CHAIN, keys);
  });
  afterEach(async () => {
    world.node.before = () => {};
    world.node.finalized = null;
    await world.node.local.transport("evm_setAutomine", [true]);
    await world.node.local.transport("evm_revert", [snapshot]);
  });
  after(() => world.close());

  /** Sends through the wallet, and remembers what was written down last, as a file would. */
  function sender(connection = world.connection, call = GIFT) {
    let record: TransactionRecord | undefined;
    let writes = 0;
    return {
      record: () => record,
      writes: () => writes,
      send: (
        sending: Partial<Sending> = {},
        account = wallet.account() as Parameters<typeof sendTransaction>[1],
        node = connection,
      ) =>
        sendTransaction(node, account, call, {
          what: "the gift",
          timeout: 0,
          record,
          write: async (next) => {
            writes += 1;
            record = next && transactionSchema.parse(JSON.parse(JSON.stringify(transactionToJson(next))));
          },
          ...sending,
        }),
    };
  }

  const received = (): Promise<bigint> => world.connection.provider.getBalance(NOBODY);
  const mine = (): Promise<unknown> => world.node.local.transport("evm_mine", []);
  const holdBack = (): Promise<unknown> => world.node.local.transport("evm_setAutomine", [false]);
  const asks = (): number => wallet.asked.length;

  /** The tab is closed while the wallet is still asking. */
  const closingTab = (): Partial<Sending> => ({ signal: AbortSignal.timeout(20) });

  it("writes down that it asks before it asks, and the hash when it is told", async () => {
    const gift = sender();
    wallet.before = (method) => {
      if (method === "eth_sendTransaction") expect(gift.record()?.asked).to.have.lengthOf(1);
    };
    const mined = await gift.send();
    expect(gift.record()?.attempts[0]?.hash).to.equal(mined.hash);
    expect(await minedTransaction(world.connection, gift.record())).to.deep.equal(mined);
    expect(await gift.send()).to.deep.equal(mined);
    expect(asks()).to.equal(1);
    expect(await received()).to.equal(5n);
  });

  it("does not ask where that cannot be written down", async () => {
    const work = sender().send({ write: () => Promise.reject(new RangeError("disk full")) });
    expect(await work.catch((error: Error) => error.message)).to.equal("disk full");
    expect(asks()).to.equal(0);
  });

  it("finds what was sent while the wallet's answer is lost", async () => {
    for (const reaction of ["lose", "fail-after-sending", "misname"] as const) {
      wallet.reaction = reaction;
      const before = await received();
      const gift = sender();
      const mined = await gift.send();
      expect(await minedTransaction(world.connection, gift.record())).to.deep.equal(mined);
      expect((await received()) - before).to.equal(5n);
    }
    expect(asks()).to.equal(3);
  });

  for (const reaction of ["lose", "fail-after-sending"] as const) {
    it(`asks once only where the tab was closed before the answer and it was mined later (${reaction})`, async () => {
      await holdBack();
      wallet.reaction = reaction;
      const gift = sender();
      await expectRefusal(gift.send(closingTab()), UnansweredError, /begin the step again/);
      wallet.reaction = "send";
      await expectRefusal(gift.send(), UnansweredError, /was asked for the gift at block \d+/);
      expect(await minedTransaction(world.connection, gift.record())).to.equal(null);
      await mine();
      const mined = await gift.send();
      expect(await minedTransaction(world.connection, gift.record())).to.deep.equal(mined);
      expect(asks()).to.equal(1);
      expect(await received()).to.equal(5n);
    });
  }

  it("asks again what was never answered only when it is told to, and goes on looking for both", async () => {
    wallet.reaction = "ignore";
    const gift = sender();
    await expectRefusal(gift.send(closingTab()), UnansweredError, /Look into the wallet/);
    wallet.reaction = "send";
    await expectRefusal(
      gift.send(),
      UnansweredError,
      /would refuse the second, which costs its gas, but a payment into a round/,
    );
    expect(asks()).to.equal(1);
    await gift.send({ askAgain: true });
    expect(gift.record()?.asked).to.have.lengthOf(2);
    expect(await received()).to.equal(5n);
  });

  it("does not ask again, even when told to, what waits in plain sight", async () => {
    await holdBack();
    const gift = sender();
    await expectRefusal(gift.send(), WaitingError, /the gift \(0x.*to be mined/);
    await expectRefusal(gift.send({ askAgain: true }), WaitingError, /to be mined/);
    await mine();
    await gift.send({ askAgain: true });
    expect(asks()).to.equal(1);
    expect(await received()).to.equal(5n);
  });

  it("finds what the wallet sped up under another hash", async () => {
    await holdBack();
    const gift = sender();
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    const told = gift.record()?.attempts[0]?.hash;
    const faster = await wallet.replace({});
    await mine();
    expect((await gift.send()).hash)
      .to.equal(faster)
      .and.not.to.equal(told);
    expect((await minedTransaction(world.connection, gift.record()))?.hash).to.equal(faster);
    expect(asks()).to.equal(1);
    expect(await received()).to.equal(5n);
  });

  it("does not take what a node without old states shows for a proof that nothing was sent", async () => {
    // One answers for every block what holds for the newest, the other has no block under its number.
    const forgetful: Transport = async (method, params) =>
      world.node.transport(method, method === "eth_getTransactionCount" ? [params[0], "latest"] : params);
    const blockless: Transport = async (method, params) =>
      method === "eth_getBlockByNumber" && params[1] === true ? null : world.node.transport(method, params);
    for (const transport of [forgetful, blockless]) {
      const provider = new NodeProvider(transport, LIVE_CHAIN);
      const before = await received();
      await holdBack();
      const gift = sender({ ...world.connection, provider, relay: provider });
      await expectRefusal(gift.send(), WaitingError, /to be mined/);
      const faster = await wallet.replace({});
      await mine();
      await world.node.local.transport("evm_setAutomine", [true]);
      await expectRefusal(gift.send(), NodeError, /the node/);
      expect((await received()) - before).to.equal(5n);
      expect((await gift.send({}, wallet.account(), world.connection)).hash).to.equal(faster);
      provider.destroy();
    }
    expect(asks()).to.equal(2);
  });

  it("asks anew for what was cancelled in the wallet once that is final", async () => {
    await holdBack();
    const gift = sender();
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    await wallet.replace({ to: owner, data: "0x", value: 0n });
    world.node.finalized = await world.node.blockNumber();
    await mine();
    await world.node.local.transport("evm_setAutomine", [true]);
    await expectRefusal(gift.send(), TransactionError, /cancelled in the wallet.*Wait until the other one is final/);
    expect(asks()).to.equal(1);
    world.node.finalized = null;
    await gift.send();
    expect(asks()).to.equal(2);
    expect(await received()).to.equal(5n);
  });

  it("leaves gas, fees and nonce to the user", async () => {
    await holdBack();
    const nonce = await world.connection.provider.getTransactionCount(owner);
    wallet.edits = { nonce: nonce + 1, gasLimit: 123_456n, maxPriorityFeePerGas: 2n };
    const gift = sender();
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    wallet.edits = { nonce };
    await expectRefusal(sender(world.connection, { ...GIFT, value: 1n }).send(), WaitingError, /to be mined/);
    await mine();
    await gift.send();
    expect(asks()).to.equal(2);
    expect(await received()).to.equal(6n);
  });

  it("writes nothing down where the wallet cannot be brought to chain and account", async () => {
    const gift = sender();
    wallet.chainId = 1;
    wallet.reaction = "reject";
    await expectRefusal(gift.send(), WalletChainError, /is on chain 1, the step needs chain 11155111/);
    wallet.reaction = "send";
    wallet.selected = 1;
    await expectRefusal(gift.send(), WrongAccountError, /is at the account/);
    expect([gift.writes(), asks()]).to.deep.equal([0, 0]);
    wallet.selected = 0;
    await gift.send();
    expect(wallet.chainId).to.equal(LIVE_CHAIN);
  });

  it("forgets that it asked where chain or account changed at the last moment", async () => {
    const gift = sender();
    const work = gift.send({
      lockAccount: async (work) => {
        const done = await work();
        wallet.chainId = 1;
        return done;
      },
    });
    await expectRefusal(work, WalletChainError, /is on chain 1/);
    expect(gift.record()).to.equal(undefined);
    expect([gift.writes(), asks()]).to.deep.equal([2, 0]);
  });

  it("begins anew after a no, and after an earlier question that still stands", async () => {
    const gift = sender();
    wallet.reaction = "reject";
    await expectRefusal(gift.send(), RejectedSignatureError, /was told not to send/);
    expect(gift.record()).to.equal(undefined);
    wallet.reaction = "busy";
    await expectRefusal(gift.send(), PendingRequestError, /earlier question/);
    expect(gift.record()).to.equal(undefined);
    wallet.reaction = "send";
    await gift.send();
    expect(await received()).to.equal(5n);
  });

  it("remembers the first request when the second is refused", async () => {
    wallet.reaction = "ignore";
    const gift = sender();
    await expectRefusal(gift.send(closingTab()), UnansweredError, /no answer/);
    const first = gift.record();
    wallet.reaction = "reject";
    await expectRefusal(gift.send({ askAgain: true }), RejectedSignatureError, /told not/);
    expect(gift.record()).to.deep.equal(first);
    await expectRefusal(gift.send(), UnansweredError, /no answer/);
  });

  it("refuses what is not the call that was asked for, however often it is looked at", async () => {
    wallet.reaction = "swap";
    const gift = sender();
    await expectRefusal(gift.send(), SwappedCallError, /something else: it goes to 0x.* not to 0x1212/);
    wallet.reaction = "send";
    await expectRefusal(gift.send(), SwappedCallError, /something else/);
    expect(await minedTransaction(world.connection, gift.record())).to.equal(null);
    expect(asks()).to.equal(1);
    await gift.send({ askAgain: true });
    expect(await received()).to.equal(5n);
  });

  it("names what differs: payer, amount, data", async () => {
    for (const [edits, words] of [
      [{ value: 4n }, /it pays 4 wei, not 5/],
      [{ data: "0x99" }, /with other data/],
    ] as const) {
      wallet.edits = edits;
      await expectRefusal(sender().send(), SwappedCallError, words);
    }
    const foreign = await sendTransaction(world.connection, world.stranger, { ...GIFT, value: 5n });
    const account = {
      ...wallet.account(),
      prepare: async () => {},
      codeAt: async () => null,
      sendTransaction: async () => foreign.hash,
    };
    const lying = { ...account, address: owner, signTypedData: () => Promise.reject(new Error()) };
    await expectRefusal(sender().send({}, lying), SwappedCallError, /it is sent by 0x90f7.*, not by/);
  });

  it("waits for a hash that no node knows, and asks again only when told to", async () => {
    wallet.reaction = "lie";
    const gift = sender();
    await expectRefusal(gift.send(), WaitingError, /the gift \(0xabab.*to be mined/);
    wallet.reaction = "send";
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    expect(asks()).to.equal(1);
    await gift.send({ askAgain: true });
    expect(await received()).to.equal(5n);
  });

  it("waits for a node that is behind the wallet's", async () => {
    const pinned = `0x${(await world.node.blockNumber()).toString(16)}`;
    let isBehind = true;
    const behind: Transport = async (method, params) => {
      if (!isBehind) return world.node.transport(method, params);
      if (method === "eth_blockNumber") return pinned;
      if (method === "eth_getTransactionByHash" || method === "eth_getTransactionReceipt") return null;
      return world.node.transport(
        method,
        params.map((each) => (each === "latest" || each === "pending" ? pinned : each)),
      );
    };
    const provider = new NodeProvider(behind, LIVE_CHAIN);
    const connection: Connection = { ...world.connection, provider, relay: provider };
    const gift = sender(connection);
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    isBehind = false;
    await gift.send();
    expect(asks()).to.equal(1);
    expect(await received()).to.equal(5n);
    provider.destroy();
  });

  it("says why it was mined and failed, and asks anew the next time", async () => {
    const data = escrowCalls.cancel(toFieldElement(7n));
    const cancel = sender(world.connection, { to: world.escrow, data, value: 0n, gasLimit: 100_000n });
    for (const reaction of ["send", "lose"] as const) {
      wallet.reaction = reaction;
      await expectRefusal(cancel.send(), TransactionError, /mined and failed.*WrongState\(dealId 7/);
    }
    expect(asks()).to.equal(2);
  });

  it("tells what would fail, and what the account lacks, before the wallet opens", async () => {
    const data = escrowCalls.cancel(toFieldElement(7n));
    const cancel = sender(world.connection, { to: world.escrow, data, value: 0n });
    await expectRefusal(cancel.send(), EscrowRevertError, /WrongState/);
    const rich = sender(world.connection, { ...GIFT, value: 10n ** 24n });
    await expectRefusal(rich.send(), OutOfFundsError, /wei/);
    expect([cancel.writes(), rich.writes(), asks()]).to.deep.equal([0, 0, 0]);
  });

  it("leaves a higher fee to the wallet, and cannot use a relay", async () => {
    await holdBack();
    const gift = sender();
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    await expectRefusal(gift.send({ raiseFee: true }), TransactionError, /which alone can pay more.*speed it up/);
    const through = new NodeProvider(world.node.transport, LIVE_CHAIN);
    await expectRefusal(sender().send({ through }), TransactionError, /cannot go through a relay/);
    through.destroy();
    expect(asks()).to.equal(1);
  });

  it("sends for plain accounts, also where they act through a contract, and for no contract", async () => {
    await world.node.local.transport("hardhat_setCode", [owner, "0x6000"]);
    await expectRefusal(sender().send(), TransactionError, /is a contract/);
    expect(asks()).to.equal(0);
    await world.node.local.transport("hardhat_setCode", [owner, `0xef0100${"12".repeat(20)}`]);
    await sender().send();
    expect(await received()).to.equal(5n);
  });

  it("goes on with what a keystore has signed, and a keystore with what a wallet was asked for", async () => {
    const signed = sender();
    world.node.before = (method) => {
      if (method === "eth_sendRawTransaction") throw new RangeError("killed");
    };
    await signed.send({}, keys[0]!).catch(() => undefined);
    world.node.before = () => {};
    await signed.send();
    expect([asks(), await received()]).to.deep.equal([0, 5n]);

    await holdBack();
    wallet.reaction = "lose";
    const asked = sender();
    await expectRefusal(asked.send(closingTab()), UnansweredError, /no answer/);
    await expectRefusal(asked.send({}, keys[0]!), UnansweredError, /no answer/);
    await mine();
    await asked.send({}, keys[0]!);
    expect(await received()).to.equal(10n);
  });

  it("keeps to the account that it was begun with", async () => {
    wallet.reaction = "ignore";
    const gift = sender();
    await expectRefusal(gift.send(closingTab()), UnansweredError, /no answer/);
    await expectRefusal(gift.send({}, world.stranger), TransactionError, /was begun with the account 0x/);
  });

  it("is refused to a published account, which on a live chain is everybody's", async () => {
    const published = new ScriptedWallet(world.node.local.transport, LIVE_CHAIN, [accountAt(2)]);
    await expectRefusal(sender().send({}, published.account()), WalletError, /everybody has its key/);
    expect(published.asked).to.deep.equal([]);
  });
});

describe("a transaction's record", () => {
  const FROM: Address = NOBODY;
  const HASH = `0x${"77".repeat(32)}` as const;

  it("is read as it was written before there were wallets", () => {
    const old = { from: FROM, nonce: 3, attempts: [{ hash: HASH, raw: "0x02" }] };
    expect(transactionSchema.parse(old)).to.deep.equal(old);
    expect(JSON.parse(JSON.stringify(transactionToJson(transactionSchema.parse(old))))).to.deep.equal(old);
  });

  it("of no wallet has signed transactions only", () => {
    const unsigned = { from: FROM, nonce: 3, attempts: [{ hash: HASH }] };
    expect(transactionSchema.safeParse(unsigned).success).to.equal(false);
    expect(transactionSchema.safeParse({ ...unsigned, asked: [] }).success).to.equal(true);
  });
});
