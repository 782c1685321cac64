import { FIELD_ORDER, type FieldElement, multiply } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { poseidonPermutation } from "@zkcmp/field/poseidon";
import { expect } from "chai";
import fc from "fast-check";
import { type PermutationTrace, tracePermutation, tracePermutations } from "../../src/sale/permutation-trace.ts";

const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map((value) => value as FieldElement);
const stateOf = (width: number) => fc.array(element, { minLength: width, maxLength: width });

describe("permutation trace", function () {
  this.timeout(60_000);

  it("ends in the permutation's words, in every width", () => {
    for (let width = 2; width <= 17; width++) {
      const [state] = fc.sample(stateOf(width), { numRuns: 1, seed: width });
      expect(tracePermutation(state!).outputs.map(([word]) => word)).to.deep.equal(poseidonPermutation(state!));
    }
  });

  it("traces many at once as one by one, and S-boxes are fifth powers", () => {
    const kernels = createReferenceKernels();
    for (const width of [2, 3, 17]) {
      const [states] = fc.sample(fc.array(stateOf(width), { minLength: 3, maxLength: 3 }), { numRuns: 1, seed: width });
      const together = tracePermutations(kernels, width, states!);
      const single = states!.map((state) => tracePermutation(state));
      const joined = (part: keyof PermutationTrace) =>
        single[0]![part].map((_, i) => single.map((trace) => trace[part][i]![0]!));
      for (const part of ["boxes", "boxInputs", "outputs"] as const) {
        expect(together[part]).to.deep.equal(joined(part));
      }
      together.boxes.forEach((outputs, box) => {
        outputs.forEach((output, copy) => {
          const x = together.boxInputs[box]![copy]!;
          expect(output).to.equal(multiply(multiply(multiply(x, x), multiply(x, x)), x));
        });
      });
    }
  });
});
