import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { keyGen } from "@zkcmp/libra/commitment";
import { BLINDING_LABEL, MESSAGE_LABEL } from "@zkcmp/libra/generators";
import { extensionAt } from "@zkcmp/libra/multilinear";
import { commit, open } from "@zkcmp/libra/prover/commitment";
import { verify } from "@zkcmp/libra/verifier/commitment";
import { expect } from "chai";
import { elements } from "../random.ts";

describe("polynomial commitment: commit and open", function () {
  this.timeout(20_000);
  const kernels = createReferenceKernels();

  for (const variables of [0, 3, 6, 7]) {
    it(`opens a polynomial of ${variables} variables at any point, to a commitment to its value there`, () => {
      const key = keyGen(kernels, variables);
      const opening = commit(kernels, key, elements("values", 2 ** variables));
      const point = elements("point", variables);
      const { value, blinding, proof } = open(kernels, key, opening, point);
      expect(value).to.equal(extensionAt(opening.values, point));
      const points = [kernels.generators(MESSAGE_LABEL, 1), kernels.generators(BLINDING_LABEL, 1)];
      const expected = kernels.multiScalar(kernels.concatPoints(points), kernels.fromField([value, blinding]));
      const shown = verify(kernels, key, opening.commitment, point, proof);
      expect(shown).to.deep.equal(kernels.compress(kernels.fromPoints([expected])));
    });
  }

  it("hides: equal polynomials have different commitments, equal openings share nothing", () => {
    const key = keyGen(kernels, 7);
    const values = elements("values", 128);
    const [first, second] = [commit(kernels, key, values), commit(kernels, key, values)];
    const words = (bytes: Uint8Array, start = 0) =>
      Array.from({ length: (bytes.length - start) / 32 }, (_, i) =>
        String(bytes.slice(start + 32 * i, start + 32 * i + 32)),
      );
    expect(new Set([...words(first.commitment), ...words(second.commitment)]).size).to.equal(4);
    const point = elements("point", 7);
    const proofs = [0, 1].map(() => words(open(kernels, key, first, point).proof, 16));
    expect(new Set(proofs.flat()).size).to.equal(2 * proofs[0]!.length);
  });

  it("refuses values and points of another size", () => {
    const key = keyGen(kernels, 3);
    expect(() => commit(kernels, key, elements("values", 7))).to.throw(RangeError);
    const opening = commit(kernels, key, elements("values", 8));
    expect(() => open(kernels, key, opening, elements("point", 2))).to.throw(RangeError);
  });
});
