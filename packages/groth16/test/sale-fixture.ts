import type { FieldElement } from "@zkcmp/field/element";
import { layerBounds } from "@zkcmp/network/bounds";
import { isRight, outputs, predict } from "@zkcmp/network/inference";
import { createNetwork, type Network } from "@zkcmp/network/network";
import { coversTargets, type OutputReading, readOutput } from "@zkcmp/network/output-reading";
import { inputCount, type NetworkShape, outputCount, parameterCount } from "@zkcmp/network/shape";
import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import type { SaleWitness } from "@zkcmp/sale/proof-system";
import type { SaleStatement } from "@zkcmp/sale/statement";
import fc from "fast-check";
import { rowsFor, shapes } from "../../network/test/arbitrary.ts";
import { createDeal, leastErrorBound } from "../../sale/test/fixture.ts";

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
 * @param modelSalt by default there is no M
 */
export async function saleFixture(
  network: Network,
  testSet: TestSet,
  threshold = rightRows(network, testSet),
  modelSalt?: FieldElement,
): Promise<SaleFixture> {
  const { statement, secrets } = await createDeal({ network, testSet, order: { threshold }, modelSalt });
  return { statement, witness: { network, secrets, modelSalt } };
}

/**
 * Seals a regression network with fresh keys and states that its squared errors keep a bound.
 * @param errorBound by default the least that the network keeps
 * @param modelSalt by default there is no M
 */
export async function regressionFixture(
  network: Network,
  testSet: TestSet,
  { errorBound, modelSalt }: { readonly errorBound?: bigint; readonly modelSalt?: FieldElement | undefined } = {},
): Promise<SaleFixture> {
  // A network that was not trained can be worse than any order allows: the bound is put into the core alone.
  const { statement, secrets } = await createDeal({ network, testSet, order: { errorBound: 0n }, modelSalt });
  const core = { ...statement.core, errorBound: errorBound ?? leastErrorBound(network, network.reading!, testSet) };
  return { statement: { ...statement, core }, witness: { network, secrets, modelSalt } };
}

/** The network of a shape with the given parameters, in sealing order. */
export function networkOf(shape: NetworkShape, parameters: readonly number[], reading?: OutputReading): Network {
  let position = 0;
  const take = (count: number): number[] => parameters.slice(position, (position += count));
  const layers = shape.layers.map((layer) => ({
    weights: take(layer.inputs * layer.outputs),
    biases: take(layer.outputs),
  }));
  const scales = layers.map(() => 1);
  return createNetwork(shape, layers, scales, reading);
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
export function networksOf(shape: NetworkShape, reading?: OutputReading): fc.Arbitrary<Network> {
  const limit = 2 ** (shape.weightBits - 1);
  const parameter = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -limit, max: limit - 1 }) },
    { weight: 1, arbitrary: fc.constantFrom(-limit, limit - 1, 0) },
  );
  const count = parameterCount(shape);
  return fc
    .array(parameter, { minLength: count, maxLength: count })
    .map((parameters) => networkOf(shape, parameters, reading));
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

/** Shapes of regression networks with one output, readings, and digits that they have room for. */
export const regressionShapes: fc.Arbitrary<{ shape: NetworkShape; reading: OutputReading; classes: number }> = fc
  .tuple(
    saleShapes,
    fc.integer({ min: 1, max: 16 }),
    fc.integer({ min: 1, max: 1000 }),
    fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  )
  .map(([shape, bits, multiplier, offset]) => ({
    shape: { ...shape, layers: [...shape.layers.slice(0, -1), { ...shape.layers.at(-1)!, outputs: 1 }] },
    reading: { multiplier, offset: offset % 2 ** bits },
    classes: 2 ** bits,
  }))
  .filter(
    ({ shape, reading, classes }) =>
      coversTargets(shape, reading, classes) && layerBounds(shape).at(-1)!.magnitudeBits <= 100,
  );

/** Test sets for a regression network; targets are near the network's answers or anywhere. */
export function targetSetsFor(network: Network, rows: number, classes: number): fc.Arbitrary<TestSet> {
  const { shape, reading } = network;
  const label = fc.option(fc.nat(classes - 1), { freq: 2, nil: undefined });
  return fc.array(fc.tuple(rowsFor(network), label), { minLength: rows, maxLength: rows }).map((drawn) =>
    createTestSet({
      inputBits: shape.inputBits,
      classes,
      rows: drawn.map(([row]) => row),
      labels: drawn.map(
        ([row, other]) =>
          other ?? Math.min(Math.max(Math.round(readOutput(reading!, outputs(network, row)[0]!)), 0), classes - 1),
      ),
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
