import { keccak256 } from "ethers";
import type { Split } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import { isCode } from "../contract-code.ts";
import type { Connection } from "../network-connection.ts";
import { REWARDS_CODE } from "../rewards-code.ts";

/**
 * Whether a split's rewards contract has the code of ShapleyRewards, and the one that the deal's id names. Tells a buyer whether the
 * share can reach data providers at all; the price and the key do not depend on it. Which proofs its verifier takes is
 * for those to check who take part in the round.
 */
export async function isShapleyRewards({ provider }: Connection, { rewards, codeHash }: Split): Promise<boolean> {
  const code = (await provider.getCode(rewards)).toLowerCase() as Hex;
  return keccak256(code) === codeHash && isCode(code, REWARDS_CODE);
}
