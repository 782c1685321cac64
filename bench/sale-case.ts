import type { Network } from "@zkcmp/network/network";
import { score } from "@zkcmp/network/score";
import type { TestSet } from "@zkcmp/network/testset";
import type { ProofSystem, SaleWitness } from "@zkcmp/sale/proof-system";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { createDeal } from "../packages/sale/test/fixture.ts";

/** What one proof is made from. */
export interface SaleCase {
  readonly statement: SaleStatement;
  readonly witness: SaleWitness;
}

/** A fresh seal of the network, and the statement that it is right on as many of all rows as it is. */
export async function saleCase(
  network: Network,
  testSet: TestSet,
  { id, keyFiles }: Pick<ProofSystem, "id" | "keyFiles">,
): Promise<SaleCase> {
  const threshold = score(network, testSet).right;
  const core = { proofSystem: id, keyFiles };
  const { statement, secrets } = await createDeal({ network, testSet, order: { threshold }, core });
  return { statement, witness: { network, secrets } };
}
