import type { FieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import type { Deal } from "./escrow-contract.ts";
import type { Journal } from "./journal.ts";
import type { Connection } from "./network-connection.ts";

/** Where a sale or a purchase stands. Holds no secret. */
export interface DealStatus {
  readonly role: "seller" | "buyer";
  readonly orderHash: Hex;
  readonly dealId: FieldElement | null;
  /** null where no deal is known yet. */
  readonly deal: Deal | null;
  /** Whether the deal's present state is that of the `finalized` block. */
  readonly final: boolean;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  /** What to do next, in one sentence. */
  readonly next: string;
}

/** @throws {JournalError} if the journal has no such sale */
export async function saleStatus(connection: Connection, journal: Journal, orderHash: Hex): Promise<DealStatus> {
  throw new Error(`to come ${connection.chainId} ${journal.home} ${orderHash}`);
}

/** @throws {JournalError} if the journal has no such purchase */
export async function purchaseStatus(connection: Connection, journal: Journal, orderHash: Hex): Promise<DealStatus> {
  throw new Error(`to come ${connection.chainId} ${journal.home} ${orderHash}`);
}
