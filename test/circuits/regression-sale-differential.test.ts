import { randomFieldElement, reduce } from "@zkcmp/field/element";
import { compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { publicSignals } from "@zkcmp/groth16/public-statement";
import { checkWitness, type R1cs, readR1cs } from "@zkcmp/groth16/r1cs";
import { saleCircuit, saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { saleCircuitInput } from "@zkcmp/groth16/sale-witness";
import { ErrorBoundError } from "@zkcmp/sale/witness-check";
import { readSymbols, type Symbols } from "@zkcmp/groth16/sym";
import { calculateWitness } from "@zkcmp/groth16/witness-calculator";
import { decodeWitness } from "@zkcmp/groth16/wtns";
import type { OutputReading } from "@zkcmp/network/output-reading";
import { squaredError } from "@zkcmp/network/regression-score";
import { inputCount, type NetworkShape, shapeId } from "@zkcmp/network/shape";
import { expect } from "chai";
import fc from "fast-check";
import {
  networksOf,
  regressionFixture,
  regressionShapes,
  targetSetsFor,
} from "../../packages/groth16/test/sale-fixture.ts";
import { COMPILE_TIMEOUT } from "./circuit-under-test.ts";

/** The circuit against the plain inference and sum, as in sale-differential.test.ts. */
const randomShapes = Number(process.env.ZKCMP_DIFFERENTIAL_SHAPES ?? 1);
const seed = Number(process.env.ZKCMP_DIFFERENTIAL_SEED ?? 8);
/** Networks and test sets for each shape. */
const RUNS = 4;

interface Case {
  readonly shape: NetworkShape;
  readonly reading: OutputReading;
  readonly classes: number;
  readonly rows: number;
  readonly committed: boolean;
}

const corners: readonly Case[] = [
  // A linear network as a rewards round trains it, one row.
  {
    shape: {
      inputBits: 16,
      weightBits: 16,
      layers: [{ inputs: 3, outputs: 1, activation: "none", shift: 0, biasShift: 17 }],
    },
    reading: { multiplier: 2 ** 10, offset: 2 ** 15 },
    classes: 2 ** 16,
    rows: 1,
    committed: true,
  },
  // Hidden layers of both kinds, more than one block of transcript and of ciphertext, no M.
  {
    shape: {
      inputBits: 8,
      weightBits: 16,
      layers: [
        { inputs: 40, outputs: 6, activation: "relu", shift: 14, biasShift: 12 },
        { inputs: 6, outputs: 2, activation: "square", shift: 0, biasShift: 9 },
        { inputs: 2, outputs: 1, activation: "none", shift: 0, biasShift: 3 },
      ],
    },
    reading: { multiplier: 12345, offset: 0 },
    classes: 2,
    rows: 17,
    committed: false,
  },
];

const cases: readonly Case[] = [
  ...corners,
  ...fc
    .sample(fc.record({ of: regressionShapes, rows: fc.integer({ min: 2, max: 9 }), committed: fc.boolean() }), {
      numRuns: randomShapes,
      seed,
    })
    .map(({ of, rows, committed }) => ({ ...of, rows, committed })),
];

describe("RegressionSale against the plain inference", function () {
  this.timeout(COMPILE_TIMEOUT);

  for (const { shape, reading, classes, rows, committed } of cases) {
    describe(`${shapeId(shape)}, ${rows} rows, ${committed ? "with" : "without"} M`, () => {
      const circuit = saleCircuit(shape, rows, { predicate: "squared-error", committed });
      let r1cs: R1cs;
      let symbols: Symbols;
      let leftBits: number[];
      let wasmPath: string;

      before(async () => {
        const compiled = await compileNamedCircuit(circuit);
        ({ wasmPath } = compiled);
        [r1cs, symbols] = await Promise.all([readR1cs(compiled.r1csPath), readSymbols(compiled.symPath)]);
        leftBits = symbols
          .names()
          .filter((name) => name.startsWith("main.error.left.out["))
          .map((name) => symbols.wire(name));
      });

      const sales = networksOf(shape, reading).chain((network) =>
        fc.tuple(fc.constant(network), targetSetsFor(network, rows, classes)),
      );
      const salt = () => (committed ? randomFieldElement() : undefined);

      it("has as many constraints and public signals as the formulas say", () => {
        expect(r1cs.constraintCount).to.equal(saleConstraints(circuit).total);
        expect(r1cs.publicCount).to.equal(circuit.publicCount);
      });

      it("accepts exactly the bounds that the network keeps", async () => {
        await fc.assert(
          fc.asyncProperty(sales, async ([network, testSet]) => {
            const { statement, witness } = await regressionFixture(network, testSet, { modelSalt: salt() });
            const { input, challenge } = saleCircuitInput(circuit, statement, witness);
            const wires = decodeWitness(await calculateWitness(wasmPath, input));
            expect(checkWitness(r1cs, wires)).to.equal(null);
            expect(wires.slice(1, 1 + r1cs.publicCount)).to.deep.equal(publicSignals(circuit, statement, challenge));

            const { errorBound } = statement.core;
            if (errorBound > 0n) {
              const less = { ...statement, core: { ...statement.core, errorBound: errorBound - 1n } };
              expect(() => saleCircuitInput(circuit, less, witness)).to.throw(ErrorBoundError);
            }
            // The sum itself holds, one less in no bits: neither the true ones nor those of a sum that wraps around.
            const sum = squaredError(network, reading, testSet);
            const withBound = (allowed: bigint): bigint[] => {
              const left = reduce(allowed - sum);
              const forged = wires.with(symbols.wire("main.allowedError"), reduce(allowed));
              leftBits.forEach((wire, i) => (forged[wire] = (left >> BigInt(i)) & 1n));
              return forged;
            };
            expect(checkWitness(r1cs, withBound(sum))).to.equal(null);
            expect(checkWitness(r1cs, withBound(sum - 1n))).to.not.equal(null);
          }),
          { numRuns: RUNS, endOnFailure: true },
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
        const { statement, witness } = await regressionFixture(network, testSet, { modelSalt: salt() });
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
