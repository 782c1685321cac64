import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type EmbeddedChain, openEmbeddedChain } from "@zkcmp/chain/embedded-chain";
import { deterministicEscrowAddress } from "@zkcmp/chain/escrow-deployment";
import { Journal } from "@zkcmp/chain/journal";
import { connect, type Connection, type Waiting, WrongChainError } from "@zkcmp/chain/network-connection";
import type { Party } from "@zkcmp/chain/party";
import { developmentAccount } from "@zkcmp/chain/development-account";
import { openKeystore } from "@zkcmp/chain/wallet";
import { endCurve } from "@zkcmp/groth16/curve";
import type { Address } from "@zkcmp/sale/order";
import type { BaseWallet } from "ethers";
import { KeyError } from "./cli-error.ts";
import { ContributionList } from "./contribution-list.ts";
import { KeyFolder } from "./key-folder.ts";
import type { Output } from "./output.ts";
import { passwordSource } from "./password.ts";
import { confirm, type Terminal } from "./prompt.ts";

/** The options that every command takes. */
export interface GlobalOptions {
  readonly home: string;
  readonly rpcUrl?: string | undefined;
  readonly embeddedChain?: string | undefined;
  readonly account?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly escrow?: Address | undefined;
  /** Seconds. */
  readonly timeout: number;
  readonly json: boolean;
  readonly yes: boolean;
  readonly force: boolean;
}

export const DEFAULT_HOME = join(homedir(), ".zkcmp");

const EMBEDDED_CHAIN_ID = 31337;

/** What one run of a command stands on: its options, folders, chain and account, and where it speaks and asks. */
export class Session {
  readonly output: Output;
  readonly terminal: Terminal;
  #options: GlobalOptions | null = null;
  #connection: Connection | null = null;
  #embedded: EmbeddedChain | null = null;

  constructor(output: Output, terminal: Terminal) {
    this.output = output;
    this.terminal = terminal;
  }

  configure(options: GlobalOptions): void {
    this.#options = options;
  }

  get options(): GlobalOptions {
    if (this.#options === null) throw new Error("the options are read before a command runs");
    return this.#options;
  }

  get keys(): KeyFolder {
    return new KeyFolder(join(this.options.home, "keys"));
  }

  get journal(): Journal {
    return new Journal(this.options.home);
  }

  get contributions(): ContributionList {
    return new ContributionList(join(this.options.home, "contributions.json"));
  }

  /** How to wait for the chain: until --timeout, saying what for. */
  get waiting(): Waiting {
    return { timeout: this.options.timeout, onWait: (what) => this.output.progress(what) };
  }

  /** Asks before something that spends or gives away. @throws {DeclinedError} */
  async confirm(question: string): Promise<void> {
    this.output.clear();
    await confirm(this.terminal, question, this.options.yes);
  }

  /**
   * The chain: a node if --rpc-url names one, else the embedded chain.
   * @param options.chainId the chain that the deal is on
   * @throws NodeError, WrongChainError
   */
  async connection(options: { readonly chainId?: number; readonly relayUrl?: string } = {}): Promise<Connection> {
    const { rpcUrl } = this.options;
    const { chainId } = options;
    if (rpcUrl === undefined) {
      if (chainId !== undefined && chainId !== EMBEDDED_CHAIN_ID) {
        throw new WrongChainError(EMBEDDED_CHAIN_ID, chainId, "the deal is");
      }
      return this.embeddedChain();
    }
    this.#connection ??= await connect(rpcUrl, options);
    return this.#connection;
  }

  /** The chain that runs in this process, in the folder --embedded-chain, else in the home. */
  async embeddedChain(): Promise<EmbeddedChain> {
    if (this.#embedded === null) {
      this.output.progress("starting the embedded chain");
      this.#embedded = await openEmbeddedChain(this.options.embeddedChain ?? this.options.home);
    }
    return this.#embedded;
  }

  /** The escrow for new orders: --escrow, else that of the embedded chain, else the address it has on every chain. */
  escrow(): Address {
    return this.options.escrow ?? this.#embedded?.escrow ?? deterministicEscrowAddress();
  }

  /** The account that signs and pays. @throws {KeyError}, WalletError */
  async wallet(connection: Connection): Promise<BaseWallet> {
    const { account } = this.options;
    if (account !== undefined && /^[0-9]+$/.test(account)) return developmentAccount(connection, Number(account));
    const path = this.#keystorePath(account);
    return openKeystore(path, passwordSource(this, path), connection);
  }

  /** Who acts: account, chain and journal. */
  async party(options: { readonly chainId?: number; readonly relayUrl?: string } = {}): Promise<Party> {
    const connection = await this.connection(options);
    this.output.progress("opening the account");
    return { connection, wallet: await this.wallet(connection), journal: this.journal };
  }

  /** Ends what would keep the process alive. */
  async close(): Promise<void> {
    await this.#connection?.close();
    await this.#embedded?.close();
    await endCurve();
  }

  #keystorePath(account: string | undefined): string {
    if (account === undefined || /^[\w-]+$/.test(account)) {
      const path = this.keys.keystorePath(account ?? "default");
      if (existsSync(path)) return path;
    }
    if (account !== undefined && existsSync(account)) return account;
    throw new KeyError(
      account === undefined ? "there is no account to sign and pay with" : `there is no account ${account}`,
      "Name one with --account: a key of `zkcmp keys show`, a keystore file, or on development chains a number from 0 to 9.",
    );
  }
}
