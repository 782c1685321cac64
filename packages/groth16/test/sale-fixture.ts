import { layerBounds } from "@zkcmp/network/bounds";
import { isRight, outputs, predict } from "@zkcmp/network/inference";
import { createNetwork, type Network } from "@zkcmp/network/network";
import { inputCount, type NetworkShape, outputCount, parameterCount } from "@zkcmp/network/shape";
import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import type { SaleWitness } from "@zkcmp/sale/proof-system";
import type { SaleStatement } from "@zkcmp/sale/statement";
import fc from "fast-check";
import { rowsFor, shapes } from "../../network/test/arbitrary.ts";
import { createDeal } from "../../sale/test/fixture.ts";

/** What the prover of a sale has: the statement, and the network and keys behind it. */
export interface SaleFixture {
  readonly statement: SaleStatement;
  readonly witness: SaleWitness;
}

/** Rows of the test set that the network has right. */
export function rightRows(network: Network, testSet: TestSet): number {
  return testSet.rows.filter((row, i) => isRight(outputs(network, row), testSet.labels[i]!)).length;
}

/**
 * Seals a network with fresh keys and states that it is right on `threshold` of the rows.
 * @param threshold by default the number of rows that are right, so that one more would be a lie
 */
export async function saleFixture(
  network: Network,
  testSet: TestSet,
  threshold = rightRows(network, testSet),
): Promise<SaleFixture> {
  const { statement, secrets } = await createDeal({ network, testSet, order: { threshold } });
  return { statement, witness: { network, secrets } };
}

/** The network of a shape with the given parameters, in sealing order. */
export function networkOf(shape: NetworkShape, parameters: readonly number[]): Network {
  let position = 0;
  const take = (count: number): number[] => parameters.slice(position, (position += count));
  const layers = shape.layers.map((layer) => ({
    weights: take(layer.inputs * layer.outputs),
    biases: take(layer.outputs),
  }));
  const scales = layers.map(() => 1);
  return createNetwork(shape, layers, scales);
}

/** Shapes of classifiers with up to three hidden layers whose bounds stay below 2^250. */
export const saleShapes: fc.Arbitrary<NetworkShape> = shapes({ maxHidden: 3 }).filter((shape) => {
  try {
    layerBounds(shape);
    return outputCount(shape) >= 2;
  } catch {
    return false;
  }
});

/** Networks of a shape with any parameters, the extreme ones often. */
export function networksOf(shape: NetworkShape): fc.Arbitrary<Network> {
  const limit = 2 ** (shape.weightBits - 1);
  const parameter = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -limit, max: limit - 1 }) },
    { weight: 1, arbitrary: fc.constantFrom(-limit, limit - 1, 0) },
  );
  const count = parameterCount(shape);
  return fc.array(parameter, { minLength: count, maxLength: count }).map((parameters) => networkOf(shape, parameters));
}

/** Test sets for a network, with at least one right row; labels are the network's answers or any class. */
export function testSetsFor(network: Network, rows: number): fc.Arbitrary<TestSet> {
  const { shape } = network;
  const label = fc.option(fc.nat(outputCount(shape) - 1), { freq: 2, nil: undefined });
  return fc.array(fc.tuple(rowsFor(network), label), { minLength: rows, maxLength: rows }).map((drawn) =>
    createTestSet({
      inputBits: shape.inputBits,
      classes: outputCount(shape),
      rows: drawn.map(([row]) => row),
      labels: drawn.map(([row, other], i) => (i === 0 ? undefined : other) ?? predict(outputs(network, row))),
    }),
  );
}

/** The test set with every input zero: every row gives the same values. */
export function zeroRows(network: Network, rows: number): TestSet {
  const row = new Uint16Array(inputCount(network.shape));
  const label = predict(outputs(network, row));
  return createTestSet({
    inputBits: network.shape.inputBits,
    classes: outputCount(network.shape),
    rows: Array.from({ length: rows }, () => row),
    labels: Array.from({ length: rows }, () => label),
  });
}
