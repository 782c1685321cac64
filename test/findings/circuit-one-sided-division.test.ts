import { reduce } from "@zkcmp/field/element";
import { CircuitUnderTest, COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";

/**
 * The attack: a rescaling h = floor(z / 2^s) is shown by a quotient and a remainder with z = h * 2^s + remainder, and only
 * one side is bounded (remainder < 2^s as a comparison of residues, or nothing at all). The prover picks any quotient and
 * solves for the remainder modulo r: with 7 / 5 a quotient of 1,000,000 passes.
 * Refused because there is no division: quotient and remainder are the upper and the lower bits of one decomposition.
 */
describe("finding: one-sided division", function () {
  this.timeout(COMPILE_TIMEOUT);
  const SHIFT = 3;
  const BITS = 24;
  let circuit: CircuitUnderTest;

  before(async () => {
    circuit = await CircuitUnderTest.compile("network/activation.circom", `Activation(0, ${BITS}, ${SHIFT})`);
  });

  for (const z of [7n, 100n, 2n ** 20n + 5n]) {
    const quotient = z >> BigInt(SHIFT);
    for (const [name, wrong] of [
      ["q + 1", quotient + 1n],
      ["q - 1", quotient - 1n],
      ["1,000,000", 1_000_000n],
      ["-1", -1n],
    ] as const) {
      it(`refuses the quotient ${name} of ${z} / ${2 ** SHIFT} with the remainder solved modulo r`, async () => {
        const honest = await circuit.calculate({ z });
        // The quotient's bits, a negative one in its lowest bit, and the remainder in bit 0.
        const bits = Array.from({ length: BITS + 1 }, (_, i) => {
          if (i === BITS) return 1n;
          if (i < SHIFT) return 0n;
          if (wrong < 0n) return i === SHIFT ? reduce(wrong) : 0n;
          return (wrong >> BigInt(i - SHIFT)) & 1n;
        });
        bits[0] = reduce(z - (wrong << BigInt(SHIFT)));
        const forged = circuit.forge(honest, { "bits.out": bits });
        if (circuit.get(forged, "h") !== reduce(wrong)) throw new Error("the forgery missed its quotient");
        circuit.expectRejected(forged, "bits.out");
        // The quotient itself, with honest bits.
        circuit.expectRejected(circuit.forge(honest, { h: reduce(wrong) }), "h");
      });
    }
  }
});
