import { type FieldElement, reduce } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import { inputCount } from "@zkcmp/network/shape";
import { type Core, coreDigest } from "@zkcmp/sale/core";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { checkStatement, squaredErrorTerms, StatementError } from "@zkcmp/sale/statement-check";
import type { SaleSystem } from "./sale-system.ts";

/** What both ends know of one sale besides its system. */
export interface SalePublicData {
  /** The canonical encoding of all of it, which the transcript absorbs first. */
  readonly encoding: Uint8Array;
  /** rows x features, row-major. */
  readonly inputs: Uint16Array;
  readonly judged: JudgedRows;
  readonly ciphertext: readonly FieldElement[];
  readonly core: Core;
}

/** What the rows' outputs are measured by. */
export type JudgedRows =
  | { readonly kind: "accuracy"; readonly labels: Uint16Array; readonly threshold: number }
  | { readonly kind: "squared-error"; readonly targets: readonly bigint[]; readonly allowed: bigint };

/**
 * Checks a statement and takes from it what its proof is about.
 * @throws {StatementError} if the proof could not carry it, or its core has another digest
 */
export function salePublicData(statement: SaleStatement): SalePublicData {
  const { core, provenRows, ciphertext, threshold } = statement;
  checkStatement(statement);
  if (coreDigest(core) !== statement.coreDigest) {
    throw new StatementError("the core has another digest than the statement names", "Refuse the deal.");
  }
  const features = inputCount(core.shape);
  const inputs = new Uint16Array(provenRows.rows.length * features);
  provenRows.rows.forEach((row, i) => inputs.set(row, i * features));
  return {
    encoding: encodeStatement(statement, inputs),
    inputs,
    judged:
      core.predicate === "accuracy"
        ? { kind: "accuracy", labels: provenRows.labels, threshold }
        : { kind: "squared-error", ...squaredErrorTerms(statement) },
    ciphertext,
    core,
  };
}

function encodeStatement(statement: SaleStatement, inputs: Uint16Array): Uint8Array {
  const { core, dealId, rowsDigest, provenRows, threshold, ciphertext } = statement;
  return new CanonicalEncoder("zkcmp/libra/sale-statement/v1")
    .field(statement.coreDigest)
    .field(dealId)
    .field(rowsDigest)
    .unsigned(provenRows.rows.length, 4)
    .unsigned(threshold, 4)
    .bytes(bigEndian(inputs))
    .bytes(bigEndian(provenRows.labels))
    .field(core.keyCommitment)
    .field(core.bindingCommitment)
    .field(core.modelCommitment)
    .fields(ciphertext)
    .toBytes();
}

function bigEndian(values: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  values.forEach((value, i) => {
    bytes[2 * i] = value >> 8;
    bytes[2 * i + 1] = value & 255;
  });
  return bytes;
}

/** By feature k, X~(tau, k): the sum over rows c of eq(tau, c) x_c[k]. */
export function combinedInputs(
  kernels: Kernels,
  system: SaleSystem,
  { inputs }: SalePublicData,
  tau: readonly FieldElement[],
): FieldVector {
  return kernels.combineRows(kernels.fromSmall(inputs), inputCount(system.shape), kernels.equality(tau));
}

/**
 * What lies between the outputs y and what `scores` holds of them, g_j = y_j + [j < L] or e = y - target: the sum over rows c and
 * classes j of rowWeights[c] classWeights[j] times the difference.
 */
export function scoreShift(
  judged: JudgedRows,
  rowWeights: readonly FieldElement[],
  classWeights: readonly FieldElement[],
): FieldElement {
  if (judged.kind === "squared-error") {
    return reduce(judged.targets.reduce((sum, target, row) => sum - target * rowWeights[row]!, 0n) * classWeights[0]!);
  }
  const below = [0n];
  classWeights.forEach((weight, label) => below.push(reduce(below[label]! + weight)));
  return reduce(judged.labels.reduce((sum, label, row) => sum + rowWeights[row]! * below[label]!, 0n));
}
