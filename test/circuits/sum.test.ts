import { reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned } from "./pinned-signals.ts";

/** Two pieces, the second one not full. */
const TERMS = 40;

describe("Sum", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("shapley/sum.circom", `Sum(${TERMS})`);
    honest = await circuit.calculate({ terms: Array.from({ length: TERMS }, (_, i) => reduce(-(3n ** BigInt(i)))) });
  });

  it("adds all terms", () => {
    circuit.expectAccepted(honest);
    expect(circuit.get(honest, "out")).to.equal(reduce(-(3n ** BigInt(TERMS) - 1n) / 2n));
  });

  it("refuses any other sum", () => {
    expectEachPinned(circuit, honest, circuit.ownSignals());
  });
});
