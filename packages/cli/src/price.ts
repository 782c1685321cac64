import type { Connection } from "@zkcmp/chain/network-connection";
import { type Address, ETHER } from "@zkcmp/sale/order";
import { ETHER_DECIMALS, parseAmount, PriceError } from "@zkcmp/sale/price";
import { Contract } from "ethers";
import { UsageError } from "./cli-error.ts";

/**
 * An amount in smallest units.
 * @param text a decimal number of ether or whole tokens, or whole smallest units followed by `wei`
 * @throws {UsageError} if it has more decimals than the token, or the token does not tell
 */
export async function parsePrice(text: string, token: Address, connection: Connection): Promise<bigint> {
  // Smallest units need no decimals, and a token that does not tell them can still be paid with.
  const isKnown = token === ETHER || text.endsWith("wei");
  const decimals = isKnown ? ETHER_DECIMALS : await decimalsOf(token, connection);
  try {
    return parseAmount(text, decimals);
  } catch (cause) {
    if (!(cause instanceof PriceError)) throw cause;
    throw new UsageError(cause.problem, cause.fix, { cause });
  }
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
