import type { FieldElement } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import { type AffineForm, scale, subtract } from "../affine-form.ts";
import type { VerifierChannel } from "../channel.ts";
import { variablesOf, type Weights } from "../table.ts";
import { type InputClaim, inputClaim } from "./layered-circuit.ts";
import { verifyProductSumcheck } from "./sumcheck.ts";

/** The matrix D, copies x columns, whose entries a dense relation weighs. */
export interface DenseShape {
  readonly copies: number;
  /** A power of two. */
  readonly columns: number;
  /**
   * Column d may be a sum over slots s of M[d][s] V(copy, s), so that fewer entries have to be weighed than the table has.
   * Gives, for a point of the column variables, by slot the sum over d of eq(point, d) M[d][s]. Without it the columns are
   * the table's slots.
   */
  readonly slotWeights?: (point: readonly FieldElement[]) => Weights;
}

/**
 * One linear relation with its own weight for every entry: sum over copies c and columns d of A(c, d) D(c, d) = claim, A public. It
 * is a product sumcheck over the variables of copies and columns; at its end, rho, the prover sends y = D~(rho), and
 *
 *   A~(rho) y = final value
 *
 * @param weights A, copies x columns row-major, zero beyond its end
 * @returns the claim D~(rho) = y about the table
 */
export function verifyDenseRelation(
  kernels: Kernels,
  channel: VerifierChannel,
  shape: DenseShape,
  weights: FieldVector,
  claim: AffineForm,
  name: string,
): InputClaim {
  const copyVariables = variablesOf(shape.copies);
  const variables = copyVariables + variablesOf(shape.columns);
  const { point, final } = verifyProductSumcheck(channel, variables, claim, name);
  const copyPoint = point.slice(0, copyVariables);
  const columnPoint = point.slice(copyVariables);
  const [value] = channel.receive(1, `${name} end`);
  const weight = kernels.scope(() =>
    kernels.innerProduct(
      kernels.combineRows(weights, shape.columns, kernels.equality(copyPoint)),
      kernels.equality(columnPoint),
    ),
  );
  channel.requireZero(subtract(final, scale(weight, value!)), `${name} end`);
  return inputClaim(copyPoint, denseSlotWeights(shape, columnPoint), value!);
}

/** The slot weights of the claim in which a dense relation ends. */
export function denseSlotWeights(shape: DenseShape, columnPoint: readonly FieldElement[]): Weights {
  return shape.slotWeights?.(columnPoint) ?? { kind: "equality", point: columnPoint };
}
