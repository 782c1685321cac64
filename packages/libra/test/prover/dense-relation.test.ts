import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { innerProduct } from "../../src/multilinear.ts";
import { proveDenseRelation } from "../../src/prover/dense-relation.ts";
import { naiveExtension } from "../naive-sumcheck.ts";
import { PlainProver } from "../plain-channel.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();

describe("dense relation, prover", () => {
  it("ends in a claim at the point of the challenges, copies first", () => {
    const weights = elements("weights", 12);
    const values = elements("values", 12);
    const channel = new PlainProver("dense");
    const claim = proveDenseRelation(
      kernels,
      channel,
      { copies: 3, columns: 4 },
      kernels.fromField(weights),
      kernels.fromField(values),
      innerProduct(weights, values),
      "dense",
    );
    expect(claim).to.deep.equal({
      copyWeights: { kind: "equality", point: channel.challenges.slice(0, 2) },
      slotWeights: { kind: "equality", point: channel.challenges.slice(2) },
      value: naiveExtension(values, channel.challenges),
    });
    expect(channel.messages.at(-1)!.values).to.deep.equal([claim.value]);
  });
});
