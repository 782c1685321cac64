import type { Connection } from "@zkcmp/chain/network-connection";
import { type Address, ETHER } from "@zkcmp/sale/order";
import { Contract, formatEther, parseUnits } from "ethers";
import { UsageError } from "./cli-error.ts";

/**
 * An amount in smallest units.
 * @param text a decimal number of ether or whole tokens, or whole smallest units followed by `wei`
 * @throws {UsageError} if it has more decimals than the token, or the token does not tell
 */
export async function parsePrice(text: string, token: Address, connection: Connection): Promise<bigint> {
  if (text.endsWith("wei")) return BigInt(text.slice(0, -3));
  const decimals = token === ETHER ? 18 : await decimalsOf(token, connection);
  try {
    return parseUnits(text, decimals);
  } catch (cause) {
    throw new UsageError(`the price ${text} has more than ${decimals} decimals`, "Give fewer decimals.", { cause });
  }
}

/** A price in words. */
export function formatPrice(price: bigint, token: Address): string {
  return token === ETHER ? `${formatEther(price)} ether` : `${price} smallest units of the token ${token}`;
}

async function decimalsOf(token: Address, connection: Connection): Promise<number> {
  const contract = new Contract(token, ["function decimals() view returns (uint8)"], connection.provider);
  try {
    return Number(await contract.getFunction("decimals")());
  } catch (cause) {
    throw new UsageError(
      `the token ${token} does not tell its decimals`,
      "Check the address, or give the price in its smallest units, such as 1000wei.",
      { cause },
    );
  }
}
