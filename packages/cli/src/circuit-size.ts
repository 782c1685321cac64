import type { CircuitSize } from "@zkcmp/groth16/preflight";
import { type SaleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { type RoundCircuit, roundConstraints } from "@zkcmp/shapley/round-circuit";
import { isSaleCircuit } from "./circuit-file.ts";

/**
 * Coefficients for each constraint of compiled sale circuits: 9.6 to 13.9 in the matrices A and B, one to three more in C.
 * The dense linear layers of Poseidon make most of them, so small circuits have the larger ratio. Rounds have fewer, 7.8 to 9.0.
 */
const PROVER_TERMS = 14;
const ALL_TERMS = 17;

/** The size of a circuit before it is compiled: constraints exactly, the rest from above, within about a third or a half. */
export function foreseenSize(circuit: SaleCircuit | RoundCircuit): CircuitSize {
  const { total } = isSaleCircuit(circuit) ? saleConstraints(circuit) : roundConstraints(circuit.shape);
  return {
    constraintCount: total,
    wireCount: Math.ceil(1.01 * total),
    publicCount: circuit.publicCount,
    proverTerms: PROVER_TERMS * total,
    allTerms: ALL_TERMS * total,
  };
}
