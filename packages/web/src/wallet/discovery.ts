import type { Provider } from "./provider.ts";

/** A wallet in this browser. */
export interface OfferedWallet {
  /** The wallet's reverse domain name; "window.ethereum" for one that does not announce itself. */
  readonly id: string;
  readonly name: string;
  /** A data: URI; anything else would be a request to another host. */
  readonly icon: string | null;
  readonly provider: Provider;
}

/** The name under which a wallet stands that does not announce itself. */
const UNANNOUNCED = "window.ethereum";

/** What is used of the window. */
export type WalletWindow = Pick<EventTarget, "addEventListener" | "removeEventListener" | "dispatchEvent"> & {
  readonly ethereum?: unknown;
};

/** Longest icon that is shown, in characters. */
const ICON_LIMIT = 200_000;

/**
 * Finds the wallets of this browser: those that announce themselves (EIP-6963), else the one in `window.ethereum`, which
 * is one of those that announce themselves where any does.
 */
export class WalletDiscovery {
  readonly #window: WalletWindow;
  readonly #announced = new Map<string, OfferedWallet>();
  readonly #listeners = new Set<() => void>();
  readonly #onAnnounce = (event: Event): void => this.#take((event as CustomEvent<unknown>).detail);
  #wallets: readonly OfferedWallet[] = [];

  constructor(target: WalletWindow) {
    this.#window = target;
  }

  /** Begins to listen, and asks the wallets to announce themselves. */
  start(): void {
    this.#window.addEventListener("eip6963:announceProvider", this.#onAnnounce);
    this.#window.dispatchEvent(new Event("eip6963:requestProvider"));
    this.#refresh();
  }

  stop(): void {
    this.#window.removeEventListener("eip6963:announceProvider", this.#onAnnounce);
  }

  /** Wallets known by now, by name; the same array until one comes. */
  wallets(): readonly OfferedWallet[] {
    return this.#wallets;
  }

  /** @returns how to stop listening */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #take(detail: unknown): void {
    const announced = parseAnnouncement(detail);
    if (announced === null || this.#announced.has(announced.uuid)) return;
    // A wallet that announces itself anew, as after an update, has a new uuid and the same name.
    const doubles = [...this.#announced].filter(([, { provider }]) => provider === announced.wallet.provider);
    for (const [uuid] of doubles) this.#announced.delete(uuid);
    this.#announced.set(announced.uuid, announced.wallet);
    this.#refresh();
  }

  #refresh(): void {
    const wallets = [...this.#announced.values()];
    const { ethereum } = this.#window;
    if (wallets.length === 0 && isProvider(ethereum)) {
      wallets.push({ id: UNANNOUNCED, name: "Browser wallet", icon: null, provider: ethereum });
    }
    this.#wallets = wallets.sort((a, b) => a.name.localeCompare(b.name));
    for (const listener of this.#listeners) listener();
  }
}

function parseAnnouncement(detail: unknown): { uuid: string; wallet: OfferedWallet } | null {
  const { info, provider } = (detail ?? {}) as { info?: Record<string, unknown>; provider?: unknown };
  const { uuid, name, icon, rdns } = info ?? {};
  if (typeof uuid !== "string" || typeof name !== "string" || typeof rdns !== "string" || !isProvider(provider)) {
    return null;
  }
  const isData = typeof icon === "string" && icon.startsWith("data:image/") && icon.length <= ICON_LIMIT;
  return { uuid, wallet: { id: rdns, name: name.slice(0, 60), icon: isData ? icon : null, provider } };
}

function isProvider(value: unknown): value is Provider {
  return typeof value === "object" && value !== null && "request" in value && typeof value.request === "function";
}
