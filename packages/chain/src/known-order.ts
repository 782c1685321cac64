import { type Encoding, encodingFromJson, encodingToJson } from "@zkcmp/network/encoding";
import { encodingDigest } from "@zkcmp/sale/encoding-digest";
import type { Hex } from "@zkcmp/sale/hex";
import { orderHash, orderToJson, type SignedOrder, signedOrderSchema, ZERO_DIGEST } from "@zkcmp/sale/order";
import type { OrderFile } from "@zkcmp/sale/order-file";
import * as z from "zod";
import { type Journal, JournalError, type RecordKind } from "./journal.ts";

/** Orders that were shown here, of whomever; each under its hash. Nothing in them is secret. */
export const SEEN_ORDERS: RecordKind<SignedOrder> = {
  folder: "orders",
  format: "zkcmp-seen-order",
  schema: signedOrderSchema,
  toJson: ({ order, signature }: SignedOrder) => ({ order: orderToJson(order), signature }),
  what: "order",
  fix: "Give its file once more.",
};

/** The published rules that turn raw features into integers, each under its digest as orders name it. */
export const ENCODINGS: RecordKind<Encoding> = {
  folder: "encodings",
  format: "zkcmp-seen-encoding",
  schema: z.unknown().transform((json) => encodingFromJson(json, "The encoding in the journal")),
  toJson: encodingToJson,
  what: "encoding",
  fix: "Give the order's file once more.",
};

/** Keeps an encoding, so that an order file which names it can be written again. Call it before the order is signed. */
export async function keepEncoding(journal: Journal, encoding: Encoding): Promise<void> {
  await journal.placeRecord(ENCODINGS, encodingDigest(encoding), async () => encoding);
}

/** The encoding that orders name by this digest, if it is in this journal; else null. */
export async function findEncoding(journal: Journal, digest: Hex): Promise<Encoding | null> {
  const encoding = await journal.find(ENCODINGS, digest);
  return encoding !== null && encodingDigest(encoding) === digest ? encoding : null;
}

/**
 * Keeps an order that is shown here, whoever's it is, to show its terms beside the offers that answer it.
 * @param file as `decodeOrderFile` gives it: signature and encoding are checked there
 * @returns its hash
 */
export async function keepSeenOrder(journal: Journal, { signedOrder, encoding }: OrderFile): Promise<Hex> {
  const hash = orderHash(signedOrder.order);
  if (encoding !== null) await keepEncoding(journal, encoding);
  await journal.placeRecord(SEEN_ORDERS, hash, async () => signedOrder);
  return hash;
}

/** Hashes of all orders that {@link findKnownOrder} finds. */
export async function knownOrderHashes(journal: Journal): Promise<Set<Hex>> {
  const seen = (await journal.recordNames(SEEN_ORDERS)) as Hex[];
  return new Set([...(await journal.purchases()), ...(await journal.sales()), ...seen]);
}

/** The order of a hash, if it is a purchase, a sale or a seen order of this journal; else null. */
export async function findKnownOrder(journal: Journal, hash: Hex): Promise<SignedOrder | null> {
  const record = (await journal.findPurchase(hash)) ?? (await journal.findSale(hash));
  const signedOrder = record?.signedOrder ?? (await journal.find(SEEN_ORDERS, hash));
  // The file's name is not part of what is in it.
  return signedOrder !== null && orderHash(signedOrder.order) === hash ? signedOrder : null;
}

/**
 * The order file of an order of this journal, as it went or goes to sellers.
 * @throws {JournalError} if the order, or the encoding that it names, is not in the journal
 */
export async function orderFileOf(journal: Journal, hash: Hex): Promise<OrderFile> {
  const signedOrder = await findKnownOrder(journal, hash);
  if (signedOrder === null) throw new JournalError(`the journal has no order ${hash}`, "Give its file once more.");
  const { encodingDigest: digest } = signedOrder.order;
  if (digest === ZERO_DIGEST) return { signedOrder, encoding: null };
  const encoding = await findEncoding(journal, digest);
  if (encoding === null) {
    throw new JournalError(
      `the journal has no encoding ${digest}, which the order ${hash} names`,
      "Use the order's file as it was written when it was signed.",
    );
  }
  return { signedOrder, encoding };
}
