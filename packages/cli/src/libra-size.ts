import { availableParallelism, freemem } from "node:os";
import { type ForeseenProof, foreseeProof } from "@zkcmp/libra/preflight";
import type { SaleVariant } from "@zkcmp/libra/sale/sale-system";

/** Of the memory that is free now, as for Groth16. */
const USABLE_MEMORY = 0.75;

/**
 * Foresees a Libra proof on this computer.
 * @throws {SaleTooLargeError} if WebAssembly's memory, or the memory that is free now, cannot hold it
 * @throws ShapeError, StatementError if there is no such proof
 */
export function foreseenLibra(
  sale: SaleVariant,
  { memoryBytes = USABLE_MEMORY * freemem(), cores = availableParallelism() } = {},
): ForeseenProof {
  return foreseeProof(sale, { memoryBytes, cores });
}
