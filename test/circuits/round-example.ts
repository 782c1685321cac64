import { toFieldElement } from "@zkcmp/field/element";
import { parseRoundShape, type RoundShape } from "@zkcmp/shapley/round-shape";
import { type RoundInput, type RoundSolution, solveRound } from "@zkcmp/shapley/round-solution";
import { type RoundCircuitInput, roundCircuitInput } from "@zkcmp/shapley/round-witness";
import type { Samples } from "@zkcmp/shapley/samples";

/** A round with its solution, from which forgeries start. */
export interface RoundExample {
  readonly shape: RoundShape;
  readonly input: RoundInput;
  readonly solution: RoundSolution;
  readonly circuitInput: RoundCircuitInput;
}

export function samples(...rows: readonly (readonly number[])[]): Samples {
  return { rows: rows.map((row) => Uint16Array.from(row)) };
}

/** The entry (a, c) for a <= c of a symmetric matrix, row by row: circuits/shapley/gram-place.circom. */
export function upperTriangle(matrix: readonly (readonly bigint[])[]): bigint[] {
  return matrix.flatMap((row, a) => row.slice(a));
}

const SHAPE = parseRoundShape({
  providers: 3,
  rows: 2,
  features: 1,
  outputs: 1,
  dataBits: 8,
  fractionBits: 24,
  integerBits: 6,
  validationRows: 2,
});

const INPUT: RoundInput = {
  roundId: 0xa11ce00000000000000000000000000000000007n,
  ridgeBits: 8,
  modelSalt: toFieldElement(31n),
  validation: { salt: toFieldElement(41n), samples: samples([30, 40], [180, 150]) },
  // Two providers for three slots; the second one uses one of its two rows.
  providers: [
    { payee: 0xaaaan, salt: toFieldElement(11n), samples: samples([10, 20], [200, 180]) },
    { payee: 0xbbbbn, salt: toFieldElement(12n), samples: samples([90, 170]) },
  ],
};

/** Two providers in three slots, few rows. */
export function roundExample(): RoundExample {
  const solution = solveRound(SHAPE, INPUT);
  return { shape: SHAPE, input: INPUT, solution, circuitInput: roundCircuitInput(SHAPE, INPUT, solution) };
}
