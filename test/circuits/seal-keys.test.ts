import { randomFieldElement } from "@zkcmp/field/element";
import { cipherKeyOf, commitBinding, commitKey } from "@zkcmp/sale/seal";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { fieldElement } from "./field-arbitrary.ts";

describe("SealKeys", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("sealing/keys.circom", "SealKeys()");
    honest = await circuit.calculate({ key: 11n, opening: 12n, secret: 13n });
  });

  it("gives E, S and K as the seal computes them", async () => {
    await fc.assert(
      fc.asyncProperty(fieldElement, fieldElement, fieldElement, async (key, opening, secret) => {
        const witness = await circuit.calculate({ key, opening, secret });
        circuit.expectAccepted(witness);
        expect(circuit.get(witness, "keyCommitment")).to.equal(commitKey(key, opening));
        expect(circuit.get(witness, "secretCommitment")).to.equal(commitBinding(secret));
        expect(circuit.get(witness, "cipherKey")).to.equal(cipherKeyOf(key, secret));
      }),
      { numRuns: 10 },
    );
  });

  it("refuses any other value of a signal", () => {
    for (const signal of circuit.ownSignals()) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: randomFieldElement() }), signal);
    }
  });

  it("refuses one key in the commitment and another in the cipher key", () => {
    circuit.expectRejected(circuit.forge(honest, { key: 99n }, ["commit.inputs[0]"]), "key");
    circuit.expectRejected(circuit.forge(honest, { key: 99n }, ["derive.inputs[0]"]), "key");
  });

  it("refuses one secret in the binding and another in the cipher key", () => {
    circuit.expectRejected(circuit.forge(honest, { secret: 99n }, ["bind.inputs[0]"]), "secret");
    circuit.expectRejected(circuit.forge(honest, { secret: 99n }, ["derive.inputs[1]"]), "secret");
  });

  it("refuses the domain tag of another use", () => {
    for (const name of ["commit", "bind", "derive"]) {
      const witness = circuit.forge(honest, { [`${name}.initialState`]: 1n });
      circuit.expectRejected(witness, `${name}.initialState`);
    }
  });
});
