import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { type TestSet, testSetFromJson } from "@zkcmp/network/testset";
import type { Hex } from "@zkcmp/sale/hex";
import { checkEscrowCode } from "../escrow-check.ts";
import { EscrowContract, finalDeal } from "../escrow-contract.ts";
import { chainTime } from "../network-connection.ts";
import { nameOf, type Party, requireChain } from "../party.ts";
import { checkRootOnChain } from "../signature.ts";
import { askWalletNode } from "../wallet-node.ts";
import { findOffer } from "./offer-check.ts";
import { BurntTestSetError } from "./order.ts";
import { requireUnseenRows } from "./seen-rows.ts";

/** D or the nonce must not be handed out, or not now; says why. */
export class RevealError extends ZkcmpError {}

/** Who reveals; the account is needed only where it is a wallet's, since a link may then have named the node. */
export type Revealing = Pick<Party, "connection" | "journal"> & Partial<Pick<Party, "wallet">>;

/**
 * Hands out D for exactly one deal: only when the offer is on chain and final, its terms equal the order and its id is
 * the one recomputed from them. D is burnt in the journal before it is returned. Again with the same deal: the same D.
 * With a wallet's account the wallet's own node must see the same offer.
 * @throws {OfferMismatchError} if the offer is missing, not final, or differs from the order
 * @throws {RevealError} if the order cannot be funded any more
 * @throws {BurntTestSetError} if these rows were revealed to another deal, of this or any other order
 * @throws {SeenRowsError} if too many of them were
 * @throws {WalletError} if the wallet's own node does not confirm the offer
 */
export async function revealTestSet(
  { connection, journal, wallet }: Revealing,
  orderHash: Hex,
  dealId: FieldElement,
): Promise<{ testSet: TestSet; salt: Hex }> {
  return journal.withPurchase(orderHash, async (purchase) => {
    const { signedOrder, testSet, revealed } = purchase.value;
    const { order } = signedOrder;
    requireChain(connection, order);
    const rows = testSetFromJson(JSON.parse(await journal.kept(testSet.file, "the test set")), "The test set");
    if (revealed === undefined) {
      const burnt = await journal.revealedTestSet(testSet.rows);
      if (burnt !== null && burnt.dealId !== dealId) throw new BurntTestSetError(burnt.orderHash);
      await requireUnseenRows(journal, rows, orderHash);
      await checkEscrowCode(connection, order.escrow, journal);
      const { seller } = await findOffer(connection, order, dealId);
      if (wallet !== undefined) {
        await askWalletNode({ connection, journal, wallet }, async (own) => {
          await checkEscrowCode(own, order.escrow, journal);
          // The id hashes all that was compared above, so that it stands there is enough; wallets hand on no logs.
          const { state } = await finalDeal(own, new EscrowContract(own.provider, order.escrow), dealId);
          if (state !== "offered") {
            throw new RevealError(
              state === "none" ? "there is no such offer that is final" : `the deal is ${state}`,
              "Keep the test set.",
            );
          }
        });
      }
      if ((await chainTime(connection)) > order.fundableUntil) {
        throw new RevealError(`the ${nameOf(order)} cannot be funded any more`, "Make a new order; D stays unseen.");
      }
      const first = await journal.burnTestSet(testSet.rows, { orderHash, dealId });
      if (first.dealId !== dealId) throw new BurntTestSetError(first.orderHash);
      await purchase.write({ revealed: { dealId, seller } });
    } else if (revealed.dealId !== dealId) {
      throw new BurntTestSetError(orderHash);
    }
    return { testSet: rows, salt: testSet.salt };
  });
}

/**
 * Takes the seller's signed root and opens the nonce: once for a deal.
 * @throws {RevealError} for a second root, a root before D was revealed, or an order without sampling
 * @throws {SamplingError} if the signature is not the seller's (contracts are asked on chain)
 */
export async function openNonce(
  { connection, journal }: Pick<Party, "connection" | "journal">,
  orderHash: Hex,
  root: { readonly root: Hex; readonly signature: Hex },
): Promise<Hex> {
  return journal.withPurchase(orderHash, async (purchase) => {
    const { signedOrder, revealed, nonce, root: first } = purchase.value;
    const { order } = signedOrder;
    requireChain(connection, order);
    if (nonce === undefined) {
      throw new RevealError(`the ${nameOf(order)} asks for all rows`, "There is no nonce to open.");
    }
    if (revealed === undefined) {
      throw new RevealError("a root came before D was revealed", "Reveal D to the deal first (`zkcmp order reveal`).");
    }
    if (first === undefined) {
      await checkRootOnChain(connection, order, revealed.dealId, revealed.seller, root);
      await purchase.write({ root: { root: root.root, signature: root.signature } });
    } else if (first.root !== root.root) {
      throw new RevealError(
        "the seller has sent a second root for the same deal",
        "Refuse it: who knows the nonce can choose a root to it. Do not fund this deal.",
      );
    }
    return nonce;
  });
}
