import { checkWitness, type R1cs, readR1cs } from "@zkcmp/groth16/r1cs";
import { saleCircuit, saleConstraints, type SaleCircuit } from "@zkcmp/groth16/sale-circuit";
import { compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { saleCircuitInput } from "@zkcmp/groth16/sale-witness";
import { ThresholdError } from "@zkcmp/sale/witness-check";
import { publicSignals } from "@zkcmp/groth16/public-statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { readSymbols, type Symbols } from "@zkcmp/groth16/sym";
import { calculateWitness } from "@zkcmp/groth16/witness-calculator";
import { decodeWitness } from "@zkcmp/groth16/wtns";
import { isRight, outputs } from "@zkcmp/network/inference";
import { inputCount, type NetworkShape, shapeId } from "@zkcmp/network/shape";
import { expect } from "chai";
import fc from "fast-check";
import {
  networksOf,
  rightRows,
  saleFixture,
  saleShapes,
  testSetsFor,
} from "../../packages/groth16/test/sale-fixture.ts";
import { withThreshold } from "../../packages/sale/test/fixture.ts";
import { COMPILE_TIMEOUT } from "./circuit-under-test.ts";

/**
 * The circuit against the plain inference, on shapes that cover what the templates branch on, and on random ones:
 * ZKCMP_DIFFERENTIAL_SHAPES names how many (each takes some seconds to compile), ZKCMP_DIFFERENTIAL_SEED where they start.
 */
const randomShapes = Number(process.env.ZKCMP_DIFFERENTIAL_SHAPES ?? 1);
const seed = Number(process.env.ZKCMP_DIFFERENTIAL_SEED ?? 8);
/** Networks and test sets for each shape. */
const RUNS = 4;

const corners: readonly { readonly shape: NetworkShape; readonly rows: number }[] = [
  // No hidden layer, one row, inputs and weights of the fewest bits.
  {
    shape: {
      inputBits: 1,
      weightBits: 2,
      layers: [{ inputs: 2, outputs: 3, activation: "none", shift: 0, biasShift: 0 }],
    },
    rows: 1,
  },
  // Three hidden layers of both kinds, two words of labels, several blocks of transcript, the most bits.
  {
    shape: {
      inputBits: 16,
      weightBits: 16,
      layers: [
        { inputs: 2, outputs: 3, activation: "relu", shift: 14, biasShift: 12 },
        { inputs: 3, outputs: 2, activation: "square", shift: 0, biasShift: 9 },
        { inputs: 2, outputs: 2, activation: "relu", shift: 1, biasShift: 0 },
        { inputs: 2, outputs: 2, activation: "none", shift: 0, biasShift: 3 },
      ],
    },
    rows: 33,
  },
];

const cases = [
  ...corners,
  ...fc
    .sample(fc.tuple(saleShapes, fc.integer({ min: 2, max: 9 })), { numRuns: randomShapes, seed })
    .map(([shape, rows]) => ({ shape, rows })),
];

describe("Sale against the plain inference", function () {
  this.timeout(COMPILE_TIMEOUT);

  for (const { shape, rows } of cases) {
    describe(`${shapeId(shape)}, ${rows} rows`, () => {
      const circuit: SaleCircuit = saleCircuit(shape, rows);
      let r1cs: R1cs;
      let symbols: Symbols;
      let surplusBits: number[];
      let wasmPath: string;

      before(async () => {
        const compiled = await compileNamedCircuit(circuit);
        ({ wasmPath } = compiled);
        [r1cs, symbols] = await Promise.all([readR1cs(compiled.r1csPath), readSymbols(compiled.symPath)]);
        surplusBits = symbols
          .names()
          .filter((name) => name.startsWith("main.surplus.out["))
          .map((name) => symbols.wire(name));
      });

      const sales = networksOf(shape).chain((network) => fc.tuple(fc.constant(network), testSetsFor(network, rows)));

      it("has as many constraints and public signals as the formulas say", () => {
        expect(r1cs.constraintCount).to.equal(saleConstraints(circuit).total);
        expect(r1cs.publicCount).to.equal(circuit.publicCount);
      });

      it("accepts exactly the thresholds that the network reaches", async () => {
        await fc.assert(
          fc.asyncProperty(sales, async ([network, testSet]) => {
            const count = rightRows(network, testSet);
            const { statement, witness } = await saleFixture(network, testSet, count);
            const { input, challenge } = saleCircuitInput(circuit, statement, witness);
            const wires = decodeWitness(await calculateWitness(wasmPath, input));
            expect(checkWitness(r1cs, wires)).to.equal(null);
            expect(wires.slice(1, 1 + r1cs.publicCount)).to.deep.equal(publicSignals(circuit, statement, challenge));
            const more = withThreshold(statement, count + 1);
            expect(() => saleCircuitInput(circuit, more, witness)).to.throw(
              count < rows ? ThresholdError : StatementError,
            );

            // One more than is right, with any bits of the surplus (of 16 choices where there are more).
            const short = wires.with(symbols.wire("main.threshold"), BigInt(count + 1));
            for (let choice = 0; choice < Math.min(2 ** surplusBits.length, 16); choice++) {
              const forged = [...short];
              surplusBits.forEach((wire, i) => (forged[wire] = BigInt((choice >> i) & 1)));
              expect(checkWitness(r1cs, forged)).to.not.equal(null);
            }

            // A wrong row counted.
            const wrong = testSet.rows.findIndex((row, i) => !isRight(outputs(network, row), testSet.labels[i]!));
            if (wrong >= 0) {
              const counted = short.with(symbols.wire(`main.right[${wrong}]`), 1n);
              expect(checkWitness(r1cs, counted)).to.not.equal(null);
            }
          }),
          { numRuns: RUNS },
        );
      });

      it("refuses every public signal that is changed alone", async () => {
        // A feature that no neuron looks at may have any value in the combined rows.
        const inputs = inputCount(shape);
        const looksAtAll = sales.filter(([{ layers }]) =>
          Array.from({ length: inputs }, (_, k) => k).every((k) =>
            layers[0]!.weights.some((weight, place) => place % inputs === k && weight !== 0),
          ),
        );
        const [network, testSet] = fc.sample(looksAtAll, { numRuns: 1, seed })[0]!;
        const { statement, witness } = await saleFixture(network, testSet);
        const { input } = saleCircuitInput(circuit, statement, witness);
        const wires = decodeWitness(await calculateWitness(wasmPath, input));
        for (let wire = 1; wire <= r1cs.publicCount; wire++) {
          expect(checkWitness(r1cs, wires.with(wire, (wires[wire]! + 1n) % 2n ** 250n)), `signal ${wire}`).to.not.equal(
            null,
          );
        }
      });
    });
  }
});
