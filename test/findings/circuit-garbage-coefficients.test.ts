import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { roundBounds } from "@zkcmp/shapley/bounds";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { roundUnderTest } from "../circuits/round-under-test.ts";
import { inverse } from "../circuits/signal-definitions.ts";

/**
 * The attack: a coalition's model is only checked by its residual e = (A + lambda I) theta - 2^f B, which must be small.
 * Modulo r every e in the box has a solution, 2^(d Be) of them in all. Nearly all are garbage of 254 bits, with utilities
 * that look random: the owner tries residuals until the values pay whom they like.
 * Refused because every coefficient is range-checked. With that, the products stay far below r, the residual is an integer,
 * and only models within the stated slack of the right one are left.
 */
describe("finding: coefficients that solve the equations only modulo r", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("refuses them by the range of the coefficients, and by nothing else", async () => {
    const { circuit, honest, shape, input, solution } = await roundUnderTest();
    const edge = 2n ** BigInt(roundBounds(shape).coefficientBits - 1);
    const ridge = 2n ** BigInt(input.ridgeBits);
    const [[a, b], [, d]] = solution.grams[0]!.features as [[bigint, bigint], [bigint, bigint]];
    const scale = inverse((a + ridge) * (d + ridge) - b * b);
    const [theta0, theta1] = solution.thetas[1]!.map(([value]) => value!) as [bigint, bigint];
    const valueOf = (word: bigint) => (word & (2n ** 62n - 1n)) - 2n ** 61n;
    const forgedValues = new Set<bigint>();
    for (let e = 1n; e <= 40n; e++) {
      const garbage = [reduce(theta0 + (d + ridge) * e * scale), reduce(theta1 - b * e * scale)];
      expect(garbage.every((value) => value >= edge && value <= FIELD_ORDER - edge)).to.equal(true);
      const witness = circuit.forge(honest, { "theta[0]": garbage.map((value) => [value]) });
      forgedValues.add(valueOf(circuit.get(witness, "values[0]")));
      // The numerators leave their range as well, unless the owner goes on looking for a solution where they do not.
      const ranges = [0, 1].map((j) => `coalition[0].range[${j}][0].in`);
      const refusing = circuit.violations(witness);
      for (const range of ranges) expect(refusing.some((names) => names.includes(range))).to.equal(true);
      const others = refusing.filter((names) => !names.some((name) => ranges.includes(name)));
      expect(others.every((names) => names.some((name) => /^shapley\.bits\[\d\]\.in$/.test(name)))).to.equal(true);
    }
    // Every residual gives values of its own: without the check they could be searched.
    expect(forgedValues.size).to.equal(40);
  });
});
