import type { Journal } from "@zkcmp/chain/journal";
import type { FieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import { NotYetError, RefusedError } from "./cli-error.ts";
import {
  type NonceMessage,
  readNonce,
  readReveal,
  readRoot,
  type RevealMessage,
  type RootMessage,
} from "./message-file.ts";

/** Which deal a message must be for. */
export interface DealName {
  readonly orderHash: Hex;
  readonly dealId: FieldElement;
}

/** The deal of a sale. @throws {NotYetError} before the offer */
export async function dealOfSale(journal: Journal, orderHash: Hex): Promise<DealName & { readonly chainId: number }> {
  const { signedOrder, offer } = await journal.sale(orderHash);
  if (offer === undefined) throw new NotYetError("there is no offer yet", "Run `zkcmp offer` first.");
  return { orderHash, dealId: offer.dealId, chainId: signedOrder.order.chainId };
}

/** The deal of a purchase. @throws {NotYetError} before the test set was revealed */
export async function dealOfPurchase(
  journal: Journal,
  orderHash: Hex,
): Promise<DealName & { readonly chainId: number }> {
  const { signedOrder, revealed } = await journal.purchase(orderHash);
  if (revealed === undefined)
    throw new NotYetError("the test set is not revealed yet", "Run `zkcmp order reveal` first.");
  return { orderHash, dealId: revealed.dealId, chainId: signedOrder.order.chainId };
}

/** @throws {RefusedError} if the file is for another deal */
export async function readRevealFor(path: string, deal: DealName): Promise<RevealMessage> {
  return expectDeal(path, await readReveal(path), deal);
}

/** @throws {RefusedError} if the file is for another deal */
export async function readRootFor(path: string, deal: DealName): Promise<RootMessage> {
  return expectDeal(path, await readRoot(path), deal);
}

/** @throws {RefusedError} if the file is for another deal */
export async function readNonceFor(path: string, deal: DealName): Promise<NonceMessage> {
  return expectDeal(path, await readNonce(path), deal);
}

function expectDeal<T extends DealName>(path: string, message: T, deal: DealName): T {
  if (message.orderHash === deal.orderHash && message.dealId === deal.dealId) return message;
  throw new RefusedError(`${path} is for another deal`, "Give the file that belongs to this order and deal.");
}
