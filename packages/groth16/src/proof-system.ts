import { FIELD_BYTES, fieldToBytes } from "@zkcmp/field/element";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { checkWitness } from "@zkcmp/sale/witness-check";
import { proveCircuit, type ProvingOptions } from "./circuit-proof.ts";
import { encodeProof } from "./proof.ts";
import { groth16Verifier, type KeyedSale, SALE_PROOF_BYTES } from "./proof-check.ts";
import { saleCircuitInput } from "./sale-witness.ts";

/** The circuit of the deal with the key that its core names, and where the key's file is. */
export interface Groth16Options extends KeyedSale, ProvingOptions {}

/** The sale statement in Groth16 (eprint 2016/260) over BN254: circuits/sale.circom. */
export function createGroth16(options: Groth16Options): ProofSystem {
  const { circuit } = options;
  const verifier = groth16Verifier(options);
  return {
    ...verifier,
    prove: async (statement, witness, progress = () => undefined) => {
      checkWitness(statement.core, witness);
      const inputs = () => saleCircuitInput(circuit, statement, witness).input;
      const { proof, publicSignals: signals } = await proveCircuit(options, options, inputs, progress);
      const encoded = new Uint8Array(SALE_PROOF_BYTES);
      encoded.set(fieldToBytes(signals[0]!));
      encoded.set(encodeProof(proof), FIELD_BYTES);
      await verifier.verify(statement, encoded, progress);
      return encoded;
    },
  };
}
