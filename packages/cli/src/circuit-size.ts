import type { CircuitSize } from "@zkcmp/groth16/preflight";
import { type SaleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";

/**
 * Coefficients for each constraint of compiled sale circuits: 9.6 to 13.9 in the matrices A and B, one to three more in C.
 * The dense linear layers of Poseidon make most of them, so small circuits have the larger ratio.
 */
const PROVER_TERMS = 14;
const ALL_TERMS = 17;

/** The size of a sale circuit before it is compiled: constraints exactly, the rest from above, within about a third. */
export function foreseenSize(circuit: SaleCircuit): CircuitSize {
  const { total } = saleConstraints(circuit);
  return {
    constraintCount: total,
    wireCount: Math.ceil(1.01 * total),
    publicCount: circuit.publicCount,
    proverTerms: PROVER_TERMS * total,
    allTerms: ALL_TERMS * total,
  };
}
