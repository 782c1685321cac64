import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { forward } from "@zkcmp/network/inference";
import { parameterCount } from "@zkcmp/network/shape";
import { createTestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { networkOf, saleFixture } from "../../packages/groth16/test/sale-fixture.ts";
import { CircuitUnderTest, COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { ROWS, saleExample, SHAPE } from "../circuits/sale-example.ts";

/**
 * The attack: bit bounds are fitted to the activations that the seller's network shows. A buyer who puts one saturating row
 * into the test set then makes the honest proof impossible, and where it is possible, the bounds tell the size of the
 * largest pre-activation.
 * Refused because the bounds are worst-case bounds: they follow from the shape, and every row within the declared bits and
 * every set of weights keeps them.
 */
describe("finding: bounds from activations", function () {
  this.timeout(COMPILE_TIMEOUT);
  const network = networkOf(SHAPE, new Array<number>(parameterCount(SHAPE)).fill(127));
  const lowest = networkOf(SHAPE, new Array<number>(parameterCount(SHAPE)).fill(-128));
  const rows = [
    [0, 0, 0],
    [1, 0, 1],
    [15, 15, 15],
  ];
  const testSet = createTestSet({ inputBits: 4, classes: 3, rows, labels: [0, 0, 0] });

  it("accepts the honest witness of networks and rows at the very bounds", async () => {
    const { sale } = await saleExample();
    for (const extreme of [network, lowest]) {
      const { assignment } = await sale.honest(await saleFixture(extreme, testSet));
      sale.circuit.expectAccepted(assignment);
      expect(sale.circuit.get(assignment, "threshold")).to.equal(BigInt(ROWS));
    }
  });

  it("would refuse the saturating row under bounds that fit the other rows", async () => {
    const largest = (which: readonly Uint16Array[]) =>
      which.flatMap((row) => forward(network, row)[0]!.z).reduce((a, b) => (a > b ? a : b));
    const fitted = largest(testSet.rows.slice(0, 2)).toString(2).length;
    const circuit = await CircuitUnderTest.compile("network/activation.circom", `Activation(0, ${fitted}, 3)`);
    const usual = await circuit.calculate({ z: largest(testSet.rows.slice(0, 2)) });
    circuit.expectAccepted(usual);
    circuit.expectRejected(circuit.forge(usual, { z: largest(testSet.rows) }), "bits.in");
  });

  it("takes the bounds from the shape: one circuit for all networks and test sets of it", () => {
    const { slots } = saleCircuit(SHAPE, ROWS);
    // 3 * 128 * 15 + 128 * 4 = 6272; 4 * 128 * 1023 + 128 * 2 = 524,032; 2 * 128 * 2^38 + 128, and 1 for ties.
    expect(slots.map(({ magnitudeBits }) => magnitudeBits)).to.deep.equal([13, 19, 47]);
    expect(saleCircuit.length, "shape and rows are all it takes").to.equal(2);
  });
});
