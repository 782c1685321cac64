import { ZkcmpError } from "@zkcmp/field/error";
import { layerBounds } from "@zkcmp/network/bounds";
import { targetOutput } from "@zkcmp/network/output-reading";
import { inputCount, type NetworkShape, outputCount } from "@zkcmp/network/shape";
import { ciphertextDigest, ciphertextLength } from "./ciphertext.ts";
import type { SaleStatement } from "./statement.ts";

/** A statement that no proof can carry, or not this circuit. */
export class StatementError extends ZkcmpError {}

function check(holds: boolean, problem: string): void {
  if (!holds)
    throw new StatementError(problem, "Refuse the deal: use the statement of its own order, core and bundle.");
}

/**
 * What the verifier of any proof system sees to by itself, because the proof takes it as given: the ciphertext is the core's,
 * rows, labels and threshold are integers in range and as many as the core asks for, and for squared errors
 * {@link squaredErrorTerms}. Which rows they are, the order and the sample say (`verifyBundle`); the digest of rows is made by
 * `saleStatement` and cannot be made again here, where the rows' places are unknown.
 * @throws {StatementError}
 */
export function checkStatement(statement: SaleStatement): void {
  const { core, provenRows, ciphertext, threshold } = statement;
  // Types promise 16-bit integers, but whoever calls from JavaScript can give anything.
  const rows: readonly ArrayLike<number>[] = provenRows.rows;
  const labels: ArrayLike<number> = provenRows.labels;
  const features = inputCount(core.shape);
  const limit = 2 ** core.shape.inputBits;
  check(rows.length >= 1, "there are no rows to prove");
  check(
    rows.every((row) => row.length === features && areIntegersBelow(limit, row)),
    "a row has another width or lies outside the input bits",
  );
  check(labels.length === rows.length, "a label is missing");
  check(ciphertext.length === ciphertextLength(core.shape), "the ciphertext has another length");
  // Proofs name the core: weights that are not fixed by it could be chosen after a challenge.
  check(ciphertextDigest(ciphertext) === core.ciphertextDigest, "the ciphertext is not the one in the core");
  if (core.predicate === "squared-error") {
    check(areIntegersBelow(2 ** 16, labels), "a target is no digit");
    squaredErrorTerms(statement);
    check(threshold === 0, "squared errors have no threshold");
  } else {
    check(areIntegersBelow(outputCount(core.shape), labels), "a label is no class of the network");
    check(
      Number.isInteger(threshold) && threshold >= 1 && threshold <= rows.length,
      `the threshold is ${threshold} of ${rows.length} rows`,
    );
  }
  if (core.sampledRows === 0) {
    check(rows.length === core.rows, `${rows.length} of the ${core.rows} rows are proven`);
    check(threshold === core.threshold, "the threshold is not the one in the core");
  } else {
    check(
      rows.length === core.sampledRows && threshold === core.sampledRows,
      `not the ${core.sampledRows} drawn rows are proven, all of them right`,
    );
  }
}

function areIntegersBelow(limit: number, values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isInteger(value) || value < 0 || value >= limit) return false;
  }
  return true;
}

/**
 * S: sums of `rows` squared errors lie below 2^S. With outputs and targets in [-2^B, 2^B] one of them is at most 2^(2 B + 2).
 */
export function squaredErrorBits(shape: NetworkShape, rows: number): number {
  return 2 * layerBounds(shape).at(-1)!.magnitudeBits + 2 + rows.toString(2).length;
}

/** What squared errors are measured by, in units of the network's output. */
export interface SquaredErrorTerms {
  /** For every row the output that hits its target exactly, in [-2^B, 2^B]. */
  readonly targets: readonly bigint[];
  /** The largest sum of squared errors, in [0, 2^S). */
  readonly allowed: bigint;
}

/**
 * Targets and error bound of a statement about squared errors. In these ranges the comparison of sum and bound cannot wrap
 * around the field.
 * @throws {StatementError} if rows are left out, the core does not say how the output reads, or a range is passed
 */
export function squaredErrorTerms({ core, provenRows }: SaleStatement): SquaredErrorTerms {
  const { reading, rows, errorBound, shape } = core;
  check(provenRows.rows.length === rows, `${provenRows.rows.length} of the ${rows} rows are proven`);
  if (reading === null) {
    throw new StatementError(
      "the core does not say how the output reads",
      "Refuse the deal: nothing can be proven of it.",
    );
  }
  const targets = Array.from(provenRows.labels, (digit) => targetOutput(reading, digit));
  const limit = 1n << BigInt(layerBounds(shape).at(-1)!.magnitudeBits);
  check(
    targets.every((target) => target >= -limit && target <= limit),
    "a target lies beyond all outputs that the network's bounds allow",
  );
  const allowed = BigInt(reading.multiplier) ** 2n * errorBound;
  check(allowed >= 0n && allowed < 1n << BigInt(squaredErrorBits(shape, rows)), "every network keeps the error bound");
  return { targets, allowed };
}
