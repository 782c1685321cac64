import { type FieldElement, reduce } from "@zkcmp/field/element";
import { parseRoundShape } from "@zkcmp/shapley/round-shape";
import { solveTraining } from "@zkcmp/shapley/round-solution";
import { trainingCircuitInput } from "@zkcmp/shapley/round-witness";
import { expect } from "chai";
import { type Assignment, type CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";
import { roundExample, samples } from "./round-example.ts";
import { compileRound } from "./round-under-test.ts";

const { shape, input } = roundExample();
const TRAINING = parseRoundShape({ ...shape, providers: 2, validationRows: 0 });
const solution = solveTraining(TRAINING, input);

describe("Training", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await compileRound(TRAINING);
    honest = await circuit.calculate(trainingCircuitInput(TRAINING, input, solution));
  });

  it("shows registry, model commitment and loss of the context", () => {
    circuit.expectAccepted(honest);
    expect(circuit.publicSignals()).to.deep.equal(["registry", "modelCommitment", "loss", "context"]);
    const values: FieldElement[] = circuit.publicSignals().map((name) => reduce(circuit.get(honest, name)));
    expect(values).to.deep.equal(solution.publicSignals);
  });

  it("refuses any other value that it passes on", () => {
    // What else is checked further on, too, is forged below.
    const checked =
      /^round\.|^providers\.(active|used|digits|providers|gram|targets)|^training\.(theta|gram|targets|ridge)/;
    const signals = templateSignals(circuit).filter((name) => !checked.test(name));
    expect(signals).to.include.members(["registry", "loss", "providers.roundId", "training.squares"]);
    expectEachPinned(circuit, honest, signals);
    // Another round's id, of which the switches and the ridge know nothing.
    const moved = circuit.forge(honest, { "round.context": solution.context + 1024n });
    circuit.expectRejected(moved, "round.context");
  });

  it("refuses inputs of its parts that are not its own", () => {
    const zeroRows = [
      [0n, 0n],
      [0n, 0n],
    ];
    const cases: readonly [string, bigint | readonly unknown[]][] = [
      ["active", [1n, 0n]],
      ["used", zeroRows],
      ["digits", [zeroRows, zeroRows]],
    ];
    for (const [name, values] of cases) {
      const held = templateSignals(circuit).filter((signal) => signal.startsWith(`providers.${name}[`));
      expect(held.length, name).to.be.greaterThan(1);
      circuit.expectRejected(circuit.forge(honest, { [name]: values as bigint[] }, held), ...held);
    }
    const held = ["training.theta[0][0]", "training.theta[1][0]"];
    circuit.expectRejected(circuit.forge(honest, { theta: [[1n], [2n]] }, held), ...held);
  });

  it("refuses another number of providers than the context's", () => {
    // One provider more in the context, in the bits of p alone.
    const more = circuit.forge(honest, { context: solution.context + 64n }, ["providers.providers"]);
    circuit.expectRejected(more, "providers.providers");
    circuit.expectRejected(circuit.forge(honest, { context: solution.context + 64n }), "providers.providers");
  });

  it("refuses another ridge than the context's", () => {
    const other = circuit.forge(honest, { context: solution.context + 1n }, ["training.ridge"]);
    circuit.expectRejected(other, "training.ridge");
  });

  it("refuses a proof moved to another round", () => {
    const moved = circuit.forge(honest, { context: solution.context + 1024n });
    expect(circuit.get(moved, "registry")).to.not.equal(solution.registry);
    circuit.expectRejected(circuit.forge(moved, { registry: solution.registry }), "registry");
  });

  it("refuses sums, a ridge and a model in the normal equations that are not its own", async () => {
    // Without any rows the model is 0, so that a forged sum or ridge leaves no trace in the residual.
    const none = { ...input, providers: input.providers.map((provider) => ({ ...provider, samples: samples() })) };
    const empty = await circuit.calculate(trainingCircuitInput(TRAINING, none, solveTraining(TRAINING, none)));
    const names = (part: string) => templateSignals(circuit).filter((signal) => signal.startsWith(`training.${part}`));
    expect(names("gram").length).to.equal(3);
    expectEachPinned(circuit, empty, [...names("gram"), ...names("ridge"), ...names("theta")]);
    for (const a of [0, 1]) {
      // The target sum 1 and its model 2^f / lambda.
      const model = 2n ** BigInt(TRAINING.fractionBits - input.ridgeBits);
      const target = `training.targets[${a}][0]`;
      circuit.expectRejected(circuit.forge(empty, { [target]: 1n, [`theta[${a}][0]`]: model }), target);
    }
  });

  it("refuses a model of one provider's rows, and one without the other's", () => {
    for (const providers of [input.providers.slice(0, 1), input.providers.slice(1)]) {
      const { grandTheta } = solveTraining(TRAINING, { ...input, providers });
      circuit.expectRejected(circuit.forge(honest, { theta: grandTheta.map((row) => row.map(reduce)) }));
    }
  });
});
