import { reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { evaluateCircuit } from "../../src/circuit/evaluation.ts";
import { LayeredCircuitBuilder } from "../../src/circuit/layered-circuit.ts";

describe("evaluation of a layered circuit", () => {
  it("gives the values of every layer", () => {
    const builder = new LayeredCircuitBuilder("example", 2);
    builder.layer(4).product(0, 0, 1).product(0, 1, 1).linear(1, 0, reduce(-2n)).constant(3, reduce(7n));
    builder.layer(1).product(0, 0, 3).linear(0, 1);
    expect(evaluateCircuit(builder.build(), [reduce(3n), reduce(5n)])).to.deep.equal([
      [3n, 5n],
      [40n, reduce(-6n), 0n, 7n],
      [274n],
    ]);
  });
});
