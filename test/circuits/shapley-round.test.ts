import { reduce } from "@zkcmp/field/element";
import { roundBounds } from "@zkcmp/shapley/bounds";
import { type RoundInput, solveRound } from "@zkcmp/shapley/round-solution";
import { roundCircuitInput } from "@zkcmp/shapley/round-witness";
import { expect } from "chai";
import { type Assignment, type CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";
import { roundExample, samples } from "./round-example.ts";
import { roundUnderTest } from "./round-under-test.ts";

const { shape, input, solution, circuitInput } = roundExample();
const EVERYONE = 7;
const column = (mask: number) => solution.thetas[mask]!.map((row) => row.map(reduce));

describe("ShapleyRound", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;
  /** Providers without rows: every model is 0, so that forged sums leave no trace in the residuals. */
  let empty: Assignment;

  const witnessOf = (round: RoundInput) => circuit.calculate(roundCircuitInput(shape, round, solveRound(shape, round)));
  const names = (pattern: RegExp) => templateSignals(circuit).filter((name) => pattern.test(name));

  before(async () => {
    ({ circuit, honest } = await roundUnderTest());
    const none = input.providers.map((provider) => ({ ...provider, samples: samples() }));
    empty = await witnessOf({ ...input, providers: none });
  });

  it("shows the values, commitments and loss of the context", () => {
    circuit.expectAccepted(honest);
    const signals = circuit.publicSignals();
    expect(signals.map((name) => name.replace(/\[.*/, ""))).to.deep.equal([
      ...["values", "values", "values"],
      ...["registry", "modelCommitment", "validationCommitment", "loss", "context"],
    ]);
    expect(signals.map((name) => circuit.get(honest, name))).to.deep.equal(solution.publicSignals);
    // The third slot has no provider and the value 0; the others have values of their own.
    expect(solution.values.length).to.equal(2);
    expect(solution.numerators[2]).to.equal(0n);
    expect(new Set([...solution.values, 0n]).size).to.equal(3);
  });

  it("refuses any other output, commitment or validation row", () => {
    const checked =
      /^(round\.|providers\.(active|used|digits|providers|gram|targets)|training\.|gram|targets|coalition|validation\.used|trained)/;
    const signals = templateSignals(circuit).filter((name) => !checked.test(name));
    expect(signals).to.include.members(["values[2]", "sponge.message[1]", "shapley.utilities[6]"]);
    expectEachPinned(circuit, honest, signals);
    // Another round's id, of which the switches and the ridge know nothing.
    const moved = circuit.forge(honest, { "round.context": solution.context + 1024n });
    circuit.expectRejected(moved, "round.context");
  });

  it("refuses models and sums of coalitions that are not its own", () => {
    const signals = names(/^(gram|coalition\[\d\]\.(gram|ridge|theta|validation)|training|trained)/).filter(
      (name) => !name.startsWith("training.targets"),
    );
    expect(signals).to.include.members(["gram[2][1]", "coalition[5].ridge", "training.gram[2]", "trained.gram[0]"]);
    expectEachPinned(circuit, empty, signals);
    // A target sum of 1 comes with its model 2^f / lambda.
    const model = 2n ** BigInt(shape.fractionBits - input.ridgeBits);
    for (let mask = 1; mask <= EVERYONE; mask++) {
      for (const a of [0, 1]) {
        const within = mask < EVERYONE ? `coalition[${mask - 1}].targets[${a}][0]` : `training.targets[${a}][0]`;
        for (const target of [`targets[${mask - 1}][${a}][0]`, within]) {
          const witness = circuit.forge(empty, { [target]: 1n, [`theta[${mask - 1}][${a}][0]`]: model });
          circuit.expectRejected(witness, target);
        }
      }
    }
  });

  it("refuses inputs of its parts that are not its own", () => {
    const zeroRows = [
      [0n, 0n],
      [0n, 0n],
    ];
    const cases = {
      active: { active: [1n, 0n, 0n] },
      used: { used: [...zeroRows, [0n, 0n]] },
      digits: { digits: [zeroRows, zeroRows, zeroRows] },
    };
    for (const [name, changes] of Object.entries(cases)) {
      const held = names(new RegExp(`^providers\\.${name}\\[`));
      expect(held.length).to.be.greaterThan(2);
      circuit.expectRejected(circuit.forge(honest, changes, held), ...held);
    }
    const held = names(/^validation\.used\[/);
    circuit.expectRejected(circuit.forge(honest, { validationUsed: [1n, 0n] }, held), ...held);
    const more = circuit.forge(honest, { context: solution.context + 64n }, ["providers.providers"]);
    circuit.expectRejected(more, "providers.providers");
  });

  it("refuses the model of another coalition in every place", () => {
    for (const [mask, other] of [
      [1, 2],
      [2, 3],
      [3, 1],
      [4, 1],
      [EVERYONE, 1],
    ] as const) {
      circuit.expectRejected(circuit.forge(honest, { [`theta[${mask - 1}]`]: column(other) }));
    }
  });

  it("refuses models outside of the residual's bound, and takes them inside", () => {
    // The second provider's model, moved along the intercept: this is the steering that a round's slack allows for.
    const edge = 2n ** BigInt(roundBounds(shape).residualBits(1) - 1);
    const diagonal = solution.grams[1]!.features[0]![0]! + 2n ** BigInt(input.ridgeBits);
    const [value] = solution.thetas[2]![0]!;
    const at = (steps: bigint) => circuit.forge(honest, { "theta[1][0][0]": reduce(value! + steps) });
    expect(edge / diagonal).to.equal(3n);
    for (const steps of [3n, -3n]) {
      circuit.expectAccepted(at(steps));
      expect(circuit.get(at(steps), "shapley.utilities[1]")).to.not.equal(reduce(solution.utilities[2]!));
    }
    for (const steps of [5n, -5n]) {
      circuit.expectRejected(at(steps), "coalition[1].solution.residual[0][0].in");
    }
  });

  it("refuses swapped providers under the same registry", () => {
    const swap = (name: string) => {
      const [first, second, third] = circuitInput[name] as bigint[];
      return [second!, first!, third!];
    };
    const swapped = Object.fromEntries(["payees", "salts", "digits", "used"].map((name) => [name, swap(name)]));
    const theta = [2, 1, 3, 4, 6, 5, 7].map(column);
    const witness = circuit.forge(honest, { ...swapped, theta });
    circuit.expectAccepted(witness);
    // Both values are right for the swapped registry, which is not the one on chain.
    expect(circuit.get(witness, "values[0]")).to.not.equal(circuit.get(honest, "values[0]"));
    expect(circuit.get(witness, "registry")).to.not.equal(solution.registry);
    circuit.expectRejected(circuit.forge(witness, { registry: solution.registry }), "registry");
  });

  it("refuses a validation set other than the committed one", () => {
    const witness = circuit.forge(honest, {
      validationDigits: [
        [0n, 0n],
        [200n, 180n],
      ],
    });
    circuit.expectAccepted(witness);
    const moved = circuit.forge(witness, { validationCommitment: solution.validationCommitment });
    circuit.expectRejected(moved, "validationCommitment");
  });
});
