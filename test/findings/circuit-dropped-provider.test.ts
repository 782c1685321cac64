import { reduce } from "@zkcmp/field/element";
import { solveRound } from "@zkcmp/shapley/round-solution";
import { roundCircuitInput } from "@zkcmp/shapley/round-witness";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { roundUnderTest } from "../circuits/round-under-test.ts";

/**
 * The attack: a round may use fewer providers than its circuit has slots. The owner proves it without a provider who
 * registered: as an empty slot between the others, as an empty slot at the end, or with their rows left out.
 * Refused because the used slots are the first p ones, p is in the public context, and a slot changes the registry, which is
 * the contract's, unless it is empty.
 */
describe("finding: a provider dropped as an empty slot", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("refuses an empty slot before a used one", async () => {
    const { circuit, honest, circuitInput } = await roundUnderTest();
    const move = (name: string) => {
      const [first, second, third] = circuitInput[name] as bigint[];
      return [first!, third!, second!];
    };
    const moved = Object.fromEntries(["active", "payees", "salts", "digits", "used"].map((name) => [name, move(name)]));
    const theta = circuitInput.theta as bigint[][][];
    const witness = circuit.forge(honest, { ...moved, theta: [1, 4, 5, 2, 3, 6, 7].map((mask) => theta[mask - 1]!) });
    // The registry would be the right one.
    expect(circuit.get(witness, "registry")).to.equal(circuit.get(honest, "registry"));
    circuit.expectRejected(witness, "providers.active");
  });

  it("refuses fewer providers than the context says, and has another registry for them", async () => {
    const { circuit, honest, shape, input, solution } = await roundUnderTest();
    const one = { ...input, providers: input.providers.slice(0, 1) };
    const short = solveRound(shape, one);
    const context = solution.context;
    const witness = circuit.forge(honest, { ...roundCircuitInput(shape, one, short), context });
    circuit.expectRejected(witness, "providers.providers");
    // With the right number of providers the dropped one takes part without rows: then the registry is another one.
    const silent = { ...input.providers[1]!, samples: { rows: [] } };
    const emptied = solveRound(shape, { ...input, providers: [input.providers[0]!, silent] });
    expect(emptied.context).to.equal(context);
    expect(emptied.registry).to.not.equal(solution.registry);
  });

  it("refuses rows in an unused slot", async () => {
    const { circuit, honest } = await roundUnderTest();
    // Rows of the owner's that no registration stands for.
    const witness = circuit.forge(honest, {
      "used[2]": [1n, 0n],
      "digits[2]": [
        [reduce(90n), reduce(170n)],
        [0n, 0n],
      ],
    });
    const refusing = circuit.violations(witness);
    expect(refusing.some((names) => names.includes("providers.registration[2].count"))).to.equal(true);
  });
});
