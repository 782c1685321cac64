import { randomFieldElement } from "@zkcmp/field/element";
import { forward, isRight, outputs } from "@zkcmp/network/inference";
import type { Network } from "@zkcmp/network/network";
import { type OutputReading, targetOutput } from "@zkcmp/network/output-reading";
import { squaredError } from "@zkcmp/network/regression-score";
import type { NetworkShape } from "@zkcmp/network/shape";
import type { TestSet } from "@zkcmp/network/testset";
import fc from "fast-check";
import {
  networksOf,
  regressionFixture,
  rightRows,
  saleFixture,
  targetSetsFor,
  testSetsFor,
  zeroRows,
} from "../../packages/groth16/test/sale-fixture.ts";
import { type HonestSale, SaleUnderTest } from "./sale-under-test.ts";

/** Both activations, several neurons to a word, one block of transcript and keystream. */
export const SHAPE: NetworkShape = {
  inputBits: 4,
  weightBits: 8,
  layers: [
    { inputs: 3, outputs: 4, activation: "relu", shift: 3, biasShift: 2 },
    { inputs: 4, outputs: 2, activation: "square", shift: 0, biasShift: 1 },
    { inputs: 2, outputs: 3, activation: "none", shift: 0, biasShift: 0 },
  ],
};
export const ROWS = 3;

/** A compiled sale circuit with statements from which forgeries start. */
export interface SaleExample {
  readonly sale: SaleUnderTest;
  readonly honest: HonestSale;
  /** All rows zero: every row has the same values, and the combined rows are zero under every challenge. */
  readonly zero: HonestSale;
  /** The one row that the network has wrong. */
  readonly wrong: number;
  /** A hidden relu neuron that is far below zero. */
  readonly dead: { readonly row: number; readonly neuron: number; readonly z: bigint };
}

/** All rows differ, all but one are right, and no weight is zero or extreme, so that forgeries can move it. */
function drawCase(): [Network, TestSet] {
  const cases = networksOf(SHAPE).chain((network) => fc.tuple(fc.constant(network), testSetsFor(network, ROWS)));
  const useful = cases.filter(
    ([network, testSet]) =>
      rightRows(network, testSet) === ROWS - 1 &&
      new Set(testSet.rows.map(String)).size === ROWS &&
      testSet.rows.some((row) => forward(network, row)[0]!.z.some((z) => z < -9n)) &&
      network.layers.every(({ weights }) => weights.every((weight) => weight > -127 && weight < 127 && weight !== 0)),
  );
  return fc.sample(useful, { numRuns: 1, seed: 1 })[0]!;
}

async function createExample(): Promise<SaleExample> {
  const [network, testSet] = drawCase();
  const sale = await SaleUnderTest.compile(SHAPE, ROWS);
  const preActivations = testSet.rows.map((row) => forward(network, row).map(({ z }) => z));
  return {
    sale,
    honest: await sale.honest(await saleFixture(network, testSet)),
    zero: await sale.honest(await saleFixture(network, zeroRows(network, ROWS))),
    wrong: preActivations.findIndex((layers, i) => !isRight(layers.at(-1)!, testSet.labels[i]!)),
    dead: preActivations
      .flatMap((layers, row) => layers[0]!.map((z, neuron) => ({ row, neuron, z })))
      .find(({ z }) => z < -9n)!,
  };
}

/** One output behind a hidden layer; targets are digits of 4 bits. */
export const REGRESSION_SHAPE: NetworkShape = {
  inputBits: 4,
  weightBits: 8,
  layers: [
    { inputs: 3, outputs: 2, activation: "relu", shift: 3, biasShift: 2 },
    { inputs: 2, outputs: 1, activation: "none", shift: 0, biasShift: 1 },
  ],
};
export const READING: OutputReading = { multiplier: 5, offset: 8 };

/** A compiled circuit for squared errors, with M, and a statement whose bound is the least that holds. */
export interface RegressionExample {
  readonly sale: SaleUnderTest;
  readonly honest: HonestSale;
  /** The exact sum of the squared errors, in units of the output. No two rows have the same share in it. */
  readonly sum: bigint;
}

async function createRegressionExample(): Promise<RegressionExample> {
  const cases = networksOf(REGRESSION_SHAPE, READING).chain((network) =>
    fc.tuple(fc.constant(network), targetSetsFor(network, ROWS, 16)),
  );
  const useful = cases.filter(([network, testSet]) => {
    const errors = testSet.rows.map((row, i) => outputs(network, row)[0]! - targetOutput(READING, testSet.labels[i]!));
    return (
      new Set(errors.map((error) => error * error)).size === ROWS &&
      errors.every((error) => error !== 0n) &&
      network.layers.every(({ weights }) => weights.every((weight) => weight > -127 && weight < 127 && weight !== 0))
    );
  });
  const [network, testSet] = fc.sample(useful, { numRuns: 1, seed: 1 })[0]!;
  const sale = await SaleUnderTest.compile(REGRESSION_SHAPE, ROWS, { predicate: "squared-error", committed: true });
  const honest = await sale.honest(await regressionFixture(network, testSet, { modelSalt: randomFieldElement() }));
  return { sale, honest, sum: squaredError(network, READING, testSet) };
}

let regression: Promise<RegressionExample> | undefined;

/** The example for squared errors, made once in a process. */
export function regressionExample(): Promise<RegressionExample> {
  return (regression ??= createRegressionExample());
}

let example: Promise<SaleExample> | undefined;

/** The example, made once in a process. */
export function saleExample(): Promise<SaleExample> {
  return (example ??= createExample());
}
