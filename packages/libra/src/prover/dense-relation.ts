import type { FieldElement } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import type { ProverChannel } from "../channel.ts";
import { variablesOf } from "../table.ts";
import { type DenseShape, denseSlotWeights } from "../verifier/dense-relation.ts";
import { type InputClaim, inputClaim } from "../verifier/layered-circuit.ts";
import { proveProductSumcheck } from "./sumcheck.ts";

/**
 * The prover of `verifyDenseRelation`.
 * @param weights A, copies x columns row-major, zero beyond its end; overwritten
 * @param values D likewise; overwritten
 * @param claim the sum of A(c, d) D(c, d)
 */
export function proveDenseRelation(
  kernels: Kernels,
  channel: ProverChannel,
  shape: DenseShape,
  weights: FieldVector,
  values: FieldVector,
  claim: FieldElement,
  name: string,
): InputClaim<FieldElement> {
  const copyVariables = variablesOf(shape.copies);
  const variables = copyVariables + variablesOf(shape.columns);
  const { point, g } = proveProductSumcheck(kernels, channel, weights, values, variables, claim, name);
  channel.send([g], `${name} end`);
  const columnPoint = point.slice(copyVariables);
  return inputClaim(point.slice(0, copyVariables), denseSlotWeights(shape, columnPoint), g);
}
