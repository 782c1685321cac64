import { join } from "node:path";
import type { NetworkShape } from "@zkcmp/network/shape";
import type { Core } from "@zkcmp/sale/core";
import { createDeal, type FixtureDeal, networkOf, testSetFor } from "../../sale/test/fixture.ts";
import { developmentKey } from "../src/circuit-key.ts";
import { hashFile } from "../src/new-file.ts";
import { contributeKey } from "../src/phase-two.ts";
import type { KeyedSale } from "../src/proof-check.ts";
import { createGroth16 } from "../src/proof-system.ts";
import { readProvingKey } from "../src/proving-key.ts";
import { saleCircuit } from "../src/sale-circuit.ts";
import { addTrustedKey } from "../src/trust-store.ts";
import { checkVerificationKey } from "../src/verification-key.ts";

/** The shape of the network that the tests of the command line sell, so that its circuit is compiled once. */
export const PROVEN_SHAPE: NetworkShape = {
  inputBits: 8,
  weightBits: 8,
  layers: [
    { inputs: 4, outputs: 4, activation: "relu", shift: 8, biasShift: 1 },
    { inputs: 4, outputs: 2, activation: "none", shift: 0, biasShift: 0 },
  ],
};

const ROWS = 24;

/** A circuit whose key is in a trust store of its own, and where the key's file is. */
export interface SaleKey extends KeyedSale {
  readonly zkeyPath: string;
}

/** The development key of the circuit for {@link PROVEN_SHAPE} and 24 rows, with a trust store in the folder. */
export async function developmentSaleKey(folder: string): Promise<SaleKey> {
  const circuit = saleCircuit(PROVEN_SHAPE, ROWS);
  const trustStore = join(folder, "development-keys.json");
  const { zkeyPath, ...key } = await developmentKey(circuit, trustStore);
  return { circuit, key, trustStore, development: true, zkeyPath };
}

/**
 * A key as those of ceremonies are: somebody has contributed to the development key, and the trust store says that the key was
 * verified. So tests need no ceremony; `verifyKey` would refuse it.
 */
export async function contributedSaleKey(folder: string): Promise<SaleKey> {
  const development = await developmentSaleKey(folder);
  const { circuit } = development;
  const { r1csSha256 } = development.key;
  const zkeyPath = join(folder, "contributed.zkey");
  const ownContribution = await contributeKey(development.zkeyPath, zkeyPath, "buyer");
  const zkeySha256 = await hashFile(zkeyPath, "sha256");
  const { verificationKey } = await readProvingKey(zkeyPath);
  const { publicCount } = circuit;
  const trustStore = join(folder, "trusted-keys.json");
  await addTrustedKey(trustStore, {
    ...{ circuit: circuit.name, r1csSha256: r1csSha256.slice(2), zkeySha256 },
    verificationKey: await checkVerificationKey(verificationKey, { development: false, publicCount }),
    provenance: { kind: "ceremony", ownContribution },
  });
  return { circuit, key: { r1csSha256, zkeySha256: `0x${zkeySha256}` }, trustStore, development: false, zkeyPath };
}

/** A sale that is proven under a key. @param core fields that differ from an honest one */
export async function provenSale(key: SaleKey, chainId: number, core: Partial<Core> = {}): Promise<FixtureDeal> {
  const network = networkOf(PROVEN_SHAPE);
  const testSet = testSetFor(network, ROWS, 22);
  return createDeal({ network, testSet, order: { chainId, threshold: 20 }, core, proofSystem: createGroth16(key) });
}
