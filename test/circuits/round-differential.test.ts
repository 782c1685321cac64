import { FIELD_ORDER } from "@zkcmp/field/element";
import { compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import type { CompiledCircuit } from "@zkcmp/groth16/compile";
import { checkWitness, type R1cs, readR1cs } from "@zkcmp/groth16/r1cs";
import { calculateWitness } from "@zkcmp/groth16/witness-calculator";
import { decodeWitness } from "@zkcmp/groth16/wtns";
import { roundCircuit, roundConstraints } from "@zkcmp/shapley/round-circuit";
import { parseRoundShape, type RoundShape, roundShapeId } from "@zkcmp/shapley/round-shape";
import { type RoundInput, solveRound, solveTraining } from "@zkcmp/shapley/round-solution";
import { roundCircuitInput, trainingCircuitInput } from "@zkcmp/shapley/round-witness";
import { expect } from "chai";
import fc from "fast-check";
import { COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { roundsOf } from "./round-arbitrary.ts";

/**
 * The circuits against the exact computation in integers, on shapes that cover what the templates branch on.
 * ZKCMP_DIFFERENTIAL_ROUNDS names how many random rounds each shape takes.
 */
const RUNS = Number(process.env.ZKCMP_DIFFERENTIAL_ROUNDS ?? 6);

const shape = (
  [providers, rows, features, outputs, validationRows]: readonly [number, number, number, number, number],
  [dataBits, fractionBits, integerBits]: readonly [number, number, number],
): RoundShape =>
  parseRoundShape({
    providers,
    rows,
    features,
    outputs,
    dataBits,
    fractionBits,
    integerBits,
    validationRows,
  });

const SHAPES: readonly RoundShape[] = [
  shape([3, 3, 2, 2, 2], [8, 24, 6]),
  // One provider, one row, one validation row: sums of one term, no coalition but the grand one.
  shape([1, 1, 1, 1, 1], [2, 24, 2]),
  // Values in two words, the most bits.
  shape([5, 2, 1, 1, 3], [16, 48, 10]),
  // Four classes; a row wider than a word of digits, a model of more than a word, data of more than a block of the sponge.
  shape([2, 3, 15, 4, 2], [16, 30, 6]),
  // Training alone.
  shape([1, 4, 1, 1, 0], [16, 24, 6]),
  shape([3, 2, 2, 3, 0], [4, 36, 4]),
];

function solve(roundShape: RoundShape, input: RoundInput) {
  if (roundShape.validationRows === 0) {
    const solution = solveTraining(roundShape, input);
    return { solution, circuitInput: trainingCircuitInput(roundShape, input, solution) };
  }
  const solution = solveRound(roundShape, input);
  return { solution, circuitInput: roundCircuitInput(roundShape, input, solution) };
}

describe("rounds against the exact computation", function () {
  this.timeout(COMPILE_TIMEOUT);

  for (const roundShape of SHAPES) {
    describe(roundShapeId(roundShape), () => {
      let compiled: CompiledCircuit;
      let r1cs: R1cs;

      before(async () => {
        compiled = await compileNamedCircuit(roundCircuit(roundShape));
        r1cs = await readR1cs(compiled.r1csPath);
      });

      const witnessOf = async (input: RoundInput) => {
        const { solution, circuitInput } = solve(roundShape, input);
        return { solution, wires: decodeWitness(await calculateWitness(compiled.wasmPath, circuitInput)) };
      };

      it("has as many constraints and public signals as the formulas say", () => {
        expect(r1cs.constraintCount).to.equal(roundConstraints(roundShape).total);
        expect(r1cs.publicCount).to.equal(roundCircuit(roundShape).publicCount);
      });

      it("accepts every solved round, with the same public signals", async () => {
        await fc.assert(
          fc.asyncProperty(roundsOf(roundShape), async (input) => {
            const { solution, wires } = await witnessOf(input);
            expect(checkWitness(r1cs, wires)).to.equal(null);
            expect(wires.slice(1, 1 + r1cs.publicCount)).to.deep.equal(solution.publicSignals);
          }),
          { numRuns: RUNS },
        );
      });

      it("refuses every public signal that is changed alone", async () => {
        const { wires } = await witnessOf(fc.sample(roundsOf(roundShape), { numRuns: 1, seed: 3 })[0]!);
        for (let wire = 1; wire <= r1cs.publicCount; wire++) {
          const forged = wires.with(wire, (wires[wire]! + 1n) % FIELD_ORDER);
          expect(checkWitness(r1cs, forged), `signal ${wire}`).to.not.equal(null);
        }
      });
    });
  }
});
