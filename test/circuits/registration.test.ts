import { poseidon, poseidonSponge } from "@zkcmp/field/poseidon";
import { reduce } from "@zkcmp/field/element";
import { DOMAIN } from "@zkcmp/sale/domains";
import { expect } from "chai";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";

const input = { roundId: 71n, before: 8n, active: 1n, payee: 0xbeefn, salt: 5n, count: 3n, words: [21n, 22n] };

describe("Registration", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;
  let inactive: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("shapley/providers.circom", "Registration(2)");
    honest = await circuit.calculate(input);
    inactive = await circuit.calculate({ ...input, active: 0n, count: 0n });
  });

  it("hashes payee and opened commitment into the registry", () => {
    circuit.expectAccepted(honest);
    const commitment = poseidonSponge([71n, 0xbeefn, 5n, 3n, 21n, 22n].map(reduce), DOMAIN.samples);
    expect(circuit.get(honest, "after")).to.equal(poseidon([8n, 0xbeefn, commitment].map(reduce)));
  });

  it("leaves the registry as it is in an inactive slot", () => {
    circuit.expectAccepted(inactive);
    expect(circuit.get(inactive, "after")).to.equal(8n);
  });

  it("refuses any other word, hash or registry", () => {
    expectEachPinned(circuit, honest, templateSignals(circuit));
    expectEachPinned(circuit, inactive, ["after"]);
  });

  it("refuses rows in an inactive slot", () => {
    circuit.expectRejected(circuit.forge(inactive, { count: 1n }), "count");
  });

  it("refuses to pay another than the payee who is in the commitment", () => {
    const witness = circuit.forge(honest, { payee: 0xbadn }, ["commitment.message[1]"]);
    circuit.expectRejected(witness, "commitment.message[1]");
    circuit.expectRejected(circuit.forge(honest, { payee: 0xbadn }, ["step.inputs[1]"]), "step.inputs[1]");
  });
});
