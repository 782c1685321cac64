import { reduce } from "@zkcmp/field/element";
import { networkFromJson, networkToJson } from "@zkcmp/network/network";
import { testSetFromJson, testSetToJson } from "@zkcmp/network/testset";
import { decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { fieldToHex, type Hex, toHex } from "@zkcmp/sale/hex";
import type { SaleWitness } from "@zkcmp/sale/proof-system";
import { saleStatement } from "@zkcmp/sale/statement";
import { verifyBundle } from "@zkcmp/sale/verification";
import type { FixtureDeal } from "../../../sale/test/fixture.ts";
import { ProofRefusedError } from "../../src/proof.ts";
import { createLibra } from "../../src/proof-system.ts";

/** What the buyer has, as JSON. */
export interface BuyerInput {
  readonly bundle: string;
  readonly testSet: unknown;
  readonly testSetSalt: Hex;
  readonly buyerPrivateKey: Hex;
}

/** What the seller has to prove the bundle's statement, as JSON. */
export interface SellerInput {
  readonly network: unknown;
  readonly secrets: Readonly<Record<"key" | "opening" | "secret", Hex>>;
}

export interface SaleInput {
  readonly buyer: BuyerInput;
  /** Proves first, and verifies that proof instead of the bundle's. */
  readonly seller?: SellerInput;
  /** How often the bundle is verified. */
  readonly runs: number;
}

export interface SaleOutput {
  /** What was not checked, in words. */
  readonly unchecked: readonly string[];
  /** Seconds of each whole verification of the bundle. */
  readonly whole: readonly number[];
  /** The proof's part of each. */
  readonly proof: readonly number[];
  /** Seconds of the proof, if it was asked for. */
  readonly prove: number | null;
  /** Message of the refusal, if the proof was refused; other errors are thrown. */
  readonly refused: string | null;
}

/** The input of {@link run} for a deal. */
export function saleInput(deal: FixtureDeal, runs = 1): Required<SaleInput> {
  const { bundle, testSet, testSetSalt, buyerKeys, network, secrets } = deal;
  return {
    buyer: {
      bundle: encodeBundle(bundle),
      testSet: testSetToJson(testSet),
      testSetSalt,
      buyerPrivateKey: buyerKeys.privateKey,
    },
    seller: {
      network: networkToJson(network),
      secrets: {
        key: fieldToHex(secrets.key),
        opening: fieldToHex(secrets.opening),
        secret: fieldToHex(secrets.secret),
      },
    },
    runs,
  };
}

/** A buyer's whole verification of a bundle, and if asked for a seller's proof. */
export async function run({ buyer, seller, runs }: SaleInput): Promise<SaleOutput> {
  const libra = createLibra();
  const whole: number[] = [];
  const proofs: number[] = [];
  const testSet = testSetFromJson(buyer.testSet);
  const { testSetSalt, buyerPrivateKey } = buyer;
  let bundle = decodeBundle(buyer.bundle);
  let prove: number | null = null;
  if (seller !== undefined) {
    const statement = saleStatement(bundle.core, bundle.dealId, bundle.ciphertext, testSet);
    const start = performance.now();
    const proof = await libra.prove(statement, witnessOf(seller));
    prove = secondsSince(start);
    bundle = { ...bundle, proof: toHex(proof) };
  }
  const proofSystem: typeof libra = {
    ...libra,
    verify: async (...parameters) => {
      const start = performance.now();
      await libra.verify(...parameters);
      proofs.push(secondsSince(start));
    },
  };
  let unchecked: readonly string[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    try {
      ({ unchecked } = await verifyBundle({ bundle, testSet, testSetSalt, buyerPrivateKey, proofSystem }));
    } catch (error) {
      if (!(error instanceof ProofRefusedError)) throw error;
      return { unchecked, whole: whole, proof: proofs, prove, refused: error.message };
    }
    whole.push(secondsSince(start));
  }
  return { unchecked, whole: whole, proof: proofs, prove, refused: null };
}

function witnessOf({ network, secrets }: SellerInput): SaleWitness {
  const element = (hex: Hex) => reduce(BigInt(hex));
  return {
    network: networkFromJson(network),
    secrets: { key: element(secrets.key), opening: element(secrets.opening), secret: element(secrets.secret) },
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
