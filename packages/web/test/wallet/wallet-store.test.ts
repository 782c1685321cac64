import { expect } from "chai";
import { WalletDiscovery } from "../../src/wallet/discovery.ts";
import type { Provider } from "../../src/wallet/provider.ts";
import { type SigningDesk, WalletStore } from "../../src/wallet/wallet-store.ts";

const ONE = `0x${"1A".repeat(20)}`;
const TWO = `0x${"2b".repeat(20)}`;
const MARKET = { chainId: 31337, name: "Test market", rpcUrl: "http://127.0.0.1:8545" };

function refusal(code: number): Error {
  return Object.assign(new Error(`code ${code}`), { code });
}

class FakeWallet implements Provider {
  accounts: string[] = [ONE];
  chainId: unknown = "0x7a69";
  /** Whether the page may see an account without asking. */
  allowed = false;
  /** Answers that are errors, by method. */
  readonly refused: Record<string, Error> = {};
  readonly asked: string[] = [];
  readonly listeners = new Map<string, (value: unknown) => void>();

  async request({ method, params }: { method: string; params?: unknown[] }): Promise<unknown> {
    this.asked.push(method);
    const error = this.refused[method];
    if (error !== undefined) throw error;
    if (method === "eth_requestAccounts") this.allowed = true;
    if (method === "eth_requestAccounts" || method === "eth_accounts") return this.allowed ? this.accounts : [];
    if (method === "wallet_addEthereumChain") delete this.refused["wallet_switchEthereumChain"];
    if (method.startsWith("wallet_")) this.chainId = (params![0] as { chainId: string }).chainId;
    return method === "eth_chainId" ? this.chainId : null;
  }

  on(event: string, listener: (value: unknown) => void): void {
    this.listeners.set(event, listener);
  }

  removeListener(event: string): void {
    this.listeners.delete(event);
  }
}

class FakeStorage {
  readonly values = new Map<string, string>();
  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.values.set(key, value);
  }
  removeItem(key: string): void {
    this.values.delete(key);
  }
}

/** Everything that is to be done has been done. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

describe("wallet store", () => {
  let wallet: FakeWallet;
  let memory: { tab: FakeStorage; browser: FakeStorage };
  let acting: string | null;
  let asks: Provider["request"] | null;
  let changes: number;
  let store: WalletStore;

  const desk: SigningDesk = {
    useDevelopmentAccount: async (index) => {
      acting = `development ${index}`;
      return `0x${"00".repeat(19)}0${index}`;
    },
    useWallet: async (address, request) => {
      acting = address;
      asks = request;
    },
    disconnect: async () => {
      acting = null;
    },
  };

  function open(): WalletStore {
    const target: EventTarget & { ethereum?: unknown } = Object.assign(new EventTarget(), { ethereum: {} });
    target.addEventListener("eip6963:requestProvider", () => {
      const info = { uuid: "1", name: "Ant", icon: "", rdns: "example.ant" };
      target.dispatchEvent(
        Object.assign(new Event("eip6963:announceProvider"), { detail: { info, provider: wallet } }),
      );
    });
    const opened = new WalletStore(new WalletDiscovery(target), desk, memory, () => changes++);
    opened.start();
    return opened;
  }

  async function connected(): Promise<void> {
    await store.connect(store.state().wallets[0]!);
  }

  beforeEach(() => {
    wallet = new FakeWallet();
    memory = { tab: new FakeStorage(), browser: new FakeStorage() };
    acting = asks = null;
    changes = 0;
    store = open();
  });

  afterEach(() => store.stop());

  it("asks no wallet for anything before the user does", async () => {
    await settled();
    expect(wallet.asked).to.deep.equal([]);
    expect(store.state()).to.include({ connected: null, error: null, busy: false });
  });

  it("connects a wallet's first account, in lower case, and lets it sign", async () => {
    await connected();
    expect(store.state().connected).to.include({ kind: "wallet", address: ONE.toLowerCase(), chainId: 31337 });
    expect([acting, changes]).to.deep.equal([ONE.toLowerCase(), 1]);
    await asks!({ method: "eth_sendTransaction", params: [] });
    expect(wallet.asked.at(-1)).to.equal("eth_sendTransaction");
  });

  it("gives the worker no method that the page does not need", async () => {
    await connected();
    for (const method of ["eth_sign", "personal_sign", "eth_getEncryptionPublicKey", "wallet_requestPermissions"]) {
      const error = await asks!({ method }).catch((thrown: unknown) => thrown);
      expect(error, method).to.include({ code: 4200 });
      expect(wallet.asked).not.to.include(method);
    }
  });

  it("says in words that the user refused, that the wallet is asking already, or shows no account", async () => {
    for (const [code, kind] of [
      [4001, "RejectedError"],
      [-32002, "PendingError"],
      [4100, "WalletError"],
    ] as const) {
      wallet.refused["eth_requestAccounts"] = refusal(code);
      await connected();
      expect(store.state()).to.include({ connected: null, busy: false });
      expect(store.state().error).to.include({ kind });
    }
    delete wallet.refused["eth_requestAccounts"];
    wallet.accounts = [];
    await connected();
    expect(store.state().error!.problem).to.match(/no account/);
    expect([acting, memory.browser.values.size]).to.deep.equal([null, 0]);
  });

  it("follows the wallet to another account, another chain, and away", async () => {
    await connected();
    wallet.listeners.get("accountsChanged")!([TWO, ONE]);
    await settled();
    expect([acting, store.state().connected!.address]).to.deep.equal([TWO, TWO]);
    wallet.listeners.get("chainChanged")!("0x1");
    expect(store.state().connected).to.include({ chainId: 1 });
    wallet.listeners.get("accountsChanged")!([]);
    await settled();
    expect([acting, store.state().connected]).to.deep.equal([null, null]);
    expect(wallet.listeners.size).to.equal(0);
  });

  it("keeps the account of a wallet that has lost its node only, and forgets one that is gone", async () => {
    await connected();
    wallet.listeners.get("disconnect")!(refusal(1013));
    await settled();
    expect(acting).to.equal(ONE.toLowerCase());
    wallet.refused["eth_accounts"] = refusal(4900);
    wallet.listeners.get("disconnect")!(refusal(4900));
    await settled();
    expect([acting, store.state().connected]).to.deep.equal([null, null]);
  });

  it("switches the wallet's chain, and teaches it one that it does not know", async () => {
    wallet.chainId = "0x1";
    await connected();
    await store.switchChain(MARKET);
    expect(store.state().connected).to.include({ chainId: 31337 });
    wallet.chainId = "0x1";
    wallet.refused["wallet_switchEthereumChain"] = refusal(4902);
    wallet.asked.length = 0;
    await store.switchChain(MARKET);
    expect(wallet.asked).to.deep.equal(["wallet_switchEthereumChain", "wallet_addEthereumChain", "eth_chainId"]);
    expect(store.state()).to.include({ error: null });
    wallet.refused["wallet_switchEthereumChain"] = refusal(4001);
    await store.switchChain(MARKET);
    expect(store.state().error).to.include({ kind: "RejectedError" });
  });

  it("teaches the wallet no node that a link has named", async () => {
    wallet.chainId = "0x1";
    await connected();
    wallet.refused["wallet_switchEthereumChain"] = refusal(4902);
    wallet.asked.length = 0;
    await store.switchChain({ ...MARKET, rpcUrl: null });
    expect(wallet.asked).to.deep.equal(["wallet_switchEthereumChain"]);
    expect(store.state().error?.message).to.match(/does not know chain 31337\. Add it there/);
  });

  it("keeps the network that the wallet went to while its account was changed", async () => {
    await connected();
    let done: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (done = resolve));
    const { useWallet } = desk;
    desk.useWallet = async (...given) => {
      await waiting;
      return useWallet(...given);
    };
    wallet.listeners.get("accountsChanged")!([TWO]);
    wallet.listeners.get("chainChanged")!("0x5");
    done();
    await settled();
    desk.useWallet = useWallet;
    expect(store.state().connected).to.include({ address: TWO.toLowerCase(), chainId: 5 });
  });

  it("connects the last wallet again without a question, and is silent where it may not", async () => {
    await connected();
    store.stop();
    memory.tab = new FakeStorage();
    acting = null;
    wallet.asked.length = 0;
    store = open();
    await settled();
    expect(acting).to.equal(ONE.toLowerCase());
    expect(wallet.asked).to.include("eth_accounts").and.not.include("eth_requestAccounts");
    store.stop();
    acting = null;
    wallet.allowed = false;
    store = open();
    await settled();
    expect([acting, store.state().error]).to.deep.equal([null, null]);
  });

  it("remembers a development account for its tab, and nothing after a disconnection", async () => {
    await store.connectDevelopment(4);
    expect(store.state().connected).to.include({ kind: "development", index: 4 });
    expect(memory.browser.values.size).to.equal(0);
    store.stop();
    acting = null;
    store = open();
    await settled();
    expect(acting).to.equal("development 4");
    await store.disconnect();
    expect([acting, memory.tab.values.size]).to.deep.equal([null, 0]);
  });
});
