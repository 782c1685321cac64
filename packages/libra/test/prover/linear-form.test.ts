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
import { ProgrammedTranscript } from "../programmed-transcript.ts";
import { elements } from "../random.ts";
import { deviation } from "../uniformity.ts";

const SAMPLES = 100;

describe("proveLinearForm", function () {
  this.timeout(20_000);
  let kernels: Kernels;

  before(async () => (kernels = await createKernels({ threads: 1 })));
  after(() => kernels.dispose());

  /**
   * The numbers that a proof shows, for challenges that are always the same, so that they do no masking of their own.
   * Without halvings, which show less; the form's value follows from the others.
   */
  function shown(values: readonly FieldElement[], random: RandomSource): FieldElement[] {
    return kernels.scope(() => {
      const generators = openingGenerators(kernels, 2, 2);
      const form = kernels.fromField([3n, 1n, 4n, 1n].map(reduce));
      const witness = { values: kernels.fromField(values), blinding: reduce(5n) };
      const transcript = new ProgrammedTranscript("fixed");
      const proof = proveLinearForm(kernels, random, transcript, generators, form, witness, 0);
      return [proof.blinding, ...proof.rest];
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

  it("would not with any mask missing, of the vector or of the blinding", () => {
    for (const [draw, place] of [
      [4, 0],
      [4, 1],
      [4, 2],
      [4, 3],
      [1, 0],
    ] as const) {
      const random: RandomSource = {
        elements(count) {
          const masks = systemRandomness.elements(count);
          return count === draw ? masks.with(place, reduce(0n)) : masks;
        },
      };
      for (const witness of witnesses) {
        const samples = Array.from({ length: SAMPLES }, () => shown(witness, random));
        expect(deviation(samples), `mask ${place} of ${draw}`).to.be.above(6);
      }
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
