import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { roundUnderTest } from "../circuits/round-under-test.ts";

/**
 * The attack: rows are committed to as packed words. Where digits are not checked to their width, (u + 2^b, v - 1) packs
 * to the same word as (u, v): the owner trains on rows that the provider never sent, and the commitment still opens.
 * Refused because every digit is range-checked; so are the rows of the validation set.
 */
describe("finding: other rows in the same packed words", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("refuses a provider's rows that pack to the committed words", async () => {
    const { circuit, honest } = await roundUnderTest();
    const [u, v] = [circuit.get(honest, "digits[0][0][0]"), circuit.get(honest, "digits[0][0][1]")];
    const witness = circuit.forge(honest, { "digits[0][0]": [u + 256n, v - 1n] });
    expect(circuit.get(witness, "registry")).to.equal(circuit.get(honest, "registry"));
    const refusing = circuit.violations(witness);
    expect(refusing.some((names) => names.includes("providers.samples[0].bits[0][0].in"))).to.equal(true);
  });

  it("refuses validation rows that pack to the committed words", async () => {
    const { circuit, honest } = await roundUnderTest();
    const [u, v] = [circuit.get(honest, "validationDigits[1][0]"), circuit.get(honest, "validationDigits[1][1]")];
    const witness = circuit.forge(honest, { "validationDigits[1]": [u + 256n, v - 1n] });
    expect(circuit.get(witness, "validationCommitment")).to.equal(circuit.get(honest, "validationCommitment"));
    circuit.expectRejected(witness, "validation.bits[1][0].in");
  });
});
