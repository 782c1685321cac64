import { reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { innerProduct } from "../../src/multilinear.ts";
import { proveProductSumcheck, quadraticAt } from "../../src/prover/sumcheck.ts";
import { variablesOf } from "../../src/table.ts";
import { naiveExtension, naiveRound } from "../naive-sumcheck.ts";
import { PlainProver } from "../plain-channel.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();

describe("product sumcheck, prover", () => {
  for (const [left, right] of [
    [1, 1],
    [2, 2],
    [3, 4],
    [8, 8],
    [5, 7],
    [9, 2],
  ] as const) {
    it(`sends for vectors of ${left} and ${right} what the sum over the hypercube is`, () => {
      const f = elements("f", left);
      const g = elements("g", right);
      const variables = variablesOf(Math.max(left, right));
      const channel = new PlainProver("sumcheck");
      const result = proveProductSumcheck(
        kernels,
        channel,
        kernels.fromField(f),
        kernels.fromField(g),
        variables,
        innerProduct(f, g),
        "test",
      );
      const product = (point: Parameters<typeof naiveExtension>[1]) =>
        reduce(naiveExtension(f, point) * naiveExtension(g, point));
      const naive = Array.from({ length: variables }, (_, round) =>
        naiveRound(product, variables, channel.challenges.slice(0, round)),
      );
      expect(channel.messages.map(({ values }) => values)).to.deep.equal(naive);
      expect(result).to.deep.equal({
        point: channel.challenges,
        f: naiveExtension(f, channel.challenges),
        g: naiveExtension(g, channel.challenges),
      });
    });
  }

  it("evaluates quadratic polynomials", () => {
    expect(quadraticAt(reduce(5n), reduce(3n), reduce(2n), reduce(10n))).to.equal(235n);
  });
});
