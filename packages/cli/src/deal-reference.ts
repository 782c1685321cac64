import { existsSync } from "node:fs";
import type { Journal } from "@zkcmp/chain/journal";
import type { FieldElement } from "@zkcmp/field/element";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { orderHash } from "@zkcmp/sale/order";
import { UsageError } from "./cli-error.ts";
import { readOrderFile } from "./order-file.ts";

/** How a sale or a purchase is named in commands. */
export const REFERENCE_HELP = "the order file, the order's hash, or the deal's id";

/**
 * The sale that is meant by an order's file, its hash or the id of its deal.
 * @throws {UsageError} if the journal has no such sale
 */
export async function findSale(journal: Journal, reference: string): Promise<Hex> {
  return (await matchSale(journal, reference)) ?? missing(reference, "sale");
}

/** The same for a purchase. @throws {UsageError} if the journal has none */
export async function findPurchase(journal: Journal, reference: string): Promise<Hex> {
  return (await matchPurchase(journal, reference)) ?? missing(reference, "purchase");
}

/** Whatever is meant, a sale or a purchase, or both where one journal serves both parties. @throws {UsageError} */
export async function findDeals(journal: Journal, reference: string): Promise<{ sales: Hex[]; purchases: Hex[] }> {
  const [sale, purchase] = [await matchSale(journal, reference), await matchPurchase(journal, reference)];
  if (sale === null && purchase === null) missing(reference, "sale or purchase");
  return { sales: sale === null ? [] : [sale], purchases: purchase === null ? [] : [purchase] };
}

async function matchSale(journal: Journal, reference: string): Promise<Hex | null> {
  return match(await journal.sales(), reference, async (order) => (await journal.sale(order)).offer?.dealId);
}

async function matchPurchase(journal: Journal, reference: string): Promise<Hex | null> {
  return match(await journal.purchases(), reference, async (order) => (await journal.purchase(order)).revealed?.dealId);
}

async function match(
  orders: readonly Hex[],
  reference: string,
  dealOf: (order: Hex) => Promise<FieldElement | undefined>,
): Promise<Hex | null> {
  const wanted = /^0x[0-9a-f]{64}$/i.test(reference) ? (reference.toLowerCase() as Hex) : null;
  const hash = wanted ?? (await hashOfFile(reference));
  if (orders.includes(hash)) return hash;
  if (wanted === null) return null;
  for (const order of orders) {
    const dealId = await dealOf(order);
    if (dealId !== undefined && fieldToHex(dealId) === wanted) return order;
  }
  return null;
}

function missing(reference: string, what: string): never {
  throw new UsageError(
    `your journal has no ${what} ${reference}`,
    "See `zkcmp status` for what it has, and --home if you use several folders.",
  );
}

async function hashOfFile(path: string): Promise<Hex> {
  if (!existsSync(path)) {
    throw new UsageError(`${path} is neither a file nor a hash`, `Give ${REFERENCE_HELP}.`);
  }
  const { signedOrder } = await readOrderFile(path);
  return orderHash(signedOrder.order);
}
