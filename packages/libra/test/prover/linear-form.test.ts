import { type FieldElement, reduce } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { openingGenerators } from "@zkcmp/libra/generators";
import { proveLinearForm } from "@zkcmp/libra/prover/linear-form";
import { type RandomSource, systemRandomness } from "@zkcmp/libra/prover/random-source";
import { Transcript } from "@zkcmp/libra/transcript";
import { expect } from "chai";
import { seededRandomness } from "../argument-fixture.ts";
import { elements } from "../random.ts";
import { deviation } from "../uniformity.ts";

const SAMPLES = 150;

describe("proveLinearForm", function () {
  this.timeout(20_000);
  let kernels: Kernels;

  before(async () => (kernels = await createKernels({ threads: 1 })));
  after(() => kernels.dispose());

  /** All numbers that a proof shows. */
  function shown(values: readonly FieldElement[], random: RandomSource): FieldElement[] {
    return kernels.scope(() => {
      const generators = openingGenerators(kernels, 2, 2);
      const form = kernels.fromField([3n, 1n, 4n, 1n].map(reduce));
      const witness = { values: kernels.fromField(values), blinding: reduce(5n) };
      const proof = proveLinearForm(kernels, random, new Transcript(), generators, form, witness, 1);
      return [proof.formValue, proof.blinding, ...proof.rest];
    });
  }

  const witnesses = [new Array<FieldElement>(4).fill(reduce(0n)), elements("witness", 4)];

  it("shows uniform numbers, whatever the witness is", () => {
    for (const witness of witnesses) {
      const samples = Array.from({ length: SAMPLES }, () => shown(witness, systemRandomness));
      // The probability of six standard deviations is below 10^-8.
      expect(Math.abs(deviation(samples))).to.be.below(6);
    }
  });

  it("would not with masks that are short or missing", () => {
    const short: RandomSource = {
      elements: (count) => systemRandomness.elements(count).map((x) => reduce(x % 2n ** 120n)),
    };
    const missing: RandomSource = { elements: (count) => new Array<FieldElement>(count).fill(reduce(0n)) };
    for (const random of [short, missing]) {
      // Masks of zero entries stay short in what is shown of the vector zero.
      const samples = Array.from({ length: SAMPLES }, () => shown(witnesses[0]!, random).slice(0, 1));
      expect(deviation(samples)).to.be.above(6);
    }
  });

  it("proves the same with the reference kernels", () => {
    const [expected, found] = [createReferenceKernels(), kernels].map((which) =>
      which.scope(() => {
        const witness = { values: which.fromField(elements("long", 32)), blinding: reduce(5n) };
        const generators = openingGenerators(which, 16, 16);
        const form = which.fromField(elements("long form", 32));
        return proveLinearForm(which, seededRandomness("masks"), new Transcript(), generators, form, witness, 3);
      }),
    );
    expect(found).to.deep.equal(expected);
  });

  it("masks every proof anew", () => {
    const [first, second] = [0, 1].map(() => shown(witnesses[1]!, systemRandomness)) as [
      FieldElement[],
      FieldElement[],
    ];
    expect(first.filter((value) => second.includes(value))).to.deep.equal([]);
  });
});
