import { availableParallelism, freemem } from "node:os";
import { type LibraPreflight, preflight, SaleTooLargeError } from "@zkcmp/libra/preflight";
import type { SaleVariant } from "@zkcmp/libra/sale/sale-system";

/** What a Libra proof will take on this computer. */
export interface ForeseenLibra extends LibraPreflight {
  /** For its cores, and rough. */
  readonly proofSeconds: number;
}

/** Core seconds with two cores of an AMD EPYC (Zen 5) and Node 24.21, from 4-4-2 to 784-128-10 with 1,000 rows. */
const MEASURED = { fixed: 1, entry: 1.2e-6 } as const;

/** Of the memory that is free now, as for Groth16. */
const USABLE_MEMORY = 0.75;

/**
 * Foresees a Libra proof.
 * @throws {SaleTooLargeError} if WebAssembly's memory, or the memory that is free now, cannot hold it
 * @throws ShapeError, StatementError if there is no such proof
 */
export function foreseenLibra(
  sale: SaleVariant,
  { memoryBytes = USABLE_MEMORY * freemem(), cores = availableParallelism() } = {},
): ForeseenLibra {
  const foreseen = preflight(sale);
  if (foreseen.memoryBytes > memoryBytes) {
    throw new SaleTooLargeError(
      `The proof needs ${gibibytes(foreseen.memoryBytes)} of memory, and ${gibibytes(memoryBytes)} can be used now`,
      foreseen,
    );
  }
  return { ...foreseen, proofSeconds: MEASURED.fixed + (MEASURED.entry * foreseen.entries) / cores };
}

/** One line for people. */
export function describeLibra({ gates, entries, memoryBytes, proofBytes, proofSeconds }: ForeseenLibra): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  return (
    `no setup, ${count(entries)} committed entries, ${count(gates)} gates, memory ${gibibytes(memoryBytes)}, ` +
    `proof about ${Math.ceil(proofSeconds)} s and ${count(proofBytes)} bytes`
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
