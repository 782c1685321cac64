import type { SaleWitness } from "@zkcmp/sale/proof-system";
import type { SaleStatement } from "@zkcmp/sale/statement";
import type { ProofFailure } from "./proof-failure.ts";

/** From the desk: what is to be proven. */
export interface ProofTask {
  readonly statement: SaleStatement;
  readonly witness: SaleWitness;
}

/** To the desk. */
export type ProofNews =
  /** The worker's code has run: it hears messages from now on. */
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly step: string; readonly done: number | undefined }
  | { readonly kind: "proof"; readonly proof: Uint8Array }
  | { readonly kind: "failed"; readonly failure: ProofFailure };
