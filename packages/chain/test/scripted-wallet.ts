import type { Hex } from "@zkcmp/sale/hex";
import type { BaseWallet, TransactionRequest } from "ethers";
import type { WalletAccount } from "../src/account.ts";
import { eip1193Account } from "../src/eip1193.ts";
import type { Transport } from "../src/json-rpc.ts";

/** What the wallet, or the one who sits before it, does when it is asked to send. */
export type Reaction =
  | "send"
  | "reject"
  /** Sends, and the answer never comes. */
  | "lose"
  /** Sends, and answers with a fault. */
  | "fail-after-sending"
  /** Neither sends nor answers. */
  | "ignore"
  /** Still shows an earlier question. */
  | "busy"
  /** Sends ether to itself in the place of the call. */
  | "swap"
  /** Answers with the hash of a transaction that nobody knows. */
  | "lie"
  /** Sends, and answers with such a hash. */
  | "misname";

const UNKNOWN: Hex = `0x${"ab".repeat(32)}`;

/** A wallet (EIP-1193) over a node of its own, with keys, that does what a test says. */
export class ScriptedWallet {
  readonly #transport: Transport;
  readonly #keys: readonly BaseWallet[];
  /** Which of its accounts it is at. */
  selected = 0;
  chainId: number;
  /** Chains that it can switch to. */
  readonly chains: Set<number>;
  reaction: Reaction = "send";
  /** What the call is changed to before it is signed: fees, gas, nonce. */
  edits: TransactionRequest = {};
  /** Requests that it was asked to sign or send, oldest first. */
  readonly asked: { method: string; params: unknown[] }[] = [];
  /** Called before each question. */
  before: (method: string) => void = () => {};
  /** What it signed last. */
  last: TransactionRequest | null = null;

  constructor(transport: Transport, chainId: number, keys: readonly BaseWallet[]) {
    this.#transport = transport;
    this.#keys = keys;
    this.chainId = chainId;
    this.chains = new Set([chainId]);
  }

  /** Its first account, as the packages use it. */
  account(): WalletAccount {
    return eip1193Account((args) => this.request(args), this.#keys[0]!.address);
  }

  async request({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> {
    this.before(method);
    switch (method) {
      case "eth_accounts":
        return this.selected < 0 ? [] : [this.#keys[this.selected]!.address];
      case "eth_chainId":
        return `0x${this.chainId.toString(16)}`;
      case "wallet_switchEthereumChain":
        return this.#switch(Number((params[0] as { chainId: string }).chainId));
      case "eth_signTypedData_v4":
        this.asked.push({ method, params });
        if (this.reaction === "reject") throw fault(4001, "User rejected the request.");
        return this.#signTypedData(params[1] as string);
      case "eth_sendTransaction":
        this.asked.push({ method, params });
        return this.#react(params[0] as Record<string, Hex>);
      default:
        return this.#transport(method, params);
    }
  }

  /** The user's own doing: the last transaction once more with its nonce, and a higher fee. */
  async replace(changes: TransactionRequest): Promise<Hex> {
    return this.#broadcast({
      ...this.last,
      maxFeePerGas: 90n * 10n ** 9n,
      maxPriorityFeePerGas: 9n * 10n ** 9n,
      ...changes,
    });
  }

  #switch(chainId: number): null {
    if (this.reaction === "reject") throw fault(4001, "User rejected the request.");
    if (!this.chains.has(chainId)) throw fault(4902, "Unrecognized chain ID.");
    this.chainId = chainId;
    return null;
  }

  async #signTypedData(json: string): Promise<string> {
    const { domain, types, message } = JSON.parse(json);
    if (types.EIP712Domain === undefined) throw fault(-32602, "types lack EIP712Domain");
    delete types.EIP712Domain;
    return this.#keys[Math.max(this.selected, 0)]!.signTypedData(domain, types, message);
  }

  async #react({ from, to, data, value, gas }: Record<string, Hex>): Promise<Hex> {
    if (this.reaction === "reject") throw fault(4001, "User rejected the request.");
    if (this.reaction === "busy") throw fault(-32002, "Request already pending.");
    if (this.reaction === "ignore") return never();
    if (this.reaction === "lie") return UNKNOWN;
    const call =
      this.reaction === "swap" ? { to: from!, data: "0x", value: "0x1" } : { to: to!, data: data!, value: value! };
    const count = await this.#transport("eth_getTransactionCount", [from, "pending"]);
    const hash = await this.#broadcast({
      ...{ ...call, nonce: Number(count), gasLimit: gas ?? 1_000_000, type: 2 },
      ...{ maxFeePerGas: 30n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n },
      ...this.edits,
    });
    if (this.reaction === "lose") return never();
    if (this.reaction === "fail-after-sending") throw fault(-32603, "Internal JSON-RPC error.");
    return this.reaction === "misname" ? UNKNOWN : hash;
  }

  async #broadcast(request: TransactionRequest): Promise<Hex> {
    this.last = { chainId: this.chainId, ...request };
    const raw = await this.#keys[0]!.signTransaction(this.last);
    return (await this.#transport("eth_sendRawTransaction", [raw])) as Hex;
  }
}

function fault(code: number, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function never(): Promise<never> {
  return new Promise(() => {});
}
