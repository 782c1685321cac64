import { randomFieldElement } from "@zkcmp/field/element";
import { poseidonSponge } from "@zkcmp/field/poseidon";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { fieldElement } from "./field-arbitrary.ts";

/** A full block and a part of a second one. */
const WORDS = 20;

describe("Sponge", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("sale.circom", `Sponge(${WORDS})`);
    honest = await circuit.calculate({ domain: 5n, message: Array.from({ length: WORDS }, (_, i) => BigInt(i)) });
  });

  it("gives the hash of poseidonSponge", async () => {
    const message = fc.array(fieldElement, { minLength: WORDS, maxLength: WORDS });
    await fc.assert(
      fc.asyncProperty(message, fieldElement, async (words, domain) => {
        const witness = await circuit.calculate({ domain, message: words });
        circuit.expectAccepted(witness);
        expect(circuit.get(witness, "out")).to.equal(poseidonSponge(words, domain));
      }),
      { numRuns: 5 },
    );
  });

  it("refuses any other value of a signal", () => {
    const signals = circuit.ownSignals();
    for (const signal of signals) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: randomFieldElement() }), signal);
    }
    expect(signals).to.include.members(["block[1].initialState", "block[1].inputs[4]", "block[0].inputs[0]", "out"]);
  });

  it("refuses words other than zero in the filling of the last block", () => {
    circuit.expectRejected(circuit.forge(honest, { "block[1].inputs[15]": 1n }), "block[1].inputs[15]");
  });

  it("refuses a second block that does not carry the first one on", () => {
    circuit.expectRejected(circuit.forge(honest, { "block[1].initialState": 5n }), "block[1].initialState");
  });
});
