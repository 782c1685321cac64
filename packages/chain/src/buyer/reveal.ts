import type { FieldElement } from "@zkcmp/field/element";
import type { TestSet } from "@zkcmp/network/testset";
import type { Hex } from "@zkcmp/sale/hex";
import type { Party } from "../party.ts";

/**
 * Hands out D for exactly one deal: only when the offer is on chain and final, its terms equal the order and its id is the one
 * recomputed from them. D is burnt in the journal before it is returned. Again with the same deal: the same D.
 * @throws {RevealError} if the offer is missing, not final, or differs from the order
 * @throws {BurntTestSetError} if these rows were revealed to another deal, of this or any other order
 */
export async function revealTestSet(
  party: Pick<Party, "connection" | "journal">,
  orderHash: Hex,
  dealId: FieldElement,
): Promise<{ testSet: TestSet; salt: Hex }> {
  throw new Error(`to come ${party.journal.home} ${orderHash} ${dealId}`);
}

/**
 * Takes the seller's signed root and opens the nonce: once for a deal.
 * @throws {RevealError} for a second root, a root before D was revealed, or an order without sampling
 * @throws {SamplingError} if the signature is not the seller's (contracts are asked on chain)
 */
export async function openNonce(
  party: Pick<Party, "connection" | "journal">,
  orderHash: Hex,
  root: { readonly root: Hex; readonly signature: Hex },
): Promise<Hex> {
  throw new Error(`to come ${party.journal.home} ${orderHash} ${root.root}`);
}
