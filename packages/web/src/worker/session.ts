import { WalletError } from "@zkcmp/chain/account";
import type { Journal } from "@zkcmp/chain/journal";
import type { Connection } from "@zkcmp/chain/network-connection";
import type { Party } from "@zkcmp/chain/party";
import type { Address } from "@zkcmp/sale/order";
import { addressParameters } from "../node-choice.ts";
import {
  chooseDeployment,
  type Deployment,
  DeploymentError,
  type LinkedPart,
  linkedParts,
  parseDeployments,
} from "./deployment.ts";

/** The account that acts, and how it signs on a connection. */
export interface Signer {
  readonly address: Address;
  readonly wallet: (connection: Connection) => Party["wallet"];
}

/** What the desks share: the deployment, the node, the journal and the account of this page. */
export class Session {
  readonly home = "zkcmp";
  readonly journal: Journal;
  readonly #page: string;
  #deployments: Promise<Deployment[]> | null = null;
  #connection: Promise<Connection> | null = null;
  #signer: Signer | null = null;

  /**
   * @param page the page's whole address
   * @param journal the memory of this browser
   */
  constructor(page: string, journal: Journal) {
    this.#page = page;
    this.journal = journal;
  }

  /** All deployments that the page's host names. @throws {DeploymentError} */
  async deployments(): Promise<readonly Deployment[]> {
    this.#deployments ??= fetchDeployments(this.#page);
    try {
      return await this.#deployments;
    } catch (error) {
      this.#deployments = null;
      throw error;
    }
  }

  /** The market of this page. @throws {DeploymentError} */
  async deployment(): Promise<Deployment> {
    return chooseDeployment(addressParameters(this.#page), await this.deployments());
  }

  /** What of the market the link has named, and the page's host has not. @throws {DeploymentError} */
  async linkedParts(): Promise<readonly LinkedPart[]> {
    return linkedParts(addressParameters(this.#page), await this.deployments());
  }

  /**
   * The deployment's node. It is asked for its chain once; every caller gets the same connection.
   * @param options.chainId the chain that is needed, where that is not the deployment's by itself
   * @throws {DeploymentError}, {NodeError}, {WrongChainError}
   */
  async connection(options: { readonly chainId?: number } = {}): Promise<Connection> {
    const deployment = await this.deployment();
    const { connect, WrongChainError } = await import("@zkcmp/chain/network-connection");
    if (options.chainId !== undefined && options.chainId !== deployment.chainId) {
      throw new WrongChainError(deployment.chainId, options.chainId, "what was asked for is");
    }
    this.#connection ??= connect(deployment.rpcUrl);
    let connection: Connection;
    try {
      connection = await this.#connection;
    } catch (error) {
      this.#connection = null;
      throw error;
    }
    if (connection.chainId !== deployment.chainId) {
      this.#connection = null;
      throw new DeploymentError(
        `the node of ${deployment.name} is on chain ${connection.chainId}, not on chain ${deployment.chainId} as named`,
        "Do not send money with this page before its address or its deployments.json is corrected.",
      );
    }
    return connection;
  }

  /** @throws {WalletError} if no account is connected */
  async party(): Promise<Party> {
    const signer = this.#signer;
    if (signer === null) {
      throw new WalletError("no account is connected", "Connect a wallet with the button at the top of the page.");
    }
    const connection = await this.connection();
    return { connection, wallet: signer.wallet(connection), journal: this.journal };
  }

  /** The account that acts, or null. */
  account(): Address | null {
    return this.#signer?.address ?? null;
  }

  /** Lets an account act from now on, or none. */
  actAs(signer: Signer | null): void {
    this.#signer = signer;
  }
}

async function fetchDeployments(page: string): Promise<Deployment[]> {
  const url = new URL("./deployments.json", page);
  url.search = url.hash = "";
  let response: Response;
  try {
    response = await fetch(url, { cache: "no-cache" });
  } catch {
    throw new DeploymentError("deployments.json cannot be loaded", "Check your connection and load the page again.");
  }
  // Without the file there is only what the page's address names.
  if (response.status === 404) return [];
  if (!response.ok) {
    throw new DeploymentError(
      `deployments.json cannot be loaded: its server answers with status ${response.status}`,
      "Load the page again, or tell its host.",
    );
  }
  return parseDeployments(await response.text(), url.href);
}
