import type { Journal } from "@zkcmp/chain/journal";
import type { Connection } from "@zkcmp/chain/network-connection";
import type { Party } from "@zkcmp/chain/party";
import type { Address } from "@zkcmp/sale/order";
import type { Deployment } from "../../src/worker/deployment.ts";
import { Session } from "../../src/worker/session.ts";

/** A session of a page over a chain in this process, with an account that the test chooses. */
export class DeskSession extends Session {
  readonly #connection: Connection;
  readonly #deployment: Deployment;

  constructor(connection: Connection, journal: Journal, escrow: Address, orders: string[] = []) {
    super("https://market.example/", journal);
    this.#connection = connection;
    this.#deployment = {
      ...{ name: "Test market", chainId: connection.chainId, rpcUrl: "http://127.0.0.1:1/", escrow, escrowBlock: 0 },
      ...{ rewards: [], orders, rounds: [], trustedKeys: null, samples: [] },
    };
  }

  override async deployment(): Promise<Deployment> {
    return this.#deployment;
  }

  override async connection(): Promise<Connection> {
    return this.#connection;
  }

  /** Acts with a wallet from now on. */
  use(wallet: Party["wallet"]): void {
    this.actAs({ address: wallet.address.toLowerCase() as Address, wallet: () => wallet });
  }
}
