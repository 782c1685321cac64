import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { fieldElement } from "./field-arbitrary.ts";

/** Two pieces of 28 and a part of a third. */
const LENGTH = 60;

describe("InnerProduct", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("network/inner-product.circom", `InnerProduct(${LENGTH})`);
    const a = Array.from({ length: LENGTH }, (_, i) => BigInt(i + 1));
    honest = await circuit.calculate({ a, b: a.map((value) => value + 7n) });
  });

  it("gives the sum of the products", async () => {
    const vector = fc.array(fieldElement, { minLength: LENGTH, maxLength: LENGTH });
    await fc.assert(
      fc.asyncProperty(vector, vector, async (a, b) => {
        const witness = await circuit.calculate({ a, b });
        circuit.expectAccepted(witness);
        const sum = a.reduce((total, value, i) => total + value * b[i]!, 0n);
        expect(circuit.get(witness, "out")).to.equal(sum % FIELD_ORDER);
      }),
      { numRuns: 10 },
    );
  });

  it("refuses any other product, partial sum or result", () => {
    for (const signal of circuit.ownSignals()) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: circuit.get(honest, signal) + 1n }), signal);
    }
  });

  it("refuses two products that are wrong by opposite amounts", () => {
    const [first, second] = [circuit.get(honest, "product[0]"), circuit.get(honest, "product[1]")];
    const witness = circuit.forge(honest, { "product[0]": first + 5n, "product[1]": reduce(second - 5n) });
    expect(circuit.get(witness, "out")).to.equal(circuit.get(honest, "out"));
    circuit.expectRejected(witness, "product");
  });
});
