import { type FieldElement, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { known } from "../../src/affine-form.ts";
import { extensionAt, innerProduct } from "../../src/multilinear.ts";
import { proveMatrixProduct } from "../../src/prover/matrix-product.ts";
import { type RightFactor, verifyMatrixProduct } from "../../src/verifier/matrix-product.ts";
import { type PlainMessage, PlainProver, PlainVerifier, tamperings } from "../plain-channel.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();

for (const right of ["private", "public"] as const) {
  describe(`matrix product with a ${right} right factor, verifier`, () => {
    for (const inner of [1, 2, 3, 5, 8]) {
      const w = elements("w", inner);
      const h = elements("h", inner);
      const truth = innerProduct(w, h);

      const prove = (claim: FieldElement): PlainProver => {
        const channel = new PlainProver("product");
        proveMatrixProduct(kernels, channel, kernels.fromField(w), kernels.fromField(h), claim, right, "product");
        return channel;
      };
      /** Whether all constraints hold and the claims about the factors are true. */
      const accepts = (claim: FieldElement, messages: readonly PlainMessage[], factor = h): boolean => {
        const verifier = new PlainVerifier("product", messages);
        const own: RightFactor = right === "private" ? "private" : (point) => extensionAt(factor, point);
        const result = verifyMatrixProduct(verifier, inner, known(claim), own, "product");
        expect(verifier.finished).to.equal(true);
        return (
          verifier.violated().length === 0 &&
          verifier.value(result.left) === extensionAt(w, result.point) &&
          verifier.value(result.right) === extensionAt(factor, result.point)
        );
      };

      it(`accepts the product over ${inner} inner indices and nothing else`, () => {
        const { messages } = prove(truth);
        expect(accepts(truth, messages)).to.equal(true);
        const lie = reduce(truth + 1n);
        expect(accepts(lie, messages)).to.equal(false);
        expect(accepts(lie, prove(lie).messages)).to.equal(false);
        expect(accepts(truth, messages, h.with(0, reduce(h[0]! + 1n)))).to.equal(false);
        for (const tampered of tamperings(messages)) expect(accepts(truth, tampered)).to.equal(false);
      });
    }
  });
}
