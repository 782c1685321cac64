import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { known } from "../../src/affine-form.ts";
import { innerProduct } from "../../src/multilinear.ts";
import { proveProductSumcheck } from "../../src/prover/sumcheck.ts";
import { verifyProductSumcheck } from "../../src/verifier/sumcheck.ts";
import { PlainProver, PlainVerifier, tamperings } from "../plain-channel.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();
const f = elements("f", 8);
const g = elements("g", 7);

function prove(claim: FieldElement) {
  const channel = new PlainProver("sumcheck");
  const result = proveProductSumcheck(kernels, channel, kernels.fromField(f), kernels.fromField(g), 3, claim, "test");
  return { channel, result };
}

describe("product sumcheck, verifier", () => {
  it("ends at the product of both factors at the point", () => {
    const claim = innerProduct(f, g);
    const { channel, result } = prove(claim);
    const verifier = new PlainVerifier("sumcheck", channel.messages);
    const { point, final } = verifyProductSumcheck(verifier, 3, known(claim), "test");
    expect(verifier.violated()).to.deep.equal([]);
    expect(verifier.events).to.deep.equal(channel.events);
    expect(point).to.deep.equal(result.point);
    expect(verifier.value(final)).to.equal(multiply(result.f, result.g));
  });

  it("does not end there after a false claim", () => {
    const claim = reduce(innerProduct(f, g) + 1n);
    const { channel, result } = prove(claim);
    const verifier = new PlainVerifier("sumcheck", channel.messages);
    const { final } = verifyProductSumcheck(verifier, 3, known(claim), "test");
    expect(verifier.violated()).to.deep.equal([]);
    expect(verifier.value(final)).not.to.equal(multiply(result.f, result.g));
  });

  it("violates the check of the round whose message is changed, or of the next", () => {
    const claim = innerProduct(f, g);
    const { channel } = prove(claim);
    for (const messages of tamperings(channel.messages)) {
      const verifier = new PlainVerifier("sumcheck", messages);
      verifyProductSumcheck(verifier, 3, known(claim), "test");
      expect(verifier.violated()).not.to.be.empty;
    }
  });

  it("leaves a claim without variables as it is", () => {
    const verifier = new PlainVerifier("sumcheck", []);
    expect(verifyProductSumcheck(verifier, 0, known(reduce(7n)), "test")).to.deep.equal({
      point: [],
      final: known(reduce(7n)),
    });
  });
});
