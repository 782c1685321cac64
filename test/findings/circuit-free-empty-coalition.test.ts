import { reduce } from "@zkcmp/field/element";
import { shapleyNumerators } from "@zkcmp/shapley/shapley-values";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { roundUnderTest } from "../circuits/round-under-test.ts";

/**
 * The attack: the utility of the empty coalition enters every value. If the prover could choose its model, like that of
 * any other coalition, all values would move together, up until the slack counts for nothing or down until none is positive.
 * With targets that are not centred the same happens by itself: who merely teaches the mean is paid for it.
 * Refused because the empty coalition's model is the constant 0: it has no place in the circuit's inputs.
 */
describe("finding: an empty coalition with a model of its own", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("would move every value", async () => {
    const { shape, solution } = await roundUnderTest();
    const moved = [-(10n ** 12n), ...solution.utilities.slice(1)];
    const numerators = shapleyNumerators(moved, shape.providers);
    numerators.forEach((numerator, i) => expect(numerator).to.be.greaterThan(solution.numerators[i]!));
  });

  it("takes models of the 2^P - 1 other coalitions only, and values that add up to the utility of all", async () => {
    const { circuit, honest, solution, shape } = await roundUnderTest();
    const masks = 2 ** shape.providers - 1;
    expect(() => circuit.get(honest, `theta[${masks - 1}][0][0]`)).to.not.throw();
    expect(() => circuit.get(honest, `theta[${masks}][0][0]`)).to.throw();
    expect(circuit.list(honest, "shapley.utilities").length).to.equal(masks);
    expect(solution.utilities[0]).to.equal(0n);
    const sum = solution.numerators.reduce((total, numerator) => total + numerator, 0n);
    expect(sum).to.equal(6n * solution.utilities.at(-1)!);
    expect(circuit.get(honest, `shapley.utilities[${masks - 1}]`)).to.equal(reduce(solution.utilities.at(-1)!));
  });
});
