import type { Network } from "@zkcmp/network/network";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import type { SignedOrder } from "@zkcmp/sale/order";
import type { DisclosureLimits } from "../disclosure.ts";
import type { Journal } from "../journal.ts";
import type { SaleRecord } from "../sale-record.ts";

/**
 * Seals a network for an order, and writes key, opening and seal down before it returns. Called again with the same network,
 * it returns the seal it has; with another one it draws everything anew. Works offline; the order's signature is
 * checked where it is a plain account's, contracts are asked when the offer is made.
 * @param input.networkPath where the network was read from, for the record
 * @param input.proofSystem whose id and key files go into the core
 * @throws {SealingError} once an offer stands that is not cancelled, or once the test set was seen
 * @throws {DisclosureError} if the order asks more than the limits allow
 */
export async function sealSale(
  journal: Journal,
  input: {
    readonly signedOrder: SignedOrder;
    readonly network: Network;
    readonly networkPath: string;
    readonly proofSystem: Pick<ProofSystem, "id" | "keyFiles">;
    readonly limits?: DisclosureLimits;
  },
): Promise<SaleRecord> {
  throw new Error(`to come ${journal.home} ${input.networkPath}`);
}
