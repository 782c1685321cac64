import type { FieldElement } from "@zkcmp/field/element";
import type { Network } from "@zkcmp/network/network";
import type { ProofSystemId } from "./core.ts";
import type { Hex } from "./hex.ts";
import type { SealSecrets } from "./seal.ts";
import type { SaleStatement } from "./statement.ts";

/** What only the seller knows. */
export interface SaleWitness {
  readonly network: Network;
  readonly secrets: SealSecrets;
  /** The salt of M, where the core names one. */
  readonly modelSalt?: FieldElement | undefined;
}

/** Where a long computation stands: the step's name, and the part of it that is done, 0 to 1, where it is known. */
export type Progress = (step: string, done?: number) => void;

/** One way to verify a sale: all that a buyer needs of a proof system. */
export interface ProofVerifier {
  readonly id: ProofSystemId;
  /** SHA-256 of the key files that this instance uses, as they stand in the core. */
  readonly keyFiles: Readonly<Record<string, Hex>>;
  /** @throws a ZkcmpError that says why the proof is refused */
  verify(statement: SaleStatement, proof: Uint8Array, progress?: Progress): Promise<void>;
}

/** One way to prove and verify a sale. Groth16 and Libra implement it; nothing above knows which one it has. */
export interface ProofSystem extends ProofVerifier {
  /** @throws a ZkcmpError if the witness does not satisfy the statement */
  prove(statement: SaleStatement, witness: SaleWitness, progress?: Progress): Promise<Uint8Array>;
}
