import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { dealIdOf } from "@zkcmp/sale/deal";
import { type Order, orderHash } from "@zkcmp/sale/order";
import { type DealState, EscrowContract, finalDeal, type OfferedEvent } from "../escrow-contract.ts";
import type { Connection } from "../network-connection.ts";

/** The offer on chain is missing, not final, over, or not the one that was ordered. */
export class OfferMismatchError extends ZkcmpError {}

/**
 * Finds the offer of a deal and compares all of it with the order. Its id is computed anew from what the chain shows,
 * so that an id which was only claimed is found out. A share for a round is the seller's own affair: it takes nothing
 * from the buyer, and is part of the id.
 * @param states where the deal may stand
 * @throws {OfferMismatchError} if it is missing, not final, in another state, or a field differs
 */
export async function findOffer(
  connection: Connection,
  order: Order,
  dealId: FieldElement,
  states: readonly DealState[] = ["offered"],
): Promise<OfferedEvent> {
  const escrow = new EscrowContract(connection.provider, order.escrow);
  const { state } = await escrow.deal(dealId);
  if (!states.includes(state)) {
    throw new OfferMismatchError(
      state === "none" ? "there is no such deal on chain" : `the deal is ${state}, not ${states[0]}`,
      state === "none" ? "Ask the seller for the deal's id, and check the chain." : "Do not go on with this deal.",
    );
  }
  const offer = await escrow.offered(dealId);
  if (offer === null) {
    throw new OfferMismatchError("the node does not find the offer's event", "Use a node that keeps old events.");
  }
  const refuse = (what: string): never => {
    throw new OfferMismatchError(`the offer's ${what} is not the one of the order`, "Do not go on with this deal.");
  };
  if (offer.orderHash !== orderHash(order)) refuse("order hash");
  for (const field of ["buyer", "token", "price", "fundableUntil", "timeToRedeem"] as const) {
    if (offer[field] !== order[field]) refuse(field);
  }
  const recomputed = dealIdOf({ ...offer, chainId: order.chainId, escrow: order.escrow });
  if (recomputed !== dealId) {
    throw new OfferMismatchError("the deal's id does not follow from the offer", "Do not go on with this deal.");
  }
  if ((await finalDeal(connection, escrow, dealId)).state === "none") {
    throw new OfferMismatchError(
      "the offer is not final yet: the chain could still forget it, and another seal could take its place",
      "Run the same command again in a quarter of an hour.",
    );
  }
  return offer;
}
