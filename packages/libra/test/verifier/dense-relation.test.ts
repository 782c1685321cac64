import { type FieldElement, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { known } from "../../src/affine-form.ts";
import { equalityVector, innerProduct } from "../../src/multilinear.ts";
import { proveDenseRelation } from "../../src/prover/dense-relation.ts";
import { type DenseShape, verifyDenseRelation } from "../../src/verifier/dense-relation.ts";
import { type PlainMessage, PlainProver, PlainVerifier, tamperings } from "../plain-channel.ts";
import { claimedSum } from "../plain-table.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();

/** A table of 3 slots in use of 4: digits of 2 and 1 slots, 1 2 | 3. */
const digits: DenseShape = {
  copies: 5,
  columns: 2,
  slotWeights(point) {
    const [first, second] = equalityVector(point);
    return { kind: "vector", values: [first!, reduce(2n * first!), second!] };
  },
};

function digitsOf(table: readonly FieldElement[]): FieldElement[] {
  return Array.from({ length: table.length / 4 }, (_, copy) => table.slice(4 * copy, 4 * copy + 4)).flatMap(
    ([a, b, c]) => [reduce(a! + 2n * b!), c!],
  );
}

const cases: [string, DenseShape, number, (table: readonly FieldElement[]) => readonly FieldElement[]][] = [
  ["the table's slots", { copies: 3, columns: 4 }, 4, (table) => table],
  ["one copy", { copies: 1, columns: 4 }, 4, (table) => table],
  ["one entry", { copies: 1, columns: 1 }, 1, (table) => table],
  ["digits of several slots", digits, 4, digitsOf],
];

for (const [name, shape, slots, matrixOf] of cases) {
  describe(`dense relation over ${name}, verifier`, () => {
    const table = elements("table", shape.copies * slots);
    const matrix = matrixOf(table);
    const weights = elements("weights", matrix.length);
    const truth = innerProduct(weights, matrix);

    function prove(claim: FieldElement): PlainProver {
      const channel = new PlainProver("dense");
      const [a, d] = [kernels.fromField(weights), kernels.fromField(matrix)];
      const end = proveDenseRelation(kernels, channel, shape, a, d, claim, "dense");
      expect(end.value).to.equal(claimedSum(table, slots, end));
      return channel;
    }

    /** Whether all constraints hold and the claim in which the relation ends is true of the table. */
    function accepts(claim: FieldElement, messages: readonly PlainMessage[], own = weights): boolean {
      const verifier = new PlainVerifier("dense", messages);
      const end = verifyDenseRelation(kernels, verifier, shape, kernels.fromField(own), known(claim), "dense");
      expect(verifier.finished).to.equal(true);
      return verifier.violated().length === 0 && verifier.value(end.value) === claimedSum(table, slots, end);
    }

    it("accepts the weighed sum and nothing else", () => {
      const { messages } = prove(truth);
      expect(accepts(truth, messages)).to.equal(true);
      const lie = reduce(truth + 1n);
      expect(accepts(lie, messages)).to.equal(false);
      expect(accepts(lie, prove(lie).messages)).to.equal(false);
      expect(accepts(truth, messages, weights.with(0, reduce(weights[0]! + 1n)))).to.equal(false);
      for (const tampered of tamperings(messages)) expect(accepts(truth, tampered)).to.equal(false);
    });

    it("takes weights beyond their end as zero", () => {
      const short = weights.slice(0, -1);
      const claim = innerProduct(short, matrix);
      const channel = new PlainProver("dense");
      const [a, d] = [kernels.fromField([...short, reduce(0n)]), kernels.fromField(matrix)];
      proveDenseRelation(kernels, channel, shape, a, d, claim, "dense");
      expect(accepts(claim, channel.messages, short)).to.equal(true);
    });
  });
}
