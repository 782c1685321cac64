import { recoverAddress, Signature, TypedDataEncoder } from "ethers";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { NotSentError, type WalletAccount, WalletError } from "./account.ts";
import { refusePublishedAccount } from "./development-account.ts";
import { NodeProvider, RpcError, withoutSecrets } from "./json-rpc.ts";
import { isSignedBy } from "./signature.ts";

/** How a page talks to a wallet (EIP-1193). */
export type Eip1193Request = (args: { method: string; params?: unknown[] }) => Promise<unknown>;

/** The user said no. */
export class RejectedSignatureError extends NotSentError {
  constructor(what: string) {
    super(`the wallet was told not to ${what}`, "Begin the step again if you want it after all.");
  }
}

/** The wallet offers another account than the one that acts. */
export class WrongAccountError extends NotSentError {
  constructor(offered: Address | null, expected: Address) {
    super(
      offered === null
        ? `the wallet shows this page no account any more, the step needs ${expected}`
        : `the wallet is at the account ${offered}, the step needs ${expected}`,
      `Choose ${expected} in the wallet and connect it to this page, then begin the step again.`,
    );
  }
}

/** The wallet is on another chain, and did not go to the right one. */
export class WalletChainError extends NotSentError {}

/** The wallet still shows an earlier question. */
export class PendingRequestError extends NotSentError {
  constructor() {
    super(
      "the wallet still waits for the answer to an earlier question",
      "Open the wallet, answer it, then try again.",
    );
  }
}

/** A signature that the account's own check does not accept. */
export class WalletSignatureError extends NotSentError {}

/** What a wallet answered that leaves open whether it did what it was asked for. */
export class WalletAnswerError extends WalletError {}

/** Codes of EIP-1193 and EIP-1474 that say what became of a request. */
const CODES = {
  rejected: [4001, 5000],
  pending: [-32002],
  /** Not allowed, not supported, not understood: refused before it was shown to anybody. */
  refused: [4100, 4200, -32600, -32601, -32602, -32700, -32004],
} as const;

/** Wallets that give other codes say it in words. */
const REJECTED =
  /\buser (?:has )?(?:rejected|denied|declined|cancell?ed|disapproved)|(?:rejected|denied|declined|cancell?ed) by (?:the )?user/i;

/**
 * An account of a wallet. Before anything is asked for, the wallet has to be at this account and on the right chain.
 * @param address as the wallet gave it
 */
export function eip1193Account(request: Eip1193Request, address: string): WalletAccount {
  return new Eip1193Account(request, address.toLowerCase() as Address);
}

class Eip1193Account implements WalletAccount {
  readonly address: Address;
  readonly #request: Eip1193Request;

  constructor(request: Eip1193Request, address: Address) {
    this.#request = request;
    this.address = address;
  }

  async prepare(chainId: number): Promise<void> {
    refusePublishedAccount(this, { chainId });
    await this.#requireAccount();
    const current = await this.#chainId();
    if (current === chainId) return;
    try {
      await this.#ask("wallet_switchEthereumChain", [{ chainId: quantity(chainId) }], "switch to another chain");
    } catch (error) {
      if (!(error instanceof WalletError) || error instanceof PendingRequestError) throw error;
      throw new WalletChainError(
        `the wallet is on chain ${current}, the step needs chain ${chainId}: ${error.problem}`,
        `Choose chain ${chainId} in the wallet (add it with its node's URL if it is not there), then try again.`,
      );
    }
    await this.#requireChain(chainId);
    await this.#requireAccount();
  }

  async codeAt(address: Address): Promise<Hex | null> {
    let code: unknown;
    try {
      code = await this.#request({ method: "eth_getCode", params: [address, "latest"] });
    } catch {
      // Not every wallet reads for a page.
      return null;
    }
    return typeof code === "string" && /^0x(?:[0-9a-f]{2})*$/i.test(code) ? (code.toLowerCase() as Hex) : null;
  }

  async signTypedData(...[domain, types, message]: Parameters<WalletAccount["signTypedData"]>): Promise<string> {
    const chainId = domain.chainId === null || domain.chainId === undefined ? null : Number(domain.chainId);
    await (chainId === null ? this.#requireAccount() : this.prepare(chainId));
    const payload = JSON.stringify(TypedDataEncoder.getPayload(domain, types, message));
    const answer = await this.#ask("eth_signTypedData_v4", [this.address, payload], "sign");
    const signature = String(answer).toLowerCase() as Hex;
    const digest = TypedDataEncoder.hash(domain, types, message) as Hex;
    const plain = this.#plainSignature(digest, signature);
    if (plain !== null) return plain;
    if (/^0x(?:[0-9a-f]{2})+$/.test(signature) && (await this.#isOwnContract(digest, signature, chainId))) {
      return signature;
    }
    throw new WalletSignatureError(
      `what the wallet signed is not a signature of ${this.address}`,
      "Check which account the wallet is at, or use another wallet.",
    );
  }

  async sendTransaction({ to, data, value, gasLimit, chainId }: Parameters<WalletAccount["sendTransaction"]>[0]) {
    refusePublishedAccount(this, { chainId });
    await this.#requireAccount();
    await this.#requireChain(chainId);
    const call = {
      ...{ from: this.address, to, data, value: quantity(value), chainId: quantity(chainId) },
      ...(gasLimit === undefined ? {} : { gas: quantity(gasLimit) }),
    };
    const hash = await this.#ask("eth_sendTransaction", [call], "send");
    if (typeof hash === "string" && /^0x[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase() as Hex;
    throw new WalletAnswerError(
      "the wallet's answer is not the hash of a transaction",
      "Look into the wallet for what it has sent.",
    );
  }

  node(chainId: number): NodeProvider {
    const transport = async (method: string, params: unknown[]): Promise<unknown> => {
      try {
        return await this.#request({ method, params });
      } catch (error) {
        throw new RpcError(method, { code: codeOf(error), message: wordsOf(error) });
      }
    };
    return new NodeProvider(transport, chainId);
  }

  /** The form that orders and contracts take (v 27 or 28), whatever form the wallet gave it; null if it is another's. */
  #plainSignature(digest: Hex, signature: Hex): string | null {
    try {
      const { serialized } = Signature.from(signature);
      return recoverAddress(digest, serialized).toLowerCase() === this.address ? serialized : null;
    } catch {
      return null;
    }
  }

  async #isOwnContract(digest: Hex, signature: Hex, chainId: number | null): Promise<boolean> {
    const provider = this.node(chainId ?? (await this.#chainId()));
    try {
      return await isSignedBy({ provider }, this.address, digest, signature);
    } finally {
      provider.destroy();
    }
  }

  async #requireAccount(): Promise<void> {
    const accounts = await this.#ask("eth_accounts", [], "show its accounts");
    const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
    const current = typeof first === "string" ? (first.toLowerCase() as Address) : null;
    if (current !== this.address) throw new WrongAccountError(current, this.address);
  }

  async #requireChain(chainId: number): Promise<void> {
    const current = await this.#chainId();
    if (current === chainId) return;
    throw new WalletChainError(
      `the wallet is on chain ${current}, the step needs chain ${chainId}`,
      `Choose chain ${chainId} in the wallet, then try again.`,
    );
  }

  async #chainId(): Promise<number> {
    const answer = await this.#ask("eth_chainId", [], "say which chain it is on");
    return typeof answer === "number" ? answer : Number.parseInt(String(answer));
  }

  async #ask(method: string, params: unknown[], what: string): Promise<unknown> {
    try {
      return await this.#request({ method, params });
    } catch (error) {
      const is = (codes: readonly number[]): boolean => codes.includes(codeOf(error));
      if (is(CODES.rejected) || REJECTED.test(wordsOf(error))) throw new RejectedSignatureError(what);
      if (is(CODES.pending)) throw new PendingRequestError();
      const problem = `the wallet does not ${what}: ${withoutSecrets(wordsOf(error))}`;
      const fix = "Look into the wallet; if it stays so, use another one.";
      // A question that changes nothing can be asked again, whatever became of it.
      const isHarmless = method !== "eth_sendTransaction" || is(CODES.refused);
      throw isHarmless ? new NotSentError(problem, fix) : new WalletAnswerError(problem, fix);
    }
  }
}

function codeOf(error: unknown): number {
  return typeof error === "object" && error !== null && "code" in error ? Number(error.code) : 0;
}

function wordsOf(error: unknown): string {
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : undefined;
  return typeof message === "string" && message !== "" ? message : "no reason given";
}

function quantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}
