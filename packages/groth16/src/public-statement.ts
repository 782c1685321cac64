import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { packDigits } from "@zkcmp/field/packing";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { checkStatement, squaredErrorTerms, StatementError } from "@zkcmp/sale/statement-check";
import { LABEL_BITS, type SaleCircuit } from "./sale-circuit.ts";

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
export type FixedPublicInputs = Readonly<Record<string, readonly FieldElement[]>>;

/**
 * Checks that the statement has the circuit's shape and gives its public inputs.
 * @throws {StatementError} if predicate, M, the number of rows, their width or bits, a label, threshold, targets, error bound
 * or the ciphertext do not fit
 */
export function fixedPublicInputs(circuit: SaleCircuit, statement: SaleStatement): FixedPublicInputs {
  const { core, provenRows, ciphertext } = statement;
  const check = (holds: boolean, problem: string): void => {
    if (!holds) throw new StatementError(problem, `Use the circuit of the deal; this one is ${circuit.name}.`);
  };
  check(JSON.stringify(core.shape) === JSON.stringify(circuit.shape), "the core names another network shape");
  check(core.predicate === circuit.predicate, `the core's predicate is ${core.predicate}`);
  check(
    (core.modelCommitment !== 0n) === circuit.committed,
    circuit.committed ? "the core names no model commitment" : "the core names a model commitment",
  );
  check(provenRows.rows.length === circuit.rows, `there are ${provenRows.rows.length} rows to prove`);
  checkStatement(statement);
  return {
    keyCommitment: [core.keyCommitment],
    secretCommitment: [core.bindingCommitment],
    core: [statement.coreDigest],
    dealId: [statement.dealId],
    rowsDigest: [statement.rowsDigest],
    modelCommitment: [core.modelCommitment],
    ciphertext,
    ...(circuit.predicate === "accuracy" ? accuracyInputs(statement) : squaredErrorInputs(statement)),
  };
}

function accuracyInputs({ provenRows, threshold }: SaleStatement) {
  return { threshold: [reduce(BigInt(threshold))], labels: packDigits(provenRows.labels, LABEL_BITS) };
}

/** In the ranges that circuits/network/squared-error.circom leaves to the verifier. */
function squaredErrorInputs(statement: SaleStatement) {
  const { targets, allowed } = squaredErrorTerms(statement);
  return { allowedError: [reduce(allowed)], targets: targets.map(reduce) };
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
  const inputs: FixedPublicInputs = {
    ...fixedPublicInputs(circuit, statement),
    combined: combineRows(statement.provenRows.rows, challenge),
  };
  return [challenge, ...circuit.publicInputs.flatMap((name) => inputs[name]!)];
}
