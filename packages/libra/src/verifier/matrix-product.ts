import type { FieldElement } from "@zkcmp/field/element";
import { type AffineForm, known, scale, subtract } from "../affine-form.ts";
import type { VerifierChannel } from "../channel.ts";
import { variablesOf } from "../table.ts";
import { verifyProductSumcheck } from "./sumcheck.ts";

/**
 * The right factor of a matrix product: committed by the prover, or public, with a function that gives its multilinear extension
 * at a point of the inner variables (its outer variables already bound).
 */
export type RightFactor = "private" | ((point: readonly FieldElement[]) => FieldElement);

/** Claims about the two factors at the inner point: left(outer point, point) = left, and right likewise. */
export interface MatrixProductResult<Value = AffineForm> {
  readonly point: readonly FieldElement[];
  readonly left: Value;
  /** The public value itself, if the factor is public. */
  readonly right: Value;
}

/**
 * The sumcheck for matrix products (Thaler, CRYPTO 2013, section 5.4): with the outer variables bound to tau and rho,
 *
 *   Z~(tau, rho) = sum over k < inner of W~(rho, k) H~(tau, k),
 *
 * a product sumcheck over the inner index alone instead of one gate per multiplication. At its end the prover sends W~(rho, kappa)
 * and, if it is private, H~(tau, kappa); their product is the final value.
 *
 * @param inner number of inner indices, at least 1
 * @param claim Z~(tau, rho)
 */
export function verifyMatrixProduct(
  channel: VerifierChannel,
  inner: number,
  claim: AffineForm,
  right: RightFactor,
  name: string,
): MatrixProductResult {
  const { point, final } = verifyProductSumcheck(channel, variablesOf(inner), claim, name);
  if (right === "private") {
    const [left, other] = channel.receive(2, `${name} end`);
    channel.requireProduct(left!, other!, final, `${name} end`);
    return { point, left: left!, right: other! };
  }
  const [left] = channel.receive(1, `${name} end`);
  const value = right(point);
  channel.requireZero(subtract(final, scale(value, left!)), `${name} end`);
  return { point, left: left!, right: known(value) };
}
