import type { Address } from "@zkcmp/sale/order";
import type { Deployment, LinkedPart } from "./deployment.ts";
import type { Session } from "./session.ts";
import { allowAskingAgain } from "./waiting.ts";

/** What the frame of the page shows of the session. */
export interface SessionView {
  readonly deployment: Deployment;
  /** All that the page's host offers: the links to them differ in `?chain=`. */
  readonly markets: readonly { readonly name: string; readonly chainId: number }[];
  /** What of the market the link has named, and the page's host has not. */
  readonly linked: readonly LinkedPart[];
  /** Published accounts and blocks that are final at once. */
  readonly isDevelopment: boolean;
  readonly account: Address | null;
}

/** Sends a request to the wallet on the page. */
export type WalletRequest = (args: { method: string; params?: unknown[] }) => Promise<unknown>;

/** The frame's questions: which market, which account, how much time. */
export class SessionDesk {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @throws {DeploymentError} */
  async view(): Promise<SessionView> {
    const { isDevelopmentChain } = await import("@zkcmp/chain/network-connection");
    const deployment = await this.#session.deployment();
    const markets = (await this.#session.deployments()).map(({ name, chainId }) => ({ name, chainId }));
    return {
      deployment,
      markets: markets.length === 0 ? [deployment] : markets,
      linked: await this.#session.linkedParts(),
      isDevelopment: isDevelopmentChain(deployment.chainId),
      account: this.#session.account(),
    };
  }

  /** Reaches the node. @returns the chain's time in unix seconds @throws {NodeError}, {DeploymentError} */
  async now(): Promise<number> {
    const { chainTime } = await import("@zkcmp/chain/network-connection");
    return chainTime(await this.#session.connection());
  }

  /**
   * Checks that the market's escrow is the contract that this version knows.
   * @throws {EscrowCodeError}
   */
  async checkEscrow(): Promise<void> {
    const { checkEscrowCode } = await import("@zkcmp/chain/escrow-check");
    const { escrow } = await this.#session.deployment();
    await checkEscrowCode(await this.#session.connection(), escrow, this.#session.journal);
  }

  /** Acts with an account whose key is published, on development chains only. @param index 0 to 9 */
  async useDevelopmentAccount(index: number): Promise<Address> {
    const { developmentAccount } = await import("@zkcmp/chain/development-account");
    const { chainId } = await this.#session.deployment();
    const wallet = developmentAccount({ chainId }, index);
    const address = wallet.address.toLowerCase() as Address;
    this.#session.actAs({ address, wallet: () => wallet });
    return address;
  }

  /** Acts with an account of a wallet on the page. */
  async useWallet(address: Address, request: WalletRequest): Promise<void> {
    const { eip1193Account } = await import("@zkcmp/chain/eip1193");
    const wallet = eip1193Account((args) => request(args), address);
    this.#session.actAs({ address, wallet: () => wallet });
  }

  /** Whether steps that begin now ask a wallet once more for what it has neither sent nor refused, as far as anybody knows. */
  allowAskingAgain(isAllowed: boolean): void {
    allowAskingAgain(isAllowed);
  }

  /** Acts with no account. */
  disconnect(): void {
    this.#session.actAs(null);
  }
}
