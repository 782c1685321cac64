import { type FieldElement, fieldToBytes, multiply } from "@zkcmp/field/element";
import { concatBytes } from "@noble/hashes/utils.js";
import { type AffineForm, combine, known, subtract } from "../affine-form.ts";
import { lagrangeWeights } from "../interpolation.ts";
import type { ShownFactors } from "../proof.ts";
import type { Transcript } from "../transcript.ts";
import type { VerifierMessages } from "./messages.ts";

/**
 * Turns all product constraints a_i b_i = c_i, i = 1, ..., m, into three linear ones: the linearisation of Attema and Cramer
 * (CRYPTO 2020, eprint 2020/152, section 6).
 *
 * f is the polynomial of degree m with f(i) = a_i and a random f(0), g likewise for b_i, and h = f g. One more chunk commits to
 * f(0), g(0), h(0), h(m+1), ..., h(2m), the values at 1, ..., m being known forms. At a challenge z the prover shows f(z) and g(z), and
 * f(z), g(z) and h(z) = f(z) g(z) are linear in what is committed.
 * - If a_i b_i differs from c_i = h(i), then h - f g is not zero and has at most 2m of the roots z.
 * - f(0) has a weight other than zero in f(z), as z is none of 1, ..., m; so f(z) is uniform whatever the a_i are, and g(z)
 *   likewise, independently. z = 0, which would show the masks, is drawn again as well.
 *
 * Without product constraints nothing is received or shown.
 * @param show the factors that the prover shows at z
 */
export function verifyProducts(
  transcript: Transcript,
  messages: VerifierMessages,
  show: (z: FieldElement) => ShownFactors,
): void {
  const { products } = messages;
  const m = products.length;
  if (m === 0) return;
  const [leftMask, rightMask, productMask, ...beyond] = messages.receive(m + 3, "products") as [
    AffineForm,
    AffineForm,
    AffineForm,
    ...AffineForm[],
  ];
  const z = transcript.challengeAbove(m, "product point");
  const { left, right } = show(z);
  transcript.absorb("product factors", concatBytes(fieldToBytes(left), fieldToBytes(right)));

  const weights = lagrangeWeights(m, z);
  const productWeights = lagrangeWeights(2 * m, z);
  const requireValue = (
    values: readonly AffineForm[],
    by: readonly FieldElement[],
    value: FieldElement,
    name: string,
  ) => {
    const atPoint = combine(values.map((form, i) => [by[i]!, form] as const));
    messages.requireZero(subtract(atPoint, known(value)), name);
  };
  requireValue([leftMask, ...products.map((product) => product.left)], weights, left, "left factors of products");
  requireValue([rightMask, ...products.map((product) => product.right)], weights, right, "right factors of products");
  const values = [productMask, ...products.map(({ product }) => product), ...beyond];
  requireValue(values, productWeights, multiply(left, right), "products");
}
