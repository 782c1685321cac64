import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { packDigits } from "@zkcmp/field/packing";
import { ciphertextDigest } from "@zkcmp/sale/ciphertext";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { SALE_PUBLIC_INPUTS } from "./public-signals.ts";
import { LABEL_BITS, type SaleCircuit } from "./sale-circuit.ts";

/** A statement that this circuit cannot carry. */
export class StatementError extends ZkcmpError {}

/** sum_i challenge^i * rows[i]: what the circuit sees of the rows. */
export function combineRows(rows: readonly Uint16Array[], challenge: FieldElement): FieldElement[] {
  const sums = new Array<bigint>(rows[0]?.length ?? 0).fill(0n);
  let power = reduce(1n);
  for (const row of rows) {
    // Sums of 16-bit multiples of a power are reduced once, in the end.
    row.forEach((value, k) => {
      if (value !== 0) sums[k]! += power * BigInt(value);
    });
    power = multiply(power, challenge);
  }
  return sums.map(reduce);
}

/** The public inputs of a statement, but for the combined rows, which follow from the proof's challenge. */
export type FixedPublicInputs = Readonly<
  Record<Exclude<(typeof SALE_PUBLIC_INPUTS)[number], "combined">, readonly FieldElement[]>
>;

/**
 * Checks that the statement has the circuit's shape and gives its public inputs.
 * @throws {StatementError} if the number of rows, their width or bits, a label, the threshold or the ciphertext do not fit
 */
export function fixedPublicInputs(circuit: SaleCircuit, statement: SaleStatement): FixedPublicInputs {
  const { core, provenRows, threshold, ciphertext } = statement;
  const check = (holds: boolean, problem: string): void => {
    if (!holds) throw new StatementError(problem, `Use the circuit of the deal; this one is ${circuit.name}.`);
  };
  check(JSON.stringify(core.shape) === JSON.stringify(circuit.shape), "the core names another network shape");
  check(provenRows.rows.length === circuit.rows, `there are ${provenRows.rows.length} rows to prove`);
  const features = circuit.publicLengths.combined;
  const limit = 2 ** circuit.shape.inputBits;
  check(
    provenRows.rows.every((row) => row.length === features && row.every((value) => value < limit)),
    "a row has another width or lies outside the input bits",
  );
  const classes = circuit.shape.layers.at(-1)!.outputs;
  check(
    provenRows.labels.length === circuit.rows && provenRows.labels.every((label) => label < classes),
    "a label is missing or is no class of the network",
  );
  check(
    Number.isInteger(threshold) && threshold >= 1 && threshold <= circuit.rows,
    `the threshold is ${threshold} of ${circuit.rows} rows`,
  );
  check(ciphertext.length === circuit.publicLengths.ciphertext, "the ciphertext has another length");
  // The challenge hashes the core, not the ciphertext: weights chosen after the challenge could satisfy the product checks.
  check(ciphertextDigest(ciphertext) === core.ciphertextDigest, "the ciphertext is not the one in the core");
  return {
    keyCommitment: [core.keyCommitment],
    secretCommitment: [core.bindingCommitment],
    core: [statement.coreDigest],
    dealId: [statement.dealId],
    rowsDigest: [statement.rowsDigest],
    threshold: [reduce(BigInt(threshold))],
    labels: packDigits(provenRows.labels, LABEL_BITS),
    ciphertext,
  };
}

/**
 * All public signals in the order of the circuit: the challenge, then the public inputs.
 * @param challenge rho, as the proof names it; the circuit shows that it is the hash that it must be
 */
export function publicSignals(
  circuit: SaleCircuit,
  statement: SaleStatement,
  challenge: FieldElement,
): readonly FieldElement[] {
  const inputs = {
    ...fixedPublicInputs(circuit, statement),
    combined: combineRows(statement.provenRows.rows, challenge),
  };
  return [challenge, ...SALE_PUBLIC_INPUTS.flatMap((name) => inputs[name])];
}
