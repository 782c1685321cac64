import { bytesToInteger, FIELD_BYTES, fieldToBytes, toFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { checkWitness } from "@zkcmp/sale/witness-check";
import { keyFilesOf } from "./trusted-circuit-key.ts";
import { checkCircuitProof, type KeyedCircuit, proveCircuit, type ProvingOptions } from "./circuit-proof.ts";
import { decodeProof, encodeProof, PROOF_BYTES } from "./proof.ts";
import { publicSignals } from "./public-statement.ts";
import type { SaleCircuit } from "./sale-circuit.ts";
import { saleCircuitInput } from "./sale-witness.ts";

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

/** The circuit of the deal with the key that its core names. */
export interface Groth16Options extends KeyedCircuit, ProvingOptions {
  readonly circuit: SaleCircuit;
}

/** The sale statement in Groth16 (eprint 2016/260) over BN254: circuits/sale.circom. */
export function createGroth16(options: Groth16Options): ProofSystem {
  const { circuit } = options;

  const verify: ProofSystem["verify"] = async (statement, proof, progress = () => undefined) => {
    progress("verify");
    if (proof.length !== SALE_PROOF_BYTES) throw new SaleProofLengthError(proof.length);
    const challenge = toFieldElement(bytesToInteger(proof.subarray(0, FIELD_BYTES)), "the proof's challenge");
    const signals = publicSignals(circuit, statement, challenge);
    await checkCircuitProof(options, signals, decodeProof(proof.subarray(FIELD_BYTES)));
  };

  return {
    id: "groth16",
    keyFiles: keyFilesOf(options.key),
    verify,
    prove: async (statement, witness, progress = () => undefined) => {
      checkWitness(statement.core, witness);
      const inputs = () => saleCircuitInput(circuit, statement, witness).input;
      const { proof, publicSignals: signals } = await proveCircuit(options, options, inputs, progress);
      const encoded = new Uint8Array(SALE_PROOF_BYTES);
      encoded.set(fieldToBytes(signals[0]!));
      encoded.set(encodeProof(proof), FIELD_BYTES);
      await verify(statement, encoded, progress);
      return encoded;
    },
  };
}
