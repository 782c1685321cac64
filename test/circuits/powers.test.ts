import { multiply, reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import fc from "fast-check";
import { CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { fieldElement } from "./field-arbitrary.ts";

const ROWS = 7;

describe("Powers", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;

  before(async () => {
    circuit = await CircuitUnderTest.compile("network/product-check.circom", `Powers(${ROWS})`);
  });

  it("gives 1, rho, ..., rho^(n-1)", async () => {
    await fc.assert(
      fc.asyncProperty(fieldElement, async (base) => {
        const witness = await circuit.calculate({ base });
        circuit.expectAccepted(witness);
        let power = reduce(1n);
        for (const value of circuit.list(witness, "powers")) {
          expect(value).to.equal(power);
          power = multiply(power, base);
        }
      }),
      { numRuns: 10 },
    );
  });

  it("has the single power 1 for one row", async () => {
    const single = await CircuitUnderTest.compile("network/product-check.circom", "Powers(1)");
    const witness = await single.calculate({ base: 5n });
    expect(single.list(witness, "powers")).to.deep.equal([1n]);
    single.expectRejected(single.forge(witness, { powers: [2n] }), "powers");
  });

  it("refuses any other power, the first one included", async () => {
    const honest = await circuit.calculate({ base: 3n });
    for (const signal of circuit.ownSignals()) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: circuit.get(honest, signal) + 1n }), signal);
    }
    // With all powers zero every combination of rows is zero.
    circuit.expectRejected(circuit.forge(honest, { "powers[0]": 0n }), "powers[0]");
  });
});
