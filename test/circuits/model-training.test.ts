import { reduce } from "@zkcmp/field/element";
import { roundBounds } from "@zkcmp/shapley/bounds";
import { lossOf } from "@zkcmp/shapley/utility";
import { expect } from "chai";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";
import { roundExample, upperTriangle } from "./round-example.ts";

const { shape, input, solution } = roundExample();
const { coefficientBits, residualBits, biasDroppedBits } = roundBounds(shape);
const { grandGram, grandTheta } = solution;

describe("ModelTraining", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    const parameters = [1, 1, shape.fractionBits, coefficientBits, residualBits(shape.providers), biasDroppedBits];
    circuit = await CircuitUnderTest.compile("shapley/trained-model.circom", `ModelTraining(${parameters.join(", ")})`);
    honest = await circuit.calculate({
      gram: upperTriangle(grandGram.features).map(reduce),
      targets: grandGram.targets.map((row) => row.map(reduce)),
      squares: grandGram.squares,
      ridge: 2n ** BigInt(input.ridgeBits),
      theta: grandTheta.map((row) => row.map(reduce)),
      salt: input.modelSalt,
    });
  });

  it("gives the model's commitment and its loss", () => {
    circuit.expectAccepted(honest);
    expect(circuit.get(honest, "commitment")).to.equal(solution.modelCommitment);
    expect(circuit.get(honest, "loss")).to.equal(lossOf(grandGram, grandTheta, shape.fractionBits));
  });

  it("refuses any other value that it passes on, and any other loss", () => {
    const signals = templateSignals(circuit).filter((name) => !/^solution\.(gram|theta|targets|ridge)/.test(name));
    expect(signals).to.include.members(["loss", "commitment", "fit.theta[1][0]", "model.theta[0][0]", "model.salt"]);
    expectEachPinned(circuit, honest, signals);
  });

  it("refuses other rows, another ridge or another model in the normal equations", () => {
    const wrong = [
      [{ "gram[1]": 1n }, ["solution.gram[1]"]],
      [{ "targets[0]": [1n] }, ["solution.targets[0][0]"]],
      [{ ridge: 1n }, ["solution.ridge"]],
      [{ "theta[1]": [1n] }, ["solution.theta[1][0]"]],
    ] as const;
    for (const [changes, hold] of wrong) circuit.expectRejected(circuit.forge(honest, changes, hold), ...hold);
  });

  it("refuses the model of fewer providers", () => {
    circuit.expectRejected(circuit.forge(honest, { theta: solution.thetas[1]!.map((row) => row.map(reduce)) }));
  });
});
