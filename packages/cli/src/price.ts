import type { Connection } from "@zkcmp/chain/network-connection";
import { TokenError } from "@zkcmp/chain/token";
import { parsePrice as parseTokenPrice } from "@zkcmp/chain/token-price";
import type { Address } from "@zkcmp/sale/order";
import { PriceError } from "@zkcmp/sale/price";
import { UsageError } from "./cli-error.ts";

/**
 * The value of a --price option in smallest units.
 * @param text a decimal number of ether or whole tokens, or whole smallest units followed by `wei`
 * @throws {UsageError} if it has more decimals than the token, or the token does not tell
 */
export async function parsePrice(text: string, token: Address, connection: Connection): Promise<bigint> {
  try {
    return await parseTokenPrice(connection, text, token);
  } catch (cause) {
    if (!(cause instanceof PriceError || cause instanceof TokenError)) throw cause;
    throw new UsageError(cause.problem, cause.fix, { cause });
  }
}
