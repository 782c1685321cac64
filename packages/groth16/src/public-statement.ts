import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { packDigits } from "@zkcmp/field/packing";
import { inputCount, outputCount } from "@zkcmp/network/shape";
import { targetOutput } from "@zkcmp/network/output-reading";
import { ciphertextDigest, ciphertextLength } from "@zkcmp/sale/ciphertext";
import type { SaleStatement } from "@zkcmp/sale/statement";
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
export type FixedPublicInputs = Readonly<Record<string, readonly FieldElement[]>>;

type Check = (holds: boolean, problem: string) => void;

/**
 * Checks that the statement has the circuit's shape and gives its public inputs.
 * @throws {StatementError} if predicate, M, the number of rows, their width or bits, a label, threshold, targets, error bound
 * or the ciphertext do not fit
 */
export function fixedPublicInputs(circuit: SaleCircuit, statement: SaleStatement): FixedPublicInputs {
  const { core, provenRows, ciphertext } = statement;
  const check: Check = (holds, problem) => {
    if (!holds) throw new StatementError(problem, `Use the circuit of the deal; this one is ${circuit.name}.`);
  };
  check(JSON.stringify(core.shape) === JSON.stringify(circuit.shape), "the core names another network shape");
  check(core.predicate === circuit.predicate, `the core's predicate is ${core.predicate}`);
  check(
    (core.modelCommitment !== 0n) === circuit.committed,
    circuit.committed ? "the core names no model commitment" : "the core names a model commitment",
  );
  check(provenRows.rows.length === circuit.rows, `there are ${provenRows.rows.length} rows to prove`);
  const features = inputCount(circuit.shape);
  const limit = 2 ** circuit.shape.inputBits;
  check(
    provenRows.rows.every((row) => row.length === features && row.every((value) => value < limit)),
    "a row has another width or lies outside the input bits",
  );
  check(provenRows.labels.length === circuit.rows, "a label is missing");
  check(ciphertext.length === ciphertextLength(circuit.shape), "the ciphertext has another length");
  // The challenge hashes the core, not the ciphertext: weights chosen after the challenge could satisfy the product checks.
  check(ciphertextDigest(ciphertext) === core.ciphertextDigest, "the ciphertext is not the one in the core");
  return {
    keyCommitment: [core.keyCommitment],
    secretCommitment: [core.bindingCommitment],
    core: [statement.coreDigest],
    dealId: [statement.dealId],
    rowsDigest: [statement.rowsDigest],
    modelCommitment: [core.modelCommitment],
    ciphertext,
    ...(circuit.predicate === "accuracy"
      ? accuracyInputs(circuit, statement, check)
      : squaredErrorInputs(circuit, statement, check)),
  };
}

function accuracyInputs(circuit: SaleCircuit, { provenRows, threshold }: SaleStatement, check: Check) {
  const classes = outputCount(circuit.shape);
  check(
    provenRows.labels.every((label) => label < classes),
    "a label is no class of the network",
  );
  check(
    Number.isInteger(threshold) && threshold >= 1 && threshold <= circuit.rows,
    `the threshold is ${threshold} of ${circuit.rows} rows`,
  );
  return { threshold: [reduce(BigInt(threshold))], labels: packDigits(provenRows.labels, LABEL_BITS) };
}

/** The range checks that circuits/network/squared-error.circom leaves to the verifier. */
function squaredErrorInputs(circuit: SaleCircuit, { core, provenRows }: SaleStatement, check: Check) {
  const { reading, rows, errorBound } = core;
  check(provenRows.rows.length === rows, `${provenRows.rows.length} of the ${rows} rows are proven`);
  if (reading === null) {
    throw new StatementError(
      "the core does not say how the output reads",
      "Refuse the deal: nothing can be proven of it.",
    );
  }
  const targets = Array.from(provenRows.labels, (digit) => targetOutput(reading, digit));
  const limit = 1n << BigInt(circuit.slots.at(-1)!.magnitudeBits);
  check(
    targets.every((target) => target >= -limit && target <= limit),
    "a target lies beyond all outputs that the network's bounds allow",
  );
  const allowed = BigInt(reading.multiplier) ** 2n * errorBound;
  check(allowed >= 0n && allowed < 1n << BigInt(circuit.errorBits), "every network keeps the error bound");
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
