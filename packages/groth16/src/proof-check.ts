import { bytesToInteger, FIELD_BYTES, toFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { ProofVerifier } from "@zkcmp/sale/proof-system";
import { checkCircuitProof, type KeyedCircuit } from "./circuit-check.ts";
import { decodeProof, PROOF_BYTES } from "./proof.ts";
import { publicSignals } from "./public-statement.ts";
import type { SaleCircuit } from "./sale-circuit.ts";
import { keyFilesOf } from "./trusted-circuit-key.ts";

/** Bytes of a sale's proof: the challenge, which the verifier needs to combine the rows, and the Groth16 proof. */
export const SALE_PROOF_BYTES = FIELD_BYTES + PROOF_BYTES;

/** The bytes are no proof of a sale. */
export class SaleProofLengthError extends ZkcmpError {
  constructor(actual: number) {
    super(
      `the proof has ${actual} bytes, a Groth16 proof of a sale has ${SALE_PROOF_BYTES}`,
      "Ask the seller for the bundle again.",
    );
  }
}

/** The circuit of a deal with the key that its core names. */
export interface KeyedSale extends KeyedCircuit {
  readonly circuit: SaleCircuit;
}

/** What checks the sale statement in Groth16, and proves nothing: it runs wherever the trusted keys are, in a browser as well. */
export function groth16Verifier(sale: KeyedSale): ProofVerifier {
  return {
    id: "groth16",
    keyFiles: keyFilesOf(sale.key),
    verify: async (statement, proof, progress = () => undefined) => {
      progress("verify");
      if (proof.length !== SALE_PROOF_BYTES) throw new SaleProofLengthError(proof.length);
      const challenge = toFieldElement(bytesToInteger(proof.subarray(0, FIELD_BYTES)), "the proof's challenge");
      const signals = publicSignals(sale.circuit, statement, challenge);
      await checkCircuitProof(sale, signals, decodeProof(proof.subarray(FIELD_BYTES)));
    },
  };
}
