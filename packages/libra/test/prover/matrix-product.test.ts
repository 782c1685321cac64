import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { innerProduct } from "../../src/multilinear.ts";
import { proveMatrixProduct } from "../../src/prover/matrix-product.ts";
import { naiveExtension } from "../naive-sumcheck.ts";
import { PlainProver } from "../plain-channel.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();

describe("matrix product, prover", () => {
  it("sends the public factor's value to nobody, but gives it to the caller", () => {
    const w = elements("w", 5);
    const h = elements("h", 5);
    for (const [right, sent] of [
      ["private", 2],
      ["public", 1],
    ] as const) {
      const channel = new PlainProver("product");
      const result = proveMatrixProduct(
        kernels,
        channel,
        kernels.fromField(w),
        kernels.fromField(h),
        innerProduct(w, h),
        right,
        "product",
      );
      expect(result).to.deep.equal({
        point: channel.challenges,
        left: naiveExtension(w, channel.challenges),
        right: naiveExtension(h, channel.challenges),
      });
      expect(channel.messages.map(({ values }) => values.length)).to.deep.equal([3, 3, 3, sent]);
      expect(channel.messages.at(-1)!.values).to.deep.equal([result.left, result.right].slice(0, sent));
    }
  });
});
