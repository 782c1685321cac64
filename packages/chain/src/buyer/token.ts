import { Signature, TypedDataEncoder } from "ethers";
import type { Order } from "@zkcmp/sale/order";
import type { OpenRecord } from "../journal.ts";
import type { Waiting } from "../network-connection.ts";
import type { Party } from "../party.ts";
import type { PurchaseRecord } from "../purchase-record.ts";
import { approveExactly, readToken as read, requireBalance, TokenError, type TokenPayment } from "../token.ts";

function paymentOf({ token, buyer, escrow, price }: Order): TokenPayment {
  return { token, owner: buyer, spender: escrow, amount: price };
}

/** @throws {TokenError} if the buyer has less than the price */
export async function requireTokens(party: Party, order: Order): Promise<void> {
  await requireBalance(party, paymentOf(order));
}

/**
 * Lets the escrow take exactly the price, see {@link approveExactly}.
 * @throws {TokenError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function approvePrice(
  party: Party,
  order: Order,
  purchase: OpenRecord<PurchaseRecord>,
  waiting: Waiting,
): Promise<void> {
  const approval = {
    last: () => purchase.value.approve,
    write: async (approve: PurchaseRecord["approve"]) => purchase.write({ approve }),
  };
  await approveExactly(party, paymentOf(order), approval, waiting);
}

/**
 * Signs an ERC-2612 permit of exactly the price, good until the deal cannot be funded any more.
 * @throws {TokenError} if the token has no permit in the standard's form
 */
export async function permitPrice(party: Party, order: Order): Promise<Signature> {
  const { token, buyer, escrow, price, fundableUntil } = order;
  const without = new TokenError(`the token ${token} has no ERC-2612 permit`, "Fund without --permit.");
  try {
    const separator = await read<string>(party, token, "DOMAIN_SEPARATOR");
    const name = await read<string>(party, token, "name");
    const nonce = await read<bigint>(party, token, "nonces", [buyer]);
    const version = await read<string>(party, token, "version").catch((error: unknown) => {
      if (error instanceof TokenError) return "1";
      throw error;
    });
    const domain = { name, version, chainId: party.connection.chainId, verifyingContract: token };
    if (TypedDataEncoder.hashDomain(domain) !== separator) throw without;
    const message = { owner: buyer, spender: escrow, value: price, nonce, deadline: fundableUntil };
    return Signature.from(await party.wallet.signTypedData(domain, PERMIT_TYPE, message));
  } catch (error) {
    throw error instanceof TokenError ? without : error;
  }
}

const PERMIT_TYPE = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
