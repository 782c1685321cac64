import { randomFieldElement } from "@zkcmp/field/element";
import { poseidonSponge } from "@zkcmp/field/poseidon";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { fieldElement } from "./field-arbitrary.ts";

/** One word, a block that is nearly full, a full one, and a second block of one and of several words. */
const LENGTHS = [1, 15, 16, 17, 20];

describe("Sponge", function () {
  this.timeout(COMPILE_TIMEOUT);
  const circuits = new Map<number, CircuitUnderTest>();
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    for (const words of LENGTHS) {
      circuits.set(words, await CircuitUnderTest.compile("hashing/sponge.circom", `Sponge(${words})`));
    }
    circuit = circuits.get(20)!;
    honest = await circuit.calculate({ domain: 5n, message: Array.from({ length: 20 }, (_, i) => BigInt(i)) });
  });

  for (const words of LENGTHS) {
    it(`gives the hash of poseidonSponge for ${words} words`, async () => {
      const sponge = circuits.get(words)!;
      const message = fc.array(fieldElement, { minLength: words, maxLength: words });
      await fc.assert(
        fc.asyncProperty(message, fieldElement, async (drawn, domain) => {
          const witness = await sponge.calculate({ domain, message: drawn });
          sponge.expectAccepted(witness);
          expect(sponge.get(witness, "out")).to.equal(poseidonSponge(drawn, domain));
        }),
        { numRuns: 5 },
      );
    });
  }

  it("refuses any other value of a signal", () => {
    const signals = circuit.ownSignals();
    for (const signal of signals) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: randomFieldElement() }), signal);
    }
    expect(signals).to.include.members(["block[1].initialState", "block[1].inputs[3]", "block[0].inputs[0]", "out"]);
  });

  it("pads nothing: the last block is as wide as the words that are left", () => {
    expect(circuit.list(honest, "block[1].inputs")).to.deep.equal([16n, 17n, 18n, 19n]);
  });

  it("refuses a second block that does not carry the first one on", () => {
    circuit.expectRejected(circuit.forge(honest, { "block[1].initialState": 5n }), "block[1].initialState");
  });
});
