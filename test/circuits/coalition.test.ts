import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { roundBounds } from "@zkcmp/shapley/bounds";
import { addGrams } from "@zkcmp/shapley/gram";
import { expect } from "chai";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";
import { roundExample, upperTriangle } from "./round-example.ts";
import { inverse } from "./signal-definitions.ts";

const { shape, input, solution } = roundExample();
const { coefficientBits, residualBits } = roundBounds(shape);
const ridge = 2n ** BigInt(input.ridgeBits);
const EDGE = 2n ** BigInt(coefficientBits - 1);
/** Both providers together. */
const MASK = 3;
const gram = addGrams(solution.grams[0]!, solution.grams[1]!);
const theta = solution.thetas[MASK]!;

const column = (values: readonly bigint[]) => values.map((value) => [reduce(value)]);

describe("Coalition", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    const call = `Coalition(2, 1, ${shape.fractionBits}, ${coefficientBits}, ${residualBits(2)})`;
    circuit = await CircuitUnderTest.compile("shapley/coalition.circom", call);
    honest = await circuit.calculate({
      gram: upperTriangle(gram.features).map(reduce),
      targets: gram.targets.map((row) => row.map(reduce)),
      ridge,
      theta: theta.map((row) => row.map(reduce)),
      validationGram: upperTriangle(solution.validationGram.features).map(reduce),
      validationTargets: solution.validationGram.targets.map((row) => row.map(reduce)),
    });
  });

  it("gives the utility of the coalition's model", () => {
    circuit.expectAccepted(honest);
    expect(circuit.get(honest, "utility")).to.equal(reduce(solution.utilities[MASK]!));
  });

  it("refuses any other value that it passes on", () => {
    // Sums that the residual's range would notice are forged below.
    const signals = templateSignals(circuit).filter((name) => !/^solution\.(gram|theta|targets|ridge)/.test(name));
    expect(signals).to.include.members(["utility", "range[1][0].in", "validation.theta[1][0]"]);
    expectEachPinned(circuit, honest, signals);
  });

  it("refuses the data, the ridge or the model of another coalition in the normal equations", () => {
    const hold = (...names: string[]) => names;
    const wrongGram = circuit.forge(honest, { "gram[1]": 1n }, hold("solution.gram[1]"));
    circuit.expectRejected(wrongGram, "solution.gram[1]");
    const wrongTargets = circuit.forge(honest, { "targets[1]": [1n] }, hold("solution.targets[1][0]"));
    circuit.expectRejected(wrongTargets, "solution.targets[1][0]");
    const wrongRidge = circuit.forge(honest, { ridge: 2n * ridge }, hold("solution.ridge"));
    circuit.expectRejected(wrongRidge, "solution.ridge");
    const alone = solution.thetas[1]!;
    const names = hold("solution.theta[0][0]", "solution.theta[1][0]");
    const wrongModel = circuit.forge(honest, { theta: alone.map((row) => row.map(reduce)) }, names);
    circuit.expectRejected(wrongModel, ...names);
    circuit.expectRejected(circuit.forge(honest, { theta: alone.map((row) => row.map(reduce)) }));
  });

  it("takes coefficients in [-2^(n-1), 2^(n-1)) and refuses those beside", () => {
    // Without data and with a tiny ridge the residual is theta itself.
    const free = (value: bigint) =>
      circuit.forge(honest, { gram: [0n, 0n, 0n], targets: column([0n, 0n]), ridge: 0n, theta: column([value, 1n]) });
    for (const value of [-EDGE, EDGE - 1n]) circuit.expectAccepted(free(value));
    for (const value of [-EDGE - 1n, EDGE]) circuit.expectRejected(free(value), "range[0][0].in");
  });

  it("refuses a garbage model whose residual is small modulo r", () => {
    // Every e in the box has the solution theta + (A + lambda I)^-1 e modulo r; nearly all of them are huge, and their
    // utilities are whatever the prover searches for.
    const [[a, b], [, d]] = gram.features as [[bigint, bigint], [bigint, bigint]];
    const scale = inverse((a + ridge) * (d + ridge) - b * b);
    for (const [e0, e1] of [
      [1n, 0n],
      [0n, 1n],
      [-5n, 3n],
    ] as const) {
      const garbage = [
        reduce(theta[0]![0]! + ((d + ridge) * e0 - b * e1) * scale),
        reduce(theta[1]![0]! + ((a + ridge) * e1 - b * e0) * scale),
      ];
      const witness = circuit.forge(honest, { theta: column(garbage) });
      expect(circuit.get(witness, "utility")).to.not.equal(circuit.get(honest, "utility"));
      expect(garbage.every((value) => value > EDGE && value < FIELD_ORDER - EDGE)).to.equal(true);
      circuit.expectRejected(witness, "range[0][0].in", "range[1][0].in");
    }
  });

  it("refuses a model whose range was checked on another one", () => {
    const moved = column([theta[0]![0]! + 1n, theta[1]![0]!]);
    circuit.expectRejected(circuit.forge(honest, { theta: moved }, ["range[0][0].in"]), "range[0][0].in");
  });
});
