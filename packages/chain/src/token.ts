import { Interface } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";
import { NodeError } from "./json-rpc.ts";
import type { Waiting } from "./network-connection.ts";
import { type Party, sendAs } from "./party.ts";
import { minedTransaction, type TransactionRecord } from "./transaction.ts";

/** The token cannot pay, or does not do what is asked of it. Nothing was spent. */
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

/** What an account is to pay to a contract in an ERC-20 token. */
export interface TokenPayment {
  readonly token: Address;
  readonly owner: Address;
  /** The contract that takes it. */
  readonly spender: Address;
  /** In the token's smallest units. */
  readonly amount: bigint;
}

/** Where the approval's transaction is written down. */
export interface ApprovalRecord {
  readonly last: () => TransactionRecord | undefined;
  readonly write: (record: TransactionRecord | undefined) => Promise<void>;
}

/** @throws {TokenError} if the token does not answer */
export async function readToken<T>(
  party: Party,
  token: Address,
  name: string,
  args: readonly unknown[] = [],
): Promise<T> {
  const data = erc20.encodeFunctionData(name, args);
  try {
    const answer = (await party.connection.provider.send("eth_call", [{ to: token, data }, "latest"])) as string;
    return erc20.decodeFunctionResult(name, answer)[0] as T;
  } catch (error) {
    if (error instanceof NodeError) throw error;
    throw new TokenError(`the token ${token} does not answer ${name}`, "Check the token's address.");
  }
}

/** @throws {TokenError} if the account has less than the amount */
export async function requireBalance(party: Party, { token, owner, amount }: TokenPayment): Promise<void> {
  const balance = await readToken<bigint>(party, token, "balanceOf", [owner]);
  if (balance < amount) {
    throw new TokenError(
      `${owner} has ${balance} units of the token ${token}, the price is ${amount}`,
      `Send at least ${amount - balance} units to the account and run the same command again.`,
    );
  }
}

/**
 * Lets a contract take exactly the amount. An allowance that is there and too small is set to zero first, which some tokens
 * ask for.
 * @throws {TokenError}, {OutOfFundsError}, {TransactionError}, {WaitingError}
 */
export async function approveExactly(
  party: Party,
  { token, owner, spender, amount }: TokenPayment,
  approval: ApprovalRecord,
  waiting: Waiting,
): Promise<void> {
  for (let step = 0; step < 4; step++) {
    const allowance = await readToken<bigint>(party, token, "allowance", [owner, spender]);
    if (allowance >= amount) return;
    const data = erc20.encodeFunctionData("approve", [spender, allowance > 0n ? 0n : amount]) as Hex;
    const earlier = approval.last();
    await sendAs(
      party,
      { to: token, data, value: 0n },
      {
        ...waiting,
        what: "the token's approval",
        record: (await minedTransaction(party.connection, earlier)) === null ? earlier : undefined,
        write: approval.write,
      },
    );
  }
  throw new TokenError(
    `the token ${token} was approved, but its allowance stays below the price`,
    "Do not pay with it: it does not keep to ERC-20.",
  );
}
