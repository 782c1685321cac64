import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { fixedPublicInputs } from "@zkcmp/groth16/public-statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { saleCircuit, SaleCircuitError } from "@zkcmp/groth16/sale-circuit";
import type { NetworkShape } from "@zkcmp/network/shape";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { regressionExample } from "../circuits/sale-example.ts";

/**
 * The attack: `bound - sum` is shown to have few bits, but bound or sum wraps around the field. A sum that passes r comes out
 * small; a bound near r, or targets so far away that their squares wrap around, make the difference fit. Then any network keeps
 * any bound.
 * Refused because outputs are range-checked by the circuit, targets and bound by the verifier, and shapes whose sums could pass
 * 2^250 have no circuit.
 */
describe("finding: a bound on the squared errors that wraps around", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("refuses an output that is so wrong that its square comes out small", async () => {
    const { sale, honest } = await regressionExample();
    // Half of the field away: the square of r/2 is 1/4 modulo r, which is no small integer; -1 has a root, though.
    const far = reduce((FIELD_ORDER + 1n) / 2n);
    const forged = sale.forge(honest, { "outputs[0][0]": far });
    const refusing = sale.circuit.violations(forged).map((names) => names.join());
    expect(refusing.some((names) => names.includes("error.range[0].in"))).to.be.true;
  });

  it("refuses a bound just below r, which would be a negative one", async () => {
    const { sale, honest, sum } = await regressionExample();
    for (const allowed of [reduce(-1n), reduce(sum - 1n), reduce(-(2n ** 60n))]) {
      sale.circuit.expectRejected(sale.forge(honest, { allowedError: allowed }), "error.left.in");
    }
    const { statement } = honest.fixture;
    for (const errorBound of [2n ** 200n, FIELD_ORDER, -1n]) {
      const core = { ...statement.core, errorBound };
      expect(() => fixedPublicInputs(sale.sale, { ...statement, core })).to.throw(StatementError, "error bound");
    }
  });

  it("refuses an output reading that moves the targets beyond all outputs", async () => {
    const { sale, honest } = await regressionExample();
    const { statement } = honest.fixture;
    for (const multiplier of [2 ** 40, Number.MAX_SAFE_INTEGER]) {
      const core = { ...statement.core, reading: { multiplier, offset: 65535 } };
      expect(() => fixedPublicInputs(sale.sale, { ...statement, core })).to.throw(StatementError, "beyond all outputs");
    }
  });

  it("has no circuit where the sum could pass 2^250", () => {
    const shape: NetworkShape = {
      inputBits: 16,
      weightBits: 16,
      layers: [
        { inputs: 2, outputs: 2, activation: "square", shift: 0, biasShift: 0 },
        { inputs: 2, outputs: 1, activation: "square", shift: 0, biasShift: 0 },
        { inputs: 1, outputs: 1, activation: "none", shift: 0, biasShift: 0 },
      ],
    };
    expect(() => saleCircuit(shape, 5, { predicate: "squared-error" })).to.throw(SaleCircuitError, "2^250");
  });
});
