import { Interface } from "ethers";
import type { FieldElement } from "@zkcmp/field/element";
import { ETHER, type Order } from "@zkcmp/sale/order";
import { escrowCalls } from "../escrow-contract.ts";
import { RpcError } from "../json-rpc.ts";
import type { Connection } from "../network-connection.ts";

/** What it takes to fund a deal, besides the price. */
export interface FundCost {
  /** Wei that the payment's gas costs at most; null where that cannot be told, as before an approval. */
  readonly fee: bigint | null;
  /** Whether the token has to be approved first, by a transaction of its own or a permit. */
  readonly needsApproval: boolean;
  /** What the buyer's account has in ether, wei. */
  readonly ether: bigint;
  /** What it has in the order's token, in units of the token. */
  readonly balance: bigint;
}

const erc20 = new Interface([
  "function balanceOf(address) view returns (uint256)",
  "function allowance(address, address) view returns (uint256)",
]);

/**
 * Asks the node what funding would cost now. Spends and promises nothing: the payment itself estimates anew.
 * @param order the order of the deal, whose buyer pays
 */
export async function fundCost({ provider }: Connection, order: Order, dealId: FieldElement): Promise<FundCost> {
  const { buyer, token, escrow, price } = order;
  const ether = await provider.getBalance(buyer);
  const isEther = token === ETHER;
  const ask = async (name: "balanceOf" | "allowance", args: readonly string[]): Promise<bigint> => {
    const data = erc20.encodeFunctionData(name, args);
    const answer = (await provider.send("eth_call", [{ to: token, data }, "latest"])) as string;
    return erc20.decodeFunctionResult(name, answer)[0] as bigint;
  };
  const balance = isEther ? ether : await ask("balanceOf", [buyer]);
  const needsApproval = !isEther && (await ask("allowance", [buyer, escrow])) < price;
  if (needsApproval) return { fee: null, needsApproval, ether, balance };
  try {
    const call = {
      from: buyer,
      to: escrow,
      data: escrowCalls.fund(dealId),
      value: `0x${(isEther ? price : 0n).toString(16)}`,
    };
    const gas = BigInt((await provider.send("eth_estimateGas", [call])) as string);
    const { maxFeePerGas, gasPrice } = await provider.getFeeData();
    // As much more as the payment will allow itself.
    return { fee: ((gas * 5n) / 4n) * (maxFeePerGas ?? gasPrice ?? 0n), needsApproval, ether, balance };
  } catch (error) {
    if (error instanceof RpcError) return { fee: null, needsApproval, ether, balance };
    throw error;
  }
}
