import { asStepError, StepError } from "../step-error.ts";
import type { OfferedWallet, WalletDiscovery } from "./discovery.ts";
import { limitedRequest, type Provider } from "./provider.ts";

type Address = `0x${string}`;

/** The account that acts, and where its key is. */
export type ConnectedAccount =
  | { readonly kind: "development"; readonly index: number; readonly address: Address }
  | {
      readonly kind: "wallet";
      readonly wallet: OfferedWallet;
      readonly address: Address;
      /** The chain that the wallet is on. */
      readonly chainId: number;
    };

export interface WalletState {
  readonly wallets: readonly OfferedWallet[];
  readonly connected: ConnectedAccount | null;
  /** Whether a wallet has been asked and not answered. */
  readonly busy: boolean;
  readonly error: StepError | null;
}

/** Who signs in the worker. */
export interface SigningDesk {
  useDevelopmentAccount(index: number): Promise<Address>;
  useWallet(address: Address, request: Provider["request"]): Promise<void>;
  disconnect(): Promise<void>;
}

/** The chain of the page's market, for a wallet that does not know it. */
export interface WantedChain {
  readonly chainId: number;
  readonly name: string;
  /** Null for a node that no wallet should be given: it would see the chain as that node wants. */
  readonly rpcUrl: string | null;
}

/** Where the choice is kept: `tab` until the tab is closed, `browser` for longer. */
export interface WalletMemory {
  readonly tab: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly browser: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

const KEY = "zkcmp-wallet";
const DEVELOPMENT = /^development:([0-9])$/;

/** EIP-3326 has no code for it, wallets agree on this one. */
const UNKNOWN_CHAIN = 4902;

/** Connects an account of a wallet, or a published one of a development chain, and follows what the wallet changes. */
export class WalletStore {
  readonly #discovery: WalletDiscovery;
  readonly #desk: SigningDesk;
  readonly #memory: WalletMemory;
  readonly #changed: () => void;
  readonly #listeners = new Set<() => void>();
  #state: WalletState = { wallets: [], connected: null, busy: false, error: null };
  #unfollow: () => void = () => undefined;
  #stopDiscovery: () => void = () => undefined;

  /** @param changed told when another account acts, or none */
  constructor(discovery: WalletDiscovery, desk: SigningDesk, memory: WalletMemory, changed: () => void) {
    this.#discovery = discovery;
    this.#desk = desk;
    this.#memory = memory;
    this.#changed = changed;
  }

  /** Looks for wallets, and connects the one that was connected last, if it still lets this page see an account. */
  start(): void {
    const see = (): void => {
      this.#show({ wallets: this.#discovery.wallets() });
      void this.#reconnect();
    };
    this.#stopDiscovery = this.#discovery.onChange(see);
    this.#discovery.start();
    void this.#reconnect();
  }

  stop(): void {
    this.#stopDiscovery();
    this.#discovery.stop();
    this.#unfollow();
  }

  /** The same object until something changes. */
  state(): WalletState {
    return this.#state;
  }

  /** @returns how to stop listening */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks a wallet for an account. What goes wrong stands in the state. */
  async connect(wallet: OfferedWallet): Promise<void> {
    await this.#act(async () => {
      await this.#follow(wallet, "eth_requestAccounts");
      this.#remember(wallet.id);
    });
  }

  /** @param index 0 to 9 */
  async connectDevelopment(index: number): Promise<void> {
    await this.#act(async () => {
      const address = await this.#desk.useDevelopmentAccount(index);
      this.#unfollow();
      this.#memory.tab.setItem(KEY, `development:${index}`);
      this.#show({ connected: { kind: "development", index, address } });
      this.#changed();
    });
  }

  async disconnect(): Promise<void> {
    this.#memory.tab.removeItem(KEY);
    this.#memory.browser.removeItem(KEY);
    await this.#act(() => this.#forget());
  }

  /** Asks the connected wallet to go to a chain, and to learn it where it does not know it. */
  async switchChain({ chainId, name, rpcUrl }: WantedChain): Promise<void> {
    const { connected } = this.#state;
    if (connected?.kind !== "wallet") return;
    const request = limitedRequest(connected.wallet.provider);
    const id = `0x${chainId.toString(16)}`;
    await this.#act(async () => {
      try {
        await request({ method: "wallet_switchEthereumChain", params: [{ chainId: id }] });
      } catch (error) {
        if (codeOf(error) !== UNKNOWN_CHAIN) throw error;
        if (rpcUrl === null) {
          throw new StepError(
            "WalletError",
            `the wallet does not know chain ${chainId}`,
            "Add it there, with a node that you trust.",
          );
        }
        const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
        await request({
          method: "wallet_addEthereumChain",
          params: [{ chainId: id, chainName: name, rpcUrls: [rpcUrl], nativeCurrency }],
        });
      }
      this.#onChain(await request({ method: "eth_chainId" }));
    });
  }

  async #reconnect(): Promise<void> {
    if (this.#state.connected !== null || this.#state.busy) return;
    const last = this.#memory.tab.getItem(KEY) ?? this.#memory.browser.getItem(KEY);
    if (last === null) return;
    const development = DEVELOPMENT.exec(last);
    // Neither may disturb with an error: nobody has asked for anything yet.
    const quiet = async (work: () => Promise<void>): Promise<void> => {
      await this.#act(work);
      if (this.#state.connected === null) this.#show({ error: null });
    };
    if (development !== null) {
      await quiet(async () => {
        const index = Number(development[1]);
        const address = await this.#desk.useDevelopmentAccount(index);
        this.#show({ connected: { kind: "development", index, address } });
        this.#changed();
      });
      return;
    }
    const wallet = this.#state.wallets.find(({ id }) => id === last);
    if (wallet !== undefined) await quiet(() => this.#follow(wallet, "eth_accounts"));
  }

  /** Takes the wallet's first account, and listens to what it changes. */
  async #follow(wallet: OfferedWallet, method: "eth_requestAccounts" | "eth_accounts"): Promise<void> {
    const { provider } = wallet;
    const request = limitedRequest(provider);
    const address = firstAddress(await request({ method }));
    if (address === null) {
      if (method === "eth_accounts") return;
      throw new StepError("WalletError", `${wallet.name} shows this page no account`, "Allow one in the wallet.");
    }
    const chainId = chainIdOf(await request({ method: "eth_chainId" }));
    await this.#desk.useWallet(address, request);
    this.#unfollow();
    const onAccounts = (accounts: unknown): void => void this.#onAccounts(wallet, accounts);
    const onChain = (chain: unknown): void => this.#onChain(chain);
    // Wallets say "disconnect" when they have lost their node, too; the account stays what it was then.
    provider.on?.("accountsChanged", onAccounts);
    provider.on?.("chainChanged", onChain);
    const onDisconnect = (): void => void this.#onDisconnect(wallet);
    provider.on?.("disconnect", onDisconnect);
    this.#unfollow = () => {
      provider.removeListener?.("accountsChanged", onAccounts);
      provider.removeListener?.("chainChanged", onChain);
      provider.removeListener?.("disconnect", onDisconnect);
      this.#unfollow = () => undefined;
    };
    this.#show({ connected: { kind: "wallet", wallet, address, chainId } });
    this.#changed();
  }

  async #onAccounts(wallet: OfferedWallet, accounts: unknown): Promise<void> {
    const address = firstAddress(accounts);
    const { connected } = this.#state;
    if (connected?.kind !== "wallet" || connected.address === address) return;
    await this.#act(async () => {
      if (address === null) return this.#forget();
      await this.#desk.useWallet(address, limitedRequest(wallet.provider));
      // Meanwhile the wallet may have gone to another network, or another wallet may have been connected.
      const latest = this.#state.connected;
      if (latest?.kind !== "wallet" || latest.wallet !== wallet) return;
      this.#show({ connected: { ...latest, address } });
      this.#changed();
    });
  }

  #onChain(chain: unknown): void {
    const { connected } = this.#state;
    if (connected?.kind !== "wallet") return;
    this.#show({ connected: { ...connected, chainId: chainIdOf(chain) } });
    this.#changed();
  }

  /** A wallet that has lost its node may still have the account: it is asked, and forgotten if it does not answer. */
  async #onDisconnect(wallet: OfferedWallet): Promise<void> {
    let accounts: unknown = [];
    try {
      accounts = await limitedRequest(wallet.provider)({ method: "eth_accounts" });
    } catch {
      // As if it had none.
    }
    await this.#onAccounts(wallet, accounts);
  }

  async #forget(): Promise<void> {
    this.#unfollow();
    await this.#desk.disconnect();
    this.#show({ connected: null });
    this.#changed();
  }

  #remember(id: string): void {
    this.#memory.tab.setItem(KEY, id);
    this.#memory.browser.setItem(KEY, id);
  }

  async #act(work: () => Promise<void>): Promise<void> {
    this.#show({ busy: true, error: null });
    try {
      await work();
      this.#show({ busy: false });
    } catch (thrown) {
      this.#show({ busy: false, error: inWords(thrown) });
    }
  }

  #show(changes: Partial<WalletState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

/** EIP-1193 and JSON-RPC codes that have a meaning for the user. */
function inWords(thrown: unknown): StepError {
  switch (codeOf(thrown)) {
    case 4001:
      return new StepError("RejectedError", "you refused it in the wallet", "Press the button again to go on.");
    case -32002:
      return new StepError("PendingError", "the wallet is already asking you", "Open the wallet and answer there.");
    case 4100:
      return new StepError(
        "WalletError",
        "the wallet is locked, or does not allow this page",
        "Unlock it and allow it.",
      );
    default:
      return asStepError(thrown);
  }
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : undefined;
}

function firstAddress(accounts: unknown): Address | null {
  const first: unknown = Array.isArray(accounts) ? accounts[0] : null;
  return typeof first === "string" && /^0x[0-9a-fA-F]{40}$/.test(first) ? (first.toLowerCase() as Address) : null;
}

/** Some wallets answer in decimal. 0, which is no chain, for nonsense. */
function chainIdOf(answer: unknown): number {
  const id = typeof answer === "number" || typeof answer === "string" ? Number(answer) : NaN;
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
}
