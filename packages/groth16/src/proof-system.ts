import { bytesToInteger, FIELD_BYTES, fieldToBytes, toFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { hashFile } from "./new-file.ts";
import { decodeProof, encodeProof, PROOF_BYTES } from "./proof.ts";
import { prove } from "./prove.ts";
import { publicSignals } from "./public-statement.ts";
import type { SaleCircuit } from "./sale-circuit.ts";
import { compileSaleCircuit } from "./sale-compilation.ts";
import { keyFilesOf, type SaleKey } from "./sale-key.ts";
import { saleCircuitInput } from "./sale-witness.ts";
import { findTrustedKey } from "./trust-store.ts";
import { checkProof } from "./verify.ts";
import { calculateWitness } from "./witness-calculator.ts";

/** Bytes of a sale's proof: the challenge, which the verifier needs to combine the rows, and the Groth16 proof. */
export const SALE_PROOF_BYTES = FIELD_BYTES + PROOF_BYTES;

/** The proving key is missing or not the one of the deal. */
export class SaleProvingKeyError extends ZkcmpError {}

export interface Groth16Options {
  readonly circuit: SaleCircuit;
  /** The key of the deal; it must be in the trust store. */
  readonly key: SaleKey;
  readonly trustStore: string;
  /** Whether development keys are accepted: on development chains only. */
  readonly development: boolean;
  /** The key's file, for proving. */
  readonly zkeyPath?: string;
  readonly buildFolder?: string;
}

/** The sale statement in Groth16 (eprint 2016/260) over BN254: circuits/sale.circom. */
export function createGroth16(options: Groth16Options): ProofSystem {
  const { circuit, key, trustStore, development } = options;

  const verify: ProofSystem["verify"] = async (statement, proof, progress = () => undefined) => {
    progress("verify");
    if (proof.length !== SALE_PROOF_BYTES) {
      throw new SaleProvingKeyError(
        `the proof has ${proof.length} bytes, a Groth16 proof of a sale has ${SALE_PROOF_BYTES}`,
        "Ask the seller for the bundle again.",
      );
    }
    const trusted = await findTrustedKey(trustStore, key.zkeySha256.slice(2), { development });
    if (trusted.circuit !== circuit.name || `0x${trusted.r1csSha256}` !== key.r1csSha256) {
      throw new SaleProvingKeyError(
        `the key was verified for the circuit ${trusted.circuit}, the deal needs ${circuit.name}`,
        "Use the key that you made for this shape and number of rows.",
      );
    }
    const challenge = toFieldElement(bytesToInteger(proof.subarray(0, FIELD_BYTES)), "the proof's challenge");
    await checkProof(
      trusted.verificationKey,
      publicSignals(circuit, statement, challenge),
      decodeProof(proof.subarray(FIELD_BYTES)),
    );
  };

  const provingKey = async (): Promise<string> => {
    const { zkeyPath } = options;
    if (zkeyPath === undefined) {
      throw new SaleProvingKeyError("no proving key was named", "Name the key file that the setup wrote.");
    }
    if (`0x${await hashFile(zkeyPath, "sha256")}` !== key.zkeySha256) {
      throw new SaleProvingKeyError(
        `${zkeyPath} is not the key file of the deal: its SHA-256 differs`,
        "Name the key file whose hash stands in the core.",
      );
    }
    return zkeyPath;
  };

  return {
    id: "groth16",
    keyFiles: keyFilesOf(key),
    verify,
    prove: async (statement, witness, progress = () => undefined) => {
      const zkey = await provingKey();
      progress("compile");
      const compiled = await compileSaleCircuit(circuit, options.buildFolder);
      if (`0x${compiled.r1csSha256}` !== key.r1csSha256) {
        throw new SaleProvingKeyError(
          "the circuit compiled here is not the one that the key was made for",
          "Both parties must use the same version of zkcmp.",
        );
      }
      progress("witness");
      const { input, challenge } = saleCircuitInput(circuit, statement, witness);
      const wires = await calculateWitness(compiled.wasmPath, input);
      progress("prove", 0);
      const { proof } = await prove(zkey, wires, (done) => progress("prove", done));
      const encoded = new Uint8Array(SALE_PROOF_BYTES);
      encoded.set(fieldToBytes(challenge));
      encoded.set(encodeProof(proof), FIELD_BYTES);
      await verify(statement, encoded, progress);
      return encoded;
    },
  };
}
