import { expect } from "chai";
import { Signature, TypedDataEncoder, verifyTypedData, Wallet } from "ethers";
import { NotSentError, walletAddress, WalletError } from "../src/account.ts";
import {
  eip1193Account,
  type Eip1193Request,
  PendingRequestError,
  RejectedSignatureError,
  WalletAnswerError,
  WalletChainError,
  WalletSignatureError,
  WrongAccountError,
} from "../src/eip1193.ts";
import { accountAt, expectRefusal, LIVE_CHAIN } from "./fixture.ts";
import { ScriptedWallet } from "./scripted-wallet.ts";

const KEY = new Wallet(`0x${"11".repeat(32)}`);
const OTHER = new Wallet(`0x${"22".repeat(32)}`);
const ADDRESS = walletAddress(KEY);

const DOMAIN = { name: "test", version: "1", chainId: LIVE_CHAIN, verifyingContract: walletAddress(OTHER) };
const TYPES = {
  Thing: [
    { name: "amount", type: "uint256" },
    { name: "owner", type: "address" },
  ],
};
const MESSAGE = { amount: 2n ** 200n + 1n, owner: ADDRESS };

const CALL = { to: walletAddress(OTHER), data: "0x1234", value: 5n, gasLimit: 90_000n, chainId: LIVE_CHAIN } as const;

function wallet(node: ConstructorParameters<typeof ScriptedWallet>[0] = async () => "0x"): ScriptedWallet {
  return new ScriptedWallet(node, LIVE_CHAIN, [KEY, OTHER]);
}

/** An account of a wallet that answers one method in its own way. */
function answering(method: string, answer: () => unknown, node?: Parameters<typeof wallet>[0]) {
  const scripted = wallet(node);
  const request: Eip1193Request = async (args) => (args.method === method ? answer() : scripted.request(args));
  return eip1193Account(request, KEY.address);
}

const fault = (code: number, message = "words"): never => {
  throw Object.assign(new Error(message), { code });
};

describe("eip1193Account", () => {
  it("asks to send exactly the call, with account and chain named", async () => {
    const scripted = wallet(async (method) => (method === "eth_sendRawTransaction" ? `0x${"AB".repeat(32)}` : "0x7"));
    expect(await scripted.account().sendTransaction(CALL)).to.equal(`0x${"ab".repeat(32)}`);
    const asked = {
      ...{ from: ADDRESS, to: CALL.to, data: "0x1234", value: "0x5", chainId: "0xaa36a7", gas: "0x15f90" },
    };
    expect(scripted.asked).to.deep.equal([{ method: "eth_sendTransaction", params: [asked] }]);
  });

  it("signs typed data with large integers and gives the plain form", async () => {
    const scripted = wallet();
    const signature = await scripted.account().signTypedData(DOMAIN, TYPES, MESSAGE);
    expect(verifyTypedData(DOMAIN, TYPES, MESSAGE, signature)).to.equal(KEY.address);
    const payload = JSON.parse(scripted.asked[0]!.params[1] as string);
    expect(payload.types.EIP712Domain.map(({ name }: { name: string }) => name)).to.deep.equal(Object.keys(DOMAIN));
    expect(payload.primaryType).to.equal("Thing");
    expect(payload.message.amount).to.equal((2n ** 200n + 1n).toString());
  });

  it("takes v as 0 or 1, as some hardware gives it", async () => {
    const good = await KEY.signTypedData(DOMAIN, TYPES, MESSAGE);
    const { r, s, yParity } = Signature.from(good);
    const account = answering("eth_signTypedData_v4", () => `${r}${s.slice(2)}0${yParity}`);
    expect(await account.signTypedData(DOMAIN, TYPES, MESSAGE)).to.equal(good);
  });

  it("refuses a signature of another account, of other data, or of nothing", async () => {
    const code = async (): Promise<string> => "0x";
    for (const answer of [
      await OTHER.signTypedData(DOMAIN, TYPES, MESSAGE),
      await KEY.signTypedData(DOMAIN, TYPES, { ...MESSAGE, amount: 1n }),
      "0x",
      null,
    ]) {
      const account = answering("eth_signTypedData_v4", () => answer, code);
      await expectRefusal(account.signTypedData(DOMAIN, TYPES, MESSAGE), WalletSignatureError, /not a signature of 0x/);
    }
  });

  it("asks the chain about the signature of a contract", async () => {
    const digest = TypedDataEncoder.hash(DOMAIN, TYPES, MESSAGE).slice(2);
    const asks: string[] = [];
    const node = (verdict: string) => async (method: string, params: unknown[]) => {
      if (method === "eth_getCode") return "0x60";
      asks.push((params[0] as { data: string }).data);
      return verdict.padEnd(66, "0");
    };
    const good = answering("eth_signTypedData_v4", () => "0xC0FFEE", node("0x1626ba7e"));
    expect(await good.signTypedData(DOMAIN, TYPES, MESSAGE)).to.equal("0xc0ffee");
    expect(asks[0]).to.include(digest).and.include("c0ffee");
    const bad = answering("eth_signTypedData_v4", () => "0xC0FFEE", node("0xffffffff"));
    await expectRefusal(bad.signTypedData(DOMAIN, TYPES, MESSAGE), WalletSignatureError, /not a signature/);
  });

  it("brings the wallet to the chain before anything is signed, and says why where it cannot", async () => {
    const scripted = wallet();
    scripted.chains.add(1);
    scripted.chainId = 1;
    await scripted.account().signTypedData(DOMAIN, TYPES, MESSAGE);
    expect(scripted.chainId).to.equal(LIVE_CHAIN);
    await expectRefusal(
      scripted.account().prepare(10),
      WalletChainError,
      /is on chain 11155111, the step needs chain 10.*add it/,
    );
    scripted.reaction = "reject";
    await expectRefusal(scripted.account().prepare(1), WalletChainError, /was told not to switch/);
  });

  it("does not believe in a switch that did not happen", async () => {
    const account = answering("wallet_switchEthereumChain", () => null);
    await expectRefusal(account.prepare(1), WalletChainError, /is on chain 11155111, the step needs chain 1/);
  });

  it("never asks to send on another chain: the switch belongs before what is written down", async () => {
    const scripted = wallet();
    scripted.chainId = 1;
    await expectRefusal(scripted.account().sendTransaction(CALL), WalletChainError, /is on chain 1, the step needs/);
    expect(scripted.asked).to.deep.equal([]);
  });

  it("names both accounts where the wallet was switched to another one", async () => {
    const scripted = wallet();
    const account = scripted.account();
    scripted.selected = 1;
    const both = new RegExp(`is at the account ${walletAddress(OTHER)}, the step needs ${ADDRESS}`);
    await expectRefusal(account.sendTransaction(CALL), WrongAccountError, both);
    await expectRefusal(account.signTypedData(DOMAIN, TYPES, MESSAGE), WrongAccountError, both);
    scripted.selected = -1;
    await expectRefusal(account.prepare(LIVE_CHAIN), WrongAccountError, /shows this page no account/);
    expect(scripted.asked).to.deep.equal([]);
  });

  it("tells a refusal from what leaves open whether it was sent", async () => {
    const send = (answer: () => unknown) => answering("eth_sendTransaction", answer).sendTransaction(CALL);
    await expectRefusal(
      send(() => fault(4001)),
      RejectedSignatureError,
      /was told not to send/,
    );
    await expectRefusal(
      send(() => fault(-32000, "User denied transaction signature.")),
      RejectedSignatureError,
      /told not/,
    );
    await expectRefusal(
      send(() => fault(-32002)),
      PendingRequestError,
      /earlier question/,
    );
    for (const code of [4100, 4200, -32601, -32602])
      await expectRefusal(
        send(() => fault(code)),
        NotSentError,
        /words/,
      );
    for (const code of [-32603, -32000, 4900]) {
      const error = await expectRefusal(
        send(() => fault(code)),
        WalletAnswerError,
        /words/,
      );
      expect(error).not.to.be.instanceOf(NotSentError);
    }
    for (const answer of [null, "0x12", { hash: "0x" }]) {
      await expectRefusal(
        send(() => answer),
        WalletAnswerError,
        /not the hash/,
      );
    }
  });

  it("repeats no long number of a wallet's words, which may be a key", async () => {
    const words = `could not send 0x${"77".repeat(64)}`;
    const account = answering("eth_sendTransaction", () => fault(-32603, words));
    const error = await expectRefusal(account.sendTransaction(CALL), WalletAnswerError, /could not send \[…\]/);
    expect(error.message).not.to.include("7777");
  });

  it("is no published account on a live chain", async () => {
    const scripted = new ScriptedWallet(async () => "0x", LIVE_CHAIN, [accountAt(19)]);
    const account = scripted.account();
    for (const work of [
      account.prepare(LIVE_CHAIN),
      account.sendTransaction(CALL),
      account.signTypedData(DOMAIN, TYPES, MESSAGE),
    ]) {
      await expectRefusal(work, WalletError, /everybody has its key/);
    }
    expect(scripted.asked).to.deep.equal([]);
    scripted.chainId = 31337;
    await account.prepare(31337);
  });
});
