import type { BaseWallet } from "ethers";
import type { Journal } from "./journal.ts";
import type { Connection } from "./network-connection.ts";

/** Who acts: an account on a chain, with a memory. */
export interface Party {
  readonly connection: Connection;
  readonly wallet: BaseWallet;
  readonly journal: Journal;
}
