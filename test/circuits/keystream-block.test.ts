import { randomFieldElement, reduce } from "@zkcmp/field/element";
import { keystream } from "@zkcmp/sale/ciphertext";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { fieldElement } from "./field-arbitrary.ts";

describe("KeystreamBlock", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("sealing/unseal.circom", "KeystreamBlock()");
    honest = await circuit.calculate({ cipherKey: 11n, index: 0n });
  });

  it("gives the block of the keystream that the seal uses", async () => {
    await fc.assert(
      fc.asyncProperty(fieldElement, fc.nat(5), async (cipherKey, index) => {
        const witness = await circuit.calculate({ cipherKey, index: BigInt(index) });
        circuit.expectAccepted(witness);
        expect(circuit.list(witness, "pad")).to.deep.equal(keystream(cipherKey, 16 * (index + 1)).slice(-16));
      }),
      { numRuns: 10 },
    );
  });

  it("refuses any other pad, tag, key, index or filling", () => {
    const signals = circuit.ownSignals();
    for (const signal of signals) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: randomFieldElement() }), signal);
    }
    expect(signals).to.include.members(["pad[15]", "permutation.initialState", "permutation.inputs[15]"]);
  });

  it("refuses a pad made with another key or of another block than the named one", () => {
    const other = reduce(12n);
    circuit.expectRejected(circuit.forge(honest, { pad: keystream(other, 16) }), "pad");
    circuit.expectRejected(circuit.forge(honest, { pad: keystream(reduce(11n), 32).slice(16) }), "pad");
  });
});
