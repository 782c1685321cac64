import type { Transport } from "@zkcmp/chain/json-rpc";
import { RpcError } from "@zkcmp/chain/json-rpc";
import { developmentKeys } from "@zkcmp/chain/development-account";
import type { BrowserContext, Page } from "playwright-core";
import { type TypedDataDomain, type TypedDataField, Wallet } from "ethers";

/** What the wallet's user, or an accident, does to the next request of a method; one after the other. */
export type Mood =
  /** The user says no. */
  | "reject"
  /** Signed and sent, but the page never hears of it, as when it is closed meanwhile. */
  | "lose"
  /** Not sent, and the wallet does not say so. */
  | "fail"
  /** The wallet still shows another window. */
  | "busy";

/** Ends a request as EIP-1193 says. */
class WalletRefusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const TO_SIGN = new Set(["eth_signTypedData_v4", "eth_sendTransaction"]);

/**
 * A small wallet as browsers have them (EIP-1193, announced by EIP-6963), whose keys are here and not in the page: those of the
 * development accounts.
 */
export class TestWallet {
  readonly #transport: Transport;
  readonly #chainId: number;
  #account: number;
  /** The network that the wallet's user has chosen. */
  #selected: number;
  readonly #moods = new Map<string, Mood[]>();
  #delay = 0;
  /** Methods that were asked, in order. */
  readonly asked: string[] = [];
  readonly #pages = new Set<Page>();

  /** @param account number of a development account */
  constructor(transport: Transport, chainId: number, account: number) {
    this.#transport = transport;
    this.#chainId = this.#selected = chainId;
    this.#account = account;
  }

  get address(): string {
    return this.#wallet().address;
  }

  /** What happens to the next request of a method that has no plan yet. */
  next(method: string, mood: Mood): void {
    this.#moods.set(method, [...(this.#moods.get(method) ?? []), mood]);
  }

  /** Milliseconds that the user thinks before each signature. */
  thinkFor(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  /** How often something was to be signed. */
  signatures(): number {
    return this.asked.filter((method) => TO_SIGN.has(method)).length;
  }

  /** The user chooses another account. */
  async switchAccount(account: number): Promise<void> {
    this.#account = account;
    await this.#emit("accountsChanged", [this.address]);
  }

  /** The user chooses another network. */
  async switchChain(chainId: number): Promise<void> {
    this.#selected = chainId;
    await this.#emit("chainChanged", hex(chainId));
  }

  /** Puts the wallet into every page of a context. Call it before pages are opened. */
  async install(context: BrowserContext, name = "Test wallet"): Promise<void> {
    context.on("page", (page) => {
      this.#pages.add(page);
      page.on("close", () => this.#pages.delete(page));
    });
    await context.exposeFunction("testWalletRequest", (request: { method: string; params?: unknown[] }) =>
      this.#answer(request),
    );
    await context.addInitScript(walletInPage, name);
  }

  async #answer({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> {
    this.asked.push(method);
    try {
      return { result: await this.#request(method, params) };
    } catch (error) {
      if (error instanceof WalletRefusal) return { error: { code: error.code, message: error.message } };
      if (error instanceof RpcError) {
        return { error: { code: error.code, message: error.reason, data: error.data } };
      }
      return { error: { code: -32603, message: (error as Error).message } };
    }
  }

  async #request(method: string, params: unknown[]): Promise<unknown> {
    const mood = this.#moods.get(method)?.shift();
    if (TO_SIGN.has(method) && this.#delay > 0) await new Promise((resolve) => setTimeout(resolve, this.#delay));
    if (mood === "reject") throw new WalletRefusal(4001, "User rejected the request.");
    if (mood === "fail") throw new WalletRefusal(-32603, "Internal JSON-RPC error.");
    if (mood === "busy") throw new WalletRefusal(-32002, "Request already pending.");
    switch (method) {
      case "eth_requestAccounts":
      case "eth_accounts":
        return [this.address];
      case "eth_chainId":
        return hex(this.#selected);
      case "net_version":
        return String(this.#selected);
      case "wallet_switchEthereumChain":
        await this.#switchTo(Number((params[0] as { chainId: string }).chainId));
        return null;
      case "eth_signTypedData_v4":
        return this.#after(mood, await this.#sign(params as [string, string]));
      case "eth_sendTransaction":
        return this.#after(mood, await this.#send(params[0] as Record<string, string>));
      default:
        if (this.#selected !== this.#chainId) throw new WalletRefusal(4901, "This chain is not connected.");
        return this.#transport(method, params);
    }
  }

  async #switchTo(chainId: number): Promise<void> {
    if (chainId !== this.#chainId && chainId !== 1) throw new WalletRefusal(4902, "Unrecognized chain ID.");
    await this.switchChain(chainId);
  }

  async #after(mood: Mood | undefined, answer: unknown): Promise<unknown> {
    if (mood === "lose") await new Promise(() => undefined);
    return answer;
  }

  async #sign([address, json]: [string, string]): Promise<string> {
    this.#expectOwn(address);
    const { domain, types, message } = JSON.parse(json) as {
      domain: TypedDataDomain & { chainId: string | number };
      types: Record<string, TypedDataField[]>;
      message: Record<string, unknown>;
    };
    if (Number(domain.chainId) !== this.#selected) {
      throw new WalletRefusal(-32603, `Provided chainId "${domain.chainId}" must match the active chainId`);
    }
    const named = Object.fromEntries(Object.entries(types).filter(([name]) => name !== "EIP712Domain"));
    return this.#wallet().signTypedData(domain, named, message);
  }

  async #send({ from, to, data, value, gas }: Record<string, string>): Promise<unknown> {
    this.#expectOwn(from!);
    if (this.#selected !== this.#chainId) throw new WalletRefusal(4901, "This chain is not connected.");
    const [nonce, tip, block] = (await Promise.all([
      this.#transport("eth_getTransactionCount", [from, "pending"]),
      this.#transport("eth_maxPriorityFeePerGas", []),
      this.#transport("eth_getBlockByNumber", ["latest", false]),
    ])) as [string, string, { baseFeePerGas: string }];
    const gasLimit = gas ?? ((await this.#transport("eth_estimateGas", [{ from, to, data, value }])) as string);
    const raw = await this.#wallet().signTransaction({
      type: 2,
      chainId: this.#chainId,
      nonce: Number(nonce),
      to: to!,
      data: data ?? "0x",
      value: value ?? 0n,
      gasLimit,
      maxPriorityFeePerGas: tip,
      maxFeePerGas: 2n * BigInt(block.baseFeePerGas) + BigInt(tip),
    });
    return this.#transport("eth_sendRawTransaction", [raw]);
  }

  #expectOwn(address: string): void {
    if (address.toLowerCase() !== this.address.toLowerCase()) {
      throw new WalletRefusal(4100, "The requested account has not been authorized by the user.");
    }
  }

  #wallet(): Wallet {
    return new Wallet(developmentKeys()[this.#account]!);
  }

  async #emit(event: string, data: unknown): Promise<void> {
    for (const page of this.#pages) {
      await page.evaluate(([name, value]) => (globalThis as unknown as InPage).testWalletEmit(name, value), [
        event,
        data,
      ] as const);
    }
  }
}

interface InPage {
  testWalletEmit(event: string, data: unknown): void;
}

function hex(chainId: number): string {
  return `0x${chainId.toString(16)}`;
}

/** Runs in the page before anything of it. */
function walletInPage(name: string): void {
  type Listener = (data: unknown) => void;
  const scope = globalThis as unknown as {
    testWalletRequest(request: unknown): Promise<{ result?: unknown; error?: { message: string } }>;
    testWalletEmit(event: string, data: unknown): void;
    addEventListener(type: string, listener: () => void): void;
    dispatchEvent(event: Event): void;
  };
  const listeners = new Map<string, Set<Listener>>();
  const provider = {
    request: async (request: unknown) => {
      const { result, error } = await scope.testWalletRequest(request);
      if (error === undefined) return result;
      throw Object.assign(new Error(error.message), error);
    },
    on: (event: string, listener: Listener) => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      return provider;
    },
    removeListener: (event: string, listener: Listener) => {
      listeners.get(event)?.delete(listener);
      return provider;
    },
  };
  scope.testWalletEmit = (event, data) => listeners.get(event)?.forEach((listener) => listener(data));
  const info = {
    uuid: "4e3a52b2-8a0e-4bb0-9d53-2f8b1f8a3c11",
    name,
    icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>",
    rdns: "example.testwallet",
  };
  const announce = (): void => {
    const detail = Object.freeze({ info, provider });
    scope.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  };
  scope.addEventListener("eip6963:requestProvider", announce);
  announce();
}
