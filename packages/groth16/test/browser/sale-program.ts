import { testSetFromJson } from "@zkcmp/network/testset";
import { decodeBundle } from "@zkcmp/sale/bundle";
import type { Hex } from "@zkcmp/sale/hex";
import { verifyBundle } from "@zkcmp/sale/verification";
import { groth16Verifier } from "../../src/proof-check.ts";
import { saleCircuitOf } from "../../src/sale-circuit.ts";
import { importTrustedKeys } from "../../src/trust-store.ts";
import { keyNamedIn } from "../../src/trusted-circuit-key.ts";

/** What the buyer has, as JSON. */
export interface SaleInput {
  readonly bundle: string;
  readonly testSet: unknown;
  readonly testSetSalt: Hex;
  readonly buyerPrivateKey: Hex;
  /** The text of a trust store that Node wrote; null for none. */
  readonly store: string | null;
}

export interface SaleOutput {
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
}

/** A buyer's whole verification of a bundle, off development chains. */
export async function run({
  bundle: text,
  testSet,
  testSetSalt,
  buyerPrivateKey,
  store,
}: SaleInput): Promise<SaleOutput> {
  const trustStore = "zkcmp/trusted-keys.json";
  if (store !== null) await importTrustedKeys(trustStore, store, "the store", "ceremony");
  const bundle = decodeBundle(text);
  const { core } = bundle;
  const { checked, unchecked } = await verifyBundle({
    ...{ bundle, testSet: testSetFromJson(testSet), testSetSalt, buyerPrivateKey },
    proofSystem: groth16Verifier({
      ...{ circuit: saleCircuitOf(core), key: keyNamedIn(core.keyFiles), trustStore, development: false },
    }),
  });
  return { checked, unchecked };
}
