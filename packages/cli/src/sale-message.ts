import type { Journal } from "@zkcmp/chain/journal";
import type { Hex } from "@zkcmp/sale/hex";
import {
  type DealName,
  expectDeal,
  type NonceMessage,
  type RevealMessage,
  type RootMessage,
} from "@zkcmp/sale/sale-message";
import { NotYetError } from "./cli-error.ts";
import { readNonce, readReveal, readRoot } from "./message-file.ts";

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
