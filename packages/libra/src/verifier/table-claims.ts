import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { type AffineForm, combine, scale, subtract } from "../affine-form.ts";
import type { VerifierChannel } from "../channel.ts";
import { powers, weightsAt } from "../multilinear.ts";
import { type TableClaim, type TableShape, variablesOf } from "../table.ts";
import { verifyProductSumcheck } from "./sumcheck.ts";

/** The multilinear extension of a table's flat index copy * slots + slot at `point` is `value`. */
export interface TableOpening<Value = AffineForm> {
  /** The table's place in the argument's list. */
  readonly table: number;
  /** {@link openingVariables} entries; the last log2(columns) are the same for all tables. */
  readonly point: readonly FieldElement[];
  readonly value: Value;
}

/** Variables of a table's flat index, copies first. */
export function tableVariables(shape: TableShape): number {
  return variablesOf(shape.copies) + variablesOf(shape.slots);
}

/** Variables of a table's opening: at least those of one commitment row of `columns` entries, the missing ones on top. */
export function openingVariables(shape: TableShape, columns: number): number {
  return Math.max(tableVariables(shape), variablesOf(columns));
}

/** The indices of tables with claims, rising. */
export function claimedTables(claims: readonly TableClaim<unknown>[]): number[] {
  return [...new Set(claims.map((claim) => claim.table))].sort((left, right) => left - right);
}

/**
 * All claims about all tables in one sumcheck, which leaves one point for each table. Claim i, weighed by beta^i, says
 * sum over (c, s) of A_i(c, s) V(c, s) = value_i with A_i(c, s) = copyWeights_i[c] slotWeights_i[s]. With A_k the sum of beta^i A_i
 * over the claims about table k, and N variables, as many as the largest opening has,
 *
 *   sum over i of beta^i value_i = sum over x in {0, 1}^N of sum over k of eq(0, above_k(x)) A_k(own_k(x)) V_k(opened_k(x)),
 *
 * own_k(x) being the last variables, as many as table k has, opened_k(x) the last {@link openingVariables}, and above_k(x) the others:
 * a smaller table sits at index 0 of what is above. While a variable above the table's own is bound, the table's part in the
 * round is (1 - t) times what there is. At the end, rho, the prover sends y_k = V_k~(opened_k(rho)), and
 *
 *   final = sum over k of (prod over above_k(rho) of 1 - rho_i) A_k~(own_k(rho)) y_k
 *
 * A table smaller than a commitment row fills the row's beginning. A prover who puts something behind it gains nothing: A_k does
 * not depend on the variables in between, so all claims count the sum of the row's parts in place of the table.
 *
 * (Libra's appendix "Condensing to One Point in Linear Time", for several tables and for weights in place of points.)
 *
 * @param columns entries of a commitment row, a power of two
 * @returns an opening for each table with claims, by rising table
 */
export function verifyTableClaims(
  channel: VerifierChannel,
  tables: readonly TableShape[],
  columns: number,
  claims: readonly TableClaim[],
): readonly TableOpening[] {
  const beta = channel.challenge("table claims");
  const weights = powers(beta, claims.length);
  const claimed = claimedTables(claims);
  const variables = Math.max(0, ...claimed.map((table) => openingVariables(tables[table]!, columns)));
  const total = combine(claims.map((claim, i) => [weights[i]!, claim.value] as const));
  const { point, final } = verifyProductSumcheck(channel, variables, total, "table claims");
  const values = channel.receive(claimed.length, "table claims end");

  const openings = claimed.map((table, i) => {
    const shape = tables[table]!;
    const high = variables - openingVariables(shape, columns);
    return { table, point: point.slice(high), value: values[i]!, above: point.slice(0, high) };
  });
  const expected = openings.map(({ table, above, value }) => {
    const own = point.slice(variables - tableVariables(tables[table]!));
    const weight = tableWeightAt(tables[table]!, table, claims, weights, own);
    return scale(multiply(vanishingAbove(above), weight), value);
  });
  channel.requireZero(
    subtract(final, combine(expected.map((form) => [reduce(1n), form] as const))),
    "table claims end",
  );
  return openings.map(({ table, point: own, value }) => ({ table, point: own, value }));
}

/** prod of 1 - x: eq(0, x). */
export function vanishingAbove(variables: readonly FieldElement[]): FieldElement {
  return variables.reduce((product, x) => multiply(product, reduce(1n - x)), reduce(1n));
}

/** A_k~ at a point of the table's own variables. */
function tableWeightAt(
  shape: TableShape,
  table: number,
  claims: readonly TableClaim[],
  weights: readonly FieldElement[],
  point: readonly FieldElement[],
): FieldElement {
  const copyPoint = point.slice(0, variablesOf(shape.copies));
  const slotPoint = point.slice(copyPoint.length);
  let sum = 0n;
  claims.forEach((claim, i) => {
    if (claim.table !== table) return;
    const ofCopies = multiply(weights[i]!, weightsAt(claim.copyWeights, copyPoint));
    sum += multiply(ofCopies, weightsAt(claim.slotWeights, slotPoint));
  });
  return reduce(sum);
}
