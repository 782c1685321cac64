import type { FieldElement } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import type { ProverChannel } from "../channel.ts";
import { variablesOf } from "../table.ts";
import type { MatrixProductResult } from "../verifier/matrix-product.ts";
import { proveProductSumcheck } from "./sumcheck.ts";

/**
 * The prover of `verifyMatrixProduct`.
 * @param left w_k = W~(rho, k) for k < inner, the outer variables already bound; overwritten
 * @param right h_k = H~(tau, k) likewise; overwritten
 * @param claim the sum of w_k h_k
 * @param rightFactor "public" if the verifier computes h~ at the end itself
 */
export function proveMatrixProduct(
  kernels: Kernels,
  channel: ProverChannel,
  left: FieldVector,
  right: FieldVector,
  claim: FieldElement,
  rightFactor: "private" | "public",
  name: string,
): MatrixProductResult<FieldElement> {
  const variables = variablesOf(left.length);
  const { point, f, g } = proveProductSumcheck(kernels, channel, left, right, variables, claim, name);
  channel.send(rightFactor === "private" ? [f, g] : [f], `${name} end`);
  return { point, left: f, right: g };
}
