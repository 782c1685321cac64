import type { Hex } from "@zkcmp/sale/hex";
import { type Order, orderHash } from "@zkcmp/sale/order";
import { type Account, walletAddress } from "./account.ts";
import type { Journal } from "./journal.ts";
import { type Connection, WrongChainError } from "./network-connection.ts";
import { type Call, type MinedTransaction, type Sending, sendTransaction } from "./transaction.ts";

/** Who acts: an account on a chain, with a memory. */
export interface Party {
  readonly connection: Connection;
  readonly wallet: Account;
  readonly journal: Journal;
}

/** {@link sendTransaction} for a party: no two of its commands take the same nonce. */
export async function sendAs(
  { connection, wallet, journal }: Party,
  call: Call,
  sending: Omit<Sending, "lockAccount">,
): Promise<MinedTransaction> {
  return sendTransaction(connection, wallet, call, {
    ...sending,
    lockAccount: (work) => journal.withAccount(connection.chainId, walletAddress(wallet), work),
  });
}

/** @throws {WrongChainError} if the order's chain is not the node's */
export function requireChain({ chainId }: Connection, order: Order): void {
  if (chainId !== order.chainId) throw new WrongChainError(chainId, order.chainId, "the order is");
}

/** How messages name an order: the first digits of its hash are enough to find the file. */
export function nameOf(order: Order | Hex): string {
  return `order ${(typeof order === "string" ? order : orderHash(order)).slice(0, 10)}…`;
}
