import { contextWord } from "@zkcmp/shapley/sample-commitment";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";

const ROUND_ID = 0xfffffffffffffffffffffffffffffffffffffff5n;

describe("RoundContext", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("shapley/round-context.circom", "RoundContext()");
    honest = await circuit.calculate({ context: contextWord(ROUND_ID, 5, 35) });
  });

  const partsOf = (witness: Assignment) => ["roundId", "providers", "ridge"].map((name) => circuit.get(witness, name));

  it("gives the parts of the context, whatever they are", async () => {
    const agrees = async (roundId: bigint, providers: number, ridgeBits: number) => {
      const witness = await circuit.calculate({ context: contextWord(roundId, providers, ridgeBits) });
      circuit.expectAccepted(witness);
      expect(partsOf(witness)).to.deep.equal([roundId, BigInt(providers), 2n ** BigInt(ridgeBits)]);
    };
    await agrees(0n, 0, 0);
    await agrees(2n ** 160n - 1n, 15, 63);
    await fc.assert(fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }), fc.nat(15), fc.nat(63), agrees), {
      numRuns: 8,
    });
  });

  it("refuses any other part", () => {
    expectEachPinned(circuit, honest, templateSignals(circuit));
  });

  it("refuses a context of more than 170 bits", () => {
    for (const context of [2n ** 170n, -1n, 2n ** 253n]) {
      circuit.expectRejected(circuit.forge(honest, { context }), "bits.in");
    }
    circuit.expectRejected(circuit.forge(honest, { context: 2n ** 170n }, ["bits.in"]), "bits.in");
  });

  it("refuses parts that carry into each other", () => {
    // l + 64 and one provider less, p + 16 and the round before: the sum of the bits stays the context.
    const carry = (low: number) =>
      circuit.forge(honest, {
        [`bits.out[${low}]`]: circuit.get(honest, `bits.out[${low}]`) + 2n,
        [`bits.out[${low + 1}]`]: circuit.get(honest, `bits.out[${low + 1}]`) - 1n,
      });
    for (const low of [5, 9]) {
      const witness = carry(low);
      expect(partsOf(witness)).to.not.deep.equal(partsOf(honest));
      circuit.expectRejected(witness, "bits.out");
    }
  });
});
