import { Interface } from "ethers";
import type { Address } from "@zkcmp/sale/order";
import { ETHER } from "@zkcmp/sale/ether";
import { ETHER_DECIMALS, parseAmount } from "@zkcmp/sale/price";
import type { Connection } from "./network-connection.ts";
import { RpcError } from "./json-rpc.ts";
import { TokenError } from "./token.ts";

const erc20 = new Interface(["function decimals() view returns (uint8)"]);

/**
 * An amount as people write it, in smallest units of a token.
 * @param text a decimal number of ether or whole tokens, or whole smallest units followed by `wei`, which need no decimals
 * @throws {PriceError} if it is none, or has more decimals than the token
 * @throws {TokenError} if the token does not tell its decimals
 */
export async function parsePrice(connection: Connection, text: string, token: Address): Promise<bigint> {
  const isKnown = token === ETHER || text.endsWith("wei");
  return parseAmount(text, isKnown ? ETHER_DECIMALS : await decimalsOf(connection, token));
}

async function decimalsOf({ provider }: Connection, token: Address): Promise<number> {
  const call = { to: token, data: erc20.encodeFunctionData("decimals") };
  try {
    const answer = (await provider.send("eth_call", [call, "latest"])) as string;
    // Nothing is what an account without code answers.
    if (answer !== "0x") return Number(erc20.decodeFunctionResult("decimals", answer)[0]);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
  throw new TokenError(
    `the token ${token} does not tell its decimals`,
    "Check the address, or give the price in its smallest units, such as 1000wei.",
  );
}
