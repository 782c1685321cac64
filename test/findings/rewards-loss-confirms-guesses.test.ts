import { toFieldElement } from "@zkcmp/field/element";
import { addGrams, gramOf } from "@zkcmp/shapley/gram";
import { solveRidge } from "@zkcmp/shapley/ridge";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { solveRound } from "@zkcmp/shapley/round-solution";
import type { Samples } from "@zkcmp/shapley/samples";
import { lossOf } from "@zkcmp/shapley/utility";
import { expect } from "chai";

/**
 * The attack: one provider's rows are unknown, all others are known (to the other providers together, or to the one other). The
 * training loss is public and exact. Whoever knows the rest computes it for every possible content of the unknown row and compares.
 * The salt of the commitment does not help: nothing is compared with the commitment.
 * Not refused: the loss is what the round proves. Shown here, and documented for providers (docs/rewards.md, `round samples`).
 * What limits it: all other rows have to be known, and the unknown part has to have few enough possible contents.
 */
describe("finding: the exact loss confirms guesses of a row (shown and documented, not solved)", () => {
  const SHAPE = parseRoundShape({
    ...{ providers: 2, rows: 6, features: 2, outputs: 1 },
    ...{ dataBits: 8, fractionBits: 36, integerBits: 6, validationRows: 2 },
  });
  const RIDGE_BITS = 14;
  const samples = (...rows: number[][]): Samples => ({ rows: rows.map((row) => Uint16Array.from(row)) });
  const known = samples([10, 20, 33], [240, 31, 200], [77, 190, 90], [128, 64, 140], [5, 250, 18], [201, 99, 170]);
  const SECRET = 173;
  const unknown = (digit: number) => samples([61, digit, 119]);

  it("finds the one digit of a provider's row that the others do not know", () => {
    const { loss } = solveRound(SHAPE, {
      roundId: 7n,
      ridgeBits: RIDGE_BITS,
      modelSalt: toFieldElement(1n),
      validation: { salt: toFieldElement(2n), samples: samples([30, 40, 50], [180, 150, 160]) },
      providers: [
        { payee: 1n, salt: toFieldElement(3n), samples: known },
        { payee: 2n, salt: toFieldElement(4n), samples: unknown(SECRET) },
      ],
    });
    const ownGram = gramOf(SHAPE, known);
    const guesses = Array.from({ length: 2 ** SHAPE.dataBits }, (_, digit) => digit).filter((digit) => {
      const gram = addGrams(ownGram, gramOf(SHAPE, unknown(digit)));
      return lossOf(gram, solveRidge(gram, RIDGE_BITS, SHAPE.fractionBits), SHAPE.fractionBits) === loss;
    });
    expect(guesses).to.deep.equal([SECRET]);
  });
});
