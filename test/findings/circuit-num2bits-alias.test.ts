import { FIELD_ORDER, reduce } from "@zkcmp/field/element";
import { digitsPerWord } from "@zkcmp/field/packing";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { expect } from "chai";
import fc from "fast-check";
import { saleShapes } from "../../packages/groth16/test/sale-fixture.ts";
import { CircuitUnderTest, COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";

/**
 * The attack: a sign or a digit is read off a decomposition into 254 bits. Since r < 2^254, small numbers x have two
 * decompositions, that of x and that of x + r, and the prover takes the one whose bits suit: a positive number becomes
 * negative, a weight becomes another one.
 * Refused because no decomposition of the circuits has more than 253 bits, and 2^253 < r.
 */
describe("finding: bits of x and of x + r", function () {
  this.timeout(COMPILE_TIMEOUT);
  const bitsOf = (value: bigint, count: number) => Array.from({ length: count }, (_, i) => (value >> BigInt(i)) & 1n);

  it("has two witnesses where 254 bits are taken", async () => {
    const wide = await CircuitUnderTest.compile("circomlib/circuits/bitify.circom", "Num2Bits(254)");
    const five = await wide.calculate({ in: 5n });
    wide.expectAccepted(five);
    const alias = wide.forge(five, { out: bitsOf(FIELD_ORDER + 5n, 254) });
    expect(wide.get(alias, "in")).to.equal(5n);
    expect(wide.get(alias, "out[0]")).to.not.equal(wide.get(five, "out[0]"));
    wide.expectAccepted(alias);
  });

  it("has one where the widest activation takes 253 bits", async () => {
    const bits = 252;
    const relu = await CircuitUnderTest.compile("network/activation.circom", `Activation(0, ${bits}, 0)`);
    for (const z of [5n, -5n, -(2n ** 252n)]) {
      const honest = await relu.calculate({ z: reduce(z) });
      relu.expectAccepted(honest);
      const alias = z + 2n ** 252n + FIELD_ORDER;
      expect(alias >> 253n).to.not.equal(0n);
      relu.expectRejected(relu.forge(honest, { "bits.out": bitsOf(alias, bits + 1) }), "bits.in");
    }
  });

  it("never takes more than 253 bits, whatever the shape", () => {
    fc.assert(
      fc.property(saleShapes, ({ weightBits, layers }) => {
        const shape = { inputBits: 16, weightBits, layers };
        let circuit;
        try {
          circuit = saleCircuit(shape, 2);
        } catch {
          return;
        }
        for (const { magnitudeBits, slotBits } of circuit.slots) {
          expect(magnitudeBits + 1).to.be.at.most(253);
          expect(slotBits).to.be.at.most(253);
        }
        expect(weightBits * digitsPerWord(weightBits)).to.be.at.most(253);
        expect(2n ** 253n < FIELD_ORDER).to.be.true;
      }),
    );
  });
});
