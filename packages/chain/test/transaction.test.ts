import type { Address } from "@zkcmp/sale/order";
import { expect } from "chai";
import { Wallet } from "ethers";
import { EscrowRevertError, escrowCalls } from "../src/escrow-contract.ts";
import { RpcError } from "../src/json-rpc.ts";
import { WaitingError } from "../src/network-connection.ts";
import {
  type Call,
  minedTransaction,
  OutOfFundsError,
  type Sending,
  sendTransaction,
  TransactionError,
  type TransactionRecord,
} from "../src/transaction.ts";
import { toFieldElement } from "@zkcmp/field/element";
import { walletAddress } from "../src/account.ts";
import { expectRefusal, LIVE_CHAIN, openWorld, type World } from "./fixture.ts";

const NOBODY: Address = `0x${"12".repeat(20)}`;
const GIFT: Call = { to: NOBODY, data: "0x", value: 5n };

describe("sendTransaction", function () {
  this.timeout(60_000);
  let world: World;
  let snapshot: unknown;
  before(async () => {
    world = await openWorld(LIVE_CHAIN);
  });
  beforeEach(async () => {
    snapshot = await world.node.local.transport("evm_snapshot", []);
  });
  afterEach(async () => {
    world.node.before = world.node.after = () => {};
    world.node.finalized = null;
    await world.node.local.transport("evm_setAutomine", [true]);
    await world.node.local.transport("evm_revert", [snapshot]);
  });
  after(() => world.close());

  /** Sends, and remembers what was written down last. */
  function sender(): {
    send: (sending?: Partial<Sending>, call?: Call) => ReturnType<typeof sendTransaction>;
    record: () => TransactionRecord | undefined;
  } {
    let record: TransactionRecord | undefined;
    return {
      record: () => record,
      send: (sending = {}, call = GIFT) =>
        sendTransaction(world.connection, world.stranger, call, {
          what: "the gift",
          timeout: 0,
          record,
          write: async (next) => {
            record = next;
          },
          ...sending,
        }),
    };
  }

  const received = (): Promise<bigint> => world.connection.provider.getBalance(NOBODY);
  const mine = (): Promise<unknown> => world.node.local.transport("evm_mine", []);
  const holdBack = (): Promise<unknown> => world.node.local.transport("evm_setAutomine", [false]);

  it("writes down before it sends", async () => {
    const order: string[] = [];
    world.node.before = (method) => {
      if (method === "eth_sendRawTransaction") order.push("sent");
    };
    await sender().send({ write: async () => void order.push("written") });
    expect(order).to.deep.equal(["written", "sent"]);
  });

  it("sends nothing where it cannot be written down", async () => {
    const work = sender().send({ write: () => Promise.reject(new RangeError("disk full")) });
    expect(await work.catch((error: Error) => error.message)).to.equal("disk full");
    expect(await received()).to.equal(0n);
  });

  it("finds the receipt of what was sent before", async () => {
    const gift = sender();
    const first = await gift.send();
    expect(await gift.send()).to.deep.equal(first);
    expect(await minedTransaction(world.connection, gift.record())).to.deep.equal(first);
    expect(await received()).to.equal(5n);
  });

  it("sends the very same transaction again where it is not mined", async () => {
    const gift = sender();
    world.node.before = (method) => {
      if (method === "eth_sendRawTransaction") throw new RangeError("killed");
    };
    await gift.send().catch(() => undefined);
    const record = gift.record();
    world.node.before = () => {};
    await gift.send();
    expect(gift.record()).to.equal(record);
    expect(await received()).to.equal(5n);
  });

  it("waits, and says that nothing is lost when the wait is over", async () => {
    await holdBack();
    const gift = sender();
    await expectRefusal(gift.send(), WaitingError, /the gift \(0x.*\) to be mined.*run the same command again/i);
    expect(await minedTransaction(world.connection, gift.record())).to.equal(null);
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    await mine();
    await gift.send();
    expect(await received()).to.equal(5n);
  });

  it("pays more for the same nonce when it is told to, and takes whichever is mined", async () => {
    await holdBack();
    const gift = sender();
    await expectRefusal(gift.send(), WaitingError, /to be mined/);
    await expectRefusal(gift.send({ raiseFee: true }), WaitingError, /to be mined/);
    expect(gift.record()?.attempts).to.have.lengthOf(2);
    await mine();
    const mined = await gift.send();
    expect(mined.hash).to.equal(gift.record()?.attempts[1]?.hash);
    expect(await received()).to.equal(5n);
  });

  it("signs anew only when another transaction has taken the nonce for good", async () => {
    const gift = sender();
    world.node.before = (method) => {
      if (method === "eth_sendRawTransaction") throw new RangeError("killed");
    };
    await gift.send().catch(() => undefined);
    world.node.before = () => {};
    const first = gift.record()!;
    const finalized = await world.node.blockNumber();
    const other = await sender().send({}, { ...GIFT, value: 1n });
    world.node.finalized = finalized;
    await expectRefusal(gift.send(), TransactionError, /another transaction .* nonce/);
    expect(gift.record()).to.equal(first);
    world.node.finalized = other.blockNumber;
    await gift.send();
    expect(gift.record()?.nonce).to.equal(first.nonce + 1);
    expect(await received()).to.equal(6n);
  });

  it("says why a transaction was mined and failed, and signs a new one the next time", async () => {
    const data = escrowCalls.cancel(toFieldElement(7n));
    const call = { to: world.escrow, data, value: 0n, gasLimit: 100_000n };
    const cancel = sender();
    const failed = await expectRefusal(
      cancel.send({}, call),
      TransactionError,
      /mined and failed.*WrongState\(dealId 7/,
    );
    expect(failed.message).to.include("Nothing but gas");
    expect(await minedTransaction(world.connection, cancel.record())).to.equal(null);
    const { nonce } = cancel.record()!;
    await expectRefusal(cancel.send({}, call), TransactionError, /mined and failed/);
    expect(cancel.record()?.nonce).to.equal(nonce + 1);
  });

  it("refuses what would fail before anything is sent", async () => {
    const call = { to: world.escrow, data: escrowCalls.cancel(toFieldElement(7n)), value: 0n };
    const cancel = sender();
    await expectRefusal(cancel.send({}, call), EscrowRevertError, /refuses the gift: WrongState/);
    expect(cancel.record()).to.equal(undefined);
  });

  it("says how much the account lacks, for the value and for the gas", async () => {
    const poor = new Wallet(`0x${"77".repeat(32)}`);
    const send = (call: Call): Promise<unknown> => sendTransaction(world.connection, poor, call);
    await expectRefusal(send(GIFT), OutOfFundsError, /has 0 wei.*needs up to 5 wei.*Send at least 5 wei/);
    await world.node.local.transport("hardhat_setBalance", [walletAddress(poor), "0x5"]);
    await expectRefusal(send(GIFT), OutOfFundsError, /has 5 wei.*run the same command again/);
    expect(await world.connection.provider.getTransactionCount(poor.address)).to.equal(0);
  });

  it("keeps to the account that it was begun with", async () => {
    const gift = sender();
    await gift.send();
    const { wallet } = world.seller;
    const sending = { what: "the gift", record: gift.record() };
    const work = sendTransaction(world.connection, wallet, GIFT, sending);
    await expectRefusal(work, TransactionError, /was begun with the account 0x/);
  });

  it("takes a node's word that it has the transaction already", async () => {
    const gift = sender();
    world.node.after = (method) => {
      if (method === "eth_sendRawTransaction") throw new RpcError(method, { code: -32000, message: "already known" });
    };
    await gift.send();
    expect(await received()).to.equal(5n);
  });

  it("says that the node refuses a transaction", async () => {
    world.node.before = (method) => {
      if (method === "eth_sendRawTransaction") {
        throw new RpcError(method, { code: -32000, message: "max fee per gas less than block base fee" });
      }
    };
    await expectRefusal(sender().send(), TransactionError, /less than block base fee.*--raise-fee/);
  });
});
