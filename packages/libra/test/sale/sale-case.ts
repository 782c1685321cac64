import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { Network } from "@zkcmp/network/network";
import type { TestSet } from "@zkcmp/network/testset";
import type { SaleWitness } from "@zkcmp/sale/proof-system";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { believingLibra, createDeal, leastErrorBound, rightRows } from "../../../sale/test/fixture.ts";

/** A statement with its witness. */
export interface SaleCase {
  readonly statement: SaleStatement;
  readonly witness: SaleWitness;
}

export interface SaleCaseOptions {
  /** By default as many as are right, so that one more would be a lie. */
  readonly threshold?: number;
  /** By default the least that the network keeps. */
  readonly errorBound?: bigint;
  readonly modelSalt?: FieldElement | undefined;
}

/** Seals a network for Libra, with fresh keys. Networks with a reading are sold by their squared errors. */
export async function saleCase(network: Network, testSet: TestSet, options: SaleCaseOptions = {}): Promise<SaleCase> {
  const { modelSalt } = options;
  const order =
    network.reading === undefined
      ? { threshold: options.threshold ?? rightRows(network, testSet).filter(Boolean).length }
      : { errorBound: options.errorBound ?? leastErrorBound(network, network.reading, testSet) };
  const { statement, secrets } = await createDeal({
    network,
    testSet,
    order,
    modelSalt,
    proofSystem: believingLibra,
  });
  return { statement, witness: { network, secrets, modelSalt } };
}

export const SALT = reduce(0x5a17n);
