import { Interface, Signature, TypedDataEncoder } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address, Order } from "@zkcmp/sale/order";
import type { OpenRecord } from "../journal.ts";
import { NodeError } from "../json-rpc.ts";
import type { Waiting } from "../network-connection.ts";
import { type Party, sendAs } from "../party.ts";
import type { PurchaseRecord } from "../purchase-record.ts";
import { minedTransaction } from "../transaction.ts";

/** The token cannot pay for the deal, or does not do what is asked of it. Nothing was spent. */
export class TokenError extends ZkcmpError {}

const erc20 = new Interface([
  "function balanceOf(address owner) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 value)",
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function nonces(address owner) view returns (uint256)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
]);

async function read<T>(party: Party, token: Address, name: string, args: readonly unknown[] = []): Promise<T> {
  const data = erc20.encodeFunctionData(name, args);
  try {
    const answer = (await party.connection.provider.send("eth_call", [{ to: token, data }, "latest"])) as string;
    return erc20.decodeFunctionResult(name, answer)[0] as T;
  } catch (error) {
    if (error instanceof NodeError) throw error;
    throw new TokenError(`the token ${token} does not answer ${name}`, "Check the token's address.");
  }
}

/** @throws {TokenError} if the buyer has less than the price */
export async function requireTokens(party: Party, { token, buyer, price }: Order): Promise<void> {
  const balance = await read<bigint>(party, token, "balanceOf", [buyer]);
  if (balance < price) {
    throw new TokenError(
      `${buyer} has ${balance} units of the token ${token}, the price is ${price}`,
      `Send at least ${price - balance} units to the account and run the same command again.`,
    );
  }
}

/**
 * Lets the escrow take exactly the price. An allowance that is there and too small is set to zero first, which some tokens ask for.
 * @throws {TokenError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function approvePrice(
  party: Party,
  { token, buyer, escrow, price }: Order,
  purchase: OpenRecord<PurchaseRecord>,
  waiting: Waiting,
): Promise<void> {
  for (let step = 0; step < 4; step++) {
    const allowance = await read<bigint>(party, token, "allowance", [buyer, escrow]);
    if (allowance >= price) return;
    const data = erc20.encodeFunctionData("approve", [escrow, allowance > 0n ? 0n : price]) as Hex;
    const earlier = purchase.value.approve;
    await sendAs(
      party,
      { to: token, data, value: 0n },
      {
        ...waiting,
        what: "the token's approval",
        record: (await minedTransaction(party.connection, earlier)) === null ? earlier : undefined,
        write: (record) => purchase.write({ approve: record }),
      },
    );
  }
  throw new TokenError(
    `the token ${token} was approved, but its allowance stays below the price`,
    "Do not pay with it: it does not keep to ERC-20.",
  );
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
