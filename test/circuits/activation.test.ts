import { reduce } from "@zkcmp/field/element";
import { forward } from "@zkcmp/network/inference";
import { createNetwork } from "@zkcmp/network/network";
import { expect } from "chai";
import fc from "fast-check";
import { CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";

const BITS = 8;
const SHIFT = 3;

/** The hidden activation of a network whose one pre-activation is its bias. */
const referenceActivation = (activation: "relu" | "square", z: number): bigint => {
  const shape = {
    inputBits: 1,
    weightBits: 16,
    layers: [
      { inputs: 1, outputs: 1, activation, shift: activation === "relu" ? SHIFT : 0, biasShift: 0 },
      { inputs: 1, outputs: 1, activation: "none", shift: 0, biasShift: 0 },
    ],
  } as const;
  const layers = [
    { weights: [0], biases: [z] },
    { weights: [1], biases: [0] },
  ];
  return forward(createNetwork(shape, layers, [1, 1]), [0])[0]!.h[0]!;
};

const inRange = fc.integer({ min: -(2 ** BITS), max: 2 ** BITS - 1 });
const edges = [-(2 ** BITS), -1, 0, 1, 2 ** SHIFT - 1, 2 ** SHIFT, 2 ** BITS - 1];

for (const activation of ["relu", "square"] as const) {
  describe(`Activation: ${activation}`, function () {
    this.timeout(COMPILE_TIMEOUT);
    let circuit: CircuitUnderTest;
    const honest = (z: number) => circuit.calculate({ z: reduce(BigInt(z)) });

    before(async () => {
      const parameters = activation === "square" ? `1, ${BITS}, 0` : `0, ${BITS}, ${SHIFT}`;
      circuit = await CircuitUnderTest.compile("network/activation.circom", `Activation(${parameters})`);
    });

    it("gives the integers of the plain inference", async () => {
      const agrees = async (z: number) => {
        const witness = await honest(z);
        circuit.expectAccepted(witness);
        expect(circuit.get(witness, "h")).to.equal(referenceActivation(activation, z));
      };
      for (const z of edges) await agrees(z);
      await fc.assert(fc.asyncProperty(inRange, agrees), { numRuns: 20 });
    });

    it("refuses z at -2^B - 1 and at 2^B", async () => {
      for (const z of [-(2 ** BITS) - 1, 2 ** BITS, 10 ** 6]) {
        circuit.expectRejected(circuit.forge(await honest(5), { z: reduce(BigInt(z)) }), "bits.in");
      }
    });

    it("refuses a z whose range was checked on another number", async () => {
      const far = { z: reduce(-(2n ** 200n)) };
      circuit.expectRejected(circuit.forge(await honest(5), far, ["bits.in"]), "bits.in");
    });

    it("refuses a bit that is not 0 or 1", async () => {
      // 2 = 0 + 2 * 1 = 2 + 2 * 0: the sum of the bits stays right.
      const witness = circuit.forge(await honest(2), { "bits.out": [2n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 1n] });
      circuit.expectRejected(witness, "bits.out");
    });

    it("refuses a flipped sign bit", async () => {
      for (const z of [-5, 5]) {
        const witness = await honest(z);
        const sign = circuit.get(witness, "bits.out[8]");
        circuit.expectRejected(circuit.forge(witness, { "bits.out[8]": 1n - sign }), "bits.in");
      }
    });

    it("refuses any other activation", async () => {
      for (const z of [-40, 0, 40]) {
        const witness = await honest(z);
        const h = circuit.get(witness, "h");
        for (const wrong of [h + 1n, h - 1n, h + 10n ** 6n, -1n, reduce(BigInt(z)) + 1n]) {
          if (wrong !== h) circuit.expectRejected(circuit.forge(witness, { h: wrong }), "h");
        }
      }
    });
  });
}
