import { expect } from "chai";
import fc from "fast-check";
import { coalitionGrams, solveCoalitions } from "../src/coalitions.ts";
import { gramOf } from "../src/gram.ts";
import { solveRidge } from "../src/ridge.ts";
import { rounds } from "./arbitrary.ts";

describe("coalitions", () => {
  it("are trained on the rows of their members, by bit mask", () => {
    fc.assert(
      fc.property(rounds(), ({ shape, input }) => {
        const members = input.providers.map(({ samples }) => samples);
        const grams = members.map((samples) => gramOf(shape, samples));
        const thetas = solveCoalitions(shape, input.ridgeBits, grams);
        const sums = coalitionGrams(shape, grams);
        expect(thetas.length).to.equal(2 ** shape.providers);
        thetas.forEach((theta, mask) => {
          const rows = members.flatMap((samples, i) => ((mask >> i) & 1 ? samples.rows : []));
          const gram = gramOf(shape, { rows });
          expect(theta).to.deep.equal(solveRidge(gram, input.ridgeBits, shape.fractionBits));
          if (mask < sums.length) expect(sums[mask]).to.deep.equal(gram);
        });
        expect(thetas[0]!.flat().every((coefficient) => coefficient === 0n)).to.equal(true);
      }),
      { numRuns: 60 },
    );
  });
});
