import type { MinedTransaction } from "@zkcmp/chain/transaction";
import { formatEther } from "ethers";

/** A mined transaction as it stands in JSON results. */
export function transactionJson({ hash, blockNumber, gasUsed, fee }: MinedTransaction) {
  return { hash, blockNumber, gasUsed, fee };
}

/** The same in words. */
export function transactionLine({ hash, blockNumber, gasUsed, fee }: MinedTransaction): string {
  return `Transaction ${hash} in block ${blockNumber}: ${gasUsed} gas, ${formatEther(fee)} ether.`;
}
