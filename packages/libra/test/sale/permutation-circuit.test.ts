import { FIELD_ORDER, type FieldElement, reduce } from "@zkcmp/field/element";
import { poseidonPermutation } from "@zkcmp/field/poseidon";
import { expect } from "chai";
import fc from "fast-check";
import {
  type AffineWeights,
  boxInputWeights,
  inputSlot,
  outputWeights,
  permutationCircuit,
  type PermutationCircuit,
} from "../../src/sale/permutation-circuit.ts";
import { type PermutationTrace, tracePermutation } from "../../src/sale/permutation-trace.ts";

const WIDTHS = Array.from({ length: 16 }, (_, i) => i + 2);
const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map((value) => value as FieldElement);
const stateOf = (width: number) => fc.array(element, { minLength: width, maxLength: width });

function slotsOf(permutation: PermutationCircuit, trace: PermutationTrace, state: readonly FieldElement[]) {
  const slots = new Array<FieldElement>(permutation.slots).fill(reduce(0n));
  trace.boxes.forEach((values, box) => (slots[box] = values[0]!));
  state.forEach((word, i) => (slots[inputSlot(permutation, i)] = word));
  return slots;
}

function apply({ slots, constant }: AffineWeights, values: readonly FieldElement[]): FieldElement {
  return reduce(slots.reduce((sum, weight, slot) => sum + weight * values[slot]!, constant as bigint));
}

describe("permutation circuit", function () {
  this.timeout(60_000);

  it("has S-boxes as the Poseidon paper counts them, and a table they fit", () => {
    const { boxes, slots, circuit } = permutationCircuit(17);
    expect(boxes).to.equal(8 * 17 + 68);
    expect(slots).to.equal(256);
    expect(circuit.inputSlots).to.equal(256);
    expect(permutationCircuit(3).boxes).to.equal(8 * 3 + 57);
    expect(permutationCircuit(2).boxes).to.equal(8 * 2 + 56);
  });

  for (const width of WIDTHS) {
    it(`of width ${width} gives the permutation's words, and S-boxes' inputs, as affine maps of its slots`, () => {
      const permutation = permutationCircuit(width);
      fc.assert(
        fc.property(stateOf(width), fc.array(element, { minLength: 3, maxLength: 3 }), (state, [a, b, c]) => {
          const trace = tracePermutation(state);
          const expected = poseidonPermutation(state);
          expect(trace.outputs.map(([word]) => word)).to.deep.equal(expected);
          const slots = slotsOf(permutation, trace, state);
          // Words 0 and the last, and three S-boxes' inputs, under random weights.
          const ofWords = expected.map((_, i) => (i === 0 ? a! : i === width - 1 ? b! : reduce(0n)));
          expect(apply(outputWeights(permutation, ofWords), slots)).to.equal(
            reduce(expected.reduce((sum, word, i) => sum + word * ofWords[i]!, 0n)),
          );
          const places = [0, Math.floor(permutation.boxes / 2), permutation.boxes - 1];
          const ofBoxes = new Array<FieldElement>(permutation.boxes).fill(reduce(0n));
          [a!, b!, c!].forEach((weight, i) => (ofBoxes[places[i]!] = weight));
          expect(apply(boxInputWeights(permutation, ofBoxes), slots)).to.equal(
            reduce(places.reduce((sum, place) => sum + trace.boxInputs[place]![0]! * ofBoxes[place]!, 0n)),
          );
        }),
        { numRuns: 3 },
      );
    });
  }
});
