import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { roundUnderTest } from "../circuits/round-under-test.ts";

/**
 * The attack: a provider may use fewer rows than the circuit has room for, and every row has a mark. If only the digits
 * were committed to, the owner could unmark rows of a provider (their digits would then count as other numbers, or not
 * at all) or mark empty ones, which pull the model towards the corner of the range.
 * Refused because the number of marked rows is in the commitment, marks are 0 or 1, and an unmarked row has no digits.
 */
describe("finding: rows that are marked and unmarked at will", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("refuses to mark an empty row", async () => {
    const { circuit, honest } = await roundUnderTest();
    const witness = circuit.forge(honest, { "used[1]": [1n, 1n] });
    expect(circuit.get(witness, "registry")).to.not.equal(circuit.get(honest, "registry"));
  });

  it("refuses to mark an empty row in the place of a full one: the count would stay", async () => {
    const { circuit, honest } = await roundUnderTest();
    const witness = circuit.forge(honest, { "used[1]": [0n, 1n] });
    expect(circuit.get(witness, "registry")).to.equal(circuit.get(honest, "registry"));
    const refusing = circuit.violations(witness);
    expect(refusing.some((names) => names.includes("providers.samples[1].used[0]"))).to.equal(true);
  });

  it("refuses marks that are no bits: 2 and -1 keep the count as well", async () => {
    const { circuit, honest } = await roundUnderTest();
    const witness = circuit.forge(honest, { "used[0]": [3n, -1n] });
    expect(circuit.get(witness, "registry")).to.equal(circuit.get(honest, "registry"));
    const refusing = circuit.violations(witness);
    expect(refusing.some((names) => names.includes("providers.samples[0].used[0]"))).to.equal(true);
  });
});
