import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Bundle } from "@zkcmp/sale/bundle";
import { coreDigest } from "@zkcmp/sale/core";
import { dealIdOf } from "@zkcmp/sale/deal";
import { type Order, orderHash } from "@zkcmp/sale/order";
import { checkEscrowCode } from "../escrow-check.ts";
import { EscrowContract, finalDeal, type OfferedEvent } from "../escrow-contract.ts";
import type { Journal } from "../journal.ts";
import type { Connection } from "../network-connection.ts";
import { requireChain } from "../party.ts";
import { checkOrderOnChain, checkRootOnChain } from "../signature.ts";

/** The offer on chain is missing, not final, over, or not the one that was ordered. */
export class OfferMismatchError extends ZkcmpError {}

/**
 * Finds the offer of a deal and compares all of it with the order. Its id is computed anew from what the chain shows,
 * so that an id which was only claimed is found out.
 * @throws {OfferMismatchError} if it is missing, not final, no longer open, or a field differs
 */
export async function findOffer(connection: Connection, order: Order, dealId: FieldElement): Promise<OfferedEvent> {
  const escrow = new EscrowContract(connection.provider, order.escrow);
  const { state } = await escrow.deal(dealId);
  if (state !== "offered") {
    throw new OfferMismatchError(
      state === "none" ? "there is no such deal on chain" : `the deal is ${state}, not offered`,
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
  const { rewards, round, basisPoints } = offer.split;
  if (BigInt(rewards) !== 0n || round !== 0n || basisPoints !== 0) refuse("split");
  const recomputed = dealIdOf({ ...offer, chainId: order.chainId, escrow: order.escrow });
  if (recomputed !== dealId) {
    throw new OfferMismatchError("the deal's id does not follow from the offer", "Do not go on with this deal.");
  }
  if ((await finalDeal(connection, escrow, dealId)).state !== "offered") {
    throw new OfferMismatchError(
      "the offer is not final yet: the chain could still forget it, and another seal could take its place",
      "Run the same command again in a quarter of an hour.",
    );
  }
  return offer;
}

/**
 * Compares a bundle with the chain: escrow code, signatures (plain or ERC-1271), state Offered and final, every field of
 * the offer, deal id, seller, E and digest of the core. Call it before
 * `verifyBundle({ ..., signaturesCheckedOnChain: true })`.
 * @throws {OfferMismatchError}, {WrongChainError}, {EscrowCodeError}, {OrderError}, {SamplingError} naming what differs
 */
export async function checkOffer(connection: Connection, journal: Journal, bundle: Bundle): Promise<OfferedEvent> {
  const { core, signedOrder, dealId, seller, sampling, split } = bundle;
  const { order } = signedOrder;
  requireChain(connection, order);
  await checkEscrowCode(connection, order.escrow, journal);
  await checkOrderOnChain(connection, signedOrder);
  if (sampling !== null) {
    const { root, rootSignature: signature } = sampling;
    await checkRootOnChain(connection, order, dealId, seller, { root, signature });
  }
  const offer = await findOffer(connection, order, dealId);
  const differences: [boolean, string][] = [
    [offer.seller !== seller, "seller"],
    [offer.core !== coreDigest(core), "core"],
    [offer.keyCommitment !== core.keyCommitment, "key commitment"],
    [offer.orderHash !== core.orderHash, "order hash"],
    [split.rewards !== offer.split.rewards || split.round !== offer.split.round, "split"],
    [split.basisPoints !== offer.split.basisPoints, "split"],
  ];
  for (const [differs, what] of differences) {
    if (differs) {
      throw new OfferMismatchError(`the bundle's ${what} is not the one that was offered`, "Do not fund this deal.");
    }
  }
  return offer;
}
