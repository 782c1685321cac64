import { type FieldElement, randomFieldElement, reduce } from "@zkcmp/field/element";
import { combineRows } from "@zkcmp/groth16/public-statement";
import { packSlots } from "@zkcmp/groth16/sale-witness";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { inverse } from "./signal-definitions.ts";

const ROWS = 3;
const INPUTS = 2;
/** Two neurons to a word, the third alone. */
const OUTPUTS = 3;
const SLOT_BITS = 100;
const BIAS_SHIFT = 2;
const slots = { magnitudeBits: SLOT_BITS - 1, slotBits: SLOT_BITS, words: 2 };

interface Product {
  readonly rows: readonly Uint16Array[];
  readonly weights: readonly (readonly bigint[])[];
  readonly biases: readonly bigint[];
}

/** Z = X W^T + 1 b^T 2^biasShift over the integers. */
function outputsOf({ rows, weights, biases }: Product): bigint[][] {
  return rows.map((row) =>
    weights.map((weight, j) => weight.reduce((sum, w, k) => sum + w * BigInt(row[k]!), biases[j]! * 4n)),
  );
}

function inputsOf(product: Product, z: readonly (readonly bigint[])[], challenge: FieldElement) {
  return {
    powers: product.rows.map((_, i) => reduce(challenge ** BigInt(i))),
    combined: combineRows(product.rows, challenge),
    weights: product.weights.map((row) => row.map(reduce)),
    biases: product.biases.map(reduce),
    packed: z.map((row) => packSlots(row, slots)),
  };
}

const example: Product = {
  rows: [Uint16Array.of(1, 2), Uint16Array.of(0, 65535), Uint16Array.of(7, 7)],
  weights: [
    [3n, -4n],
    [0n, 127n],
    [-128n, 1n],
  ],
  biases: [5n, -6n, 7n],
};

describe("ProductCheck", function () {
  this.timeout(COMPILE_TIMEOUT);
  const challenge = reduce(987654321n ** 8n);
  let circuit: CircuitUnderTest;
  let honest: Assignment;
  const forged = (product: Product, z: readonly (readonly bigint[])[]) =>
    circuit.forge(honest, inputsOf(product, z, challenge));

  before(async () => {
    const parameters = [ROWS, INPUTS, OUTPUTS, SLOT_BITS, BIAS_SHIFT].join(", ");
    circuit = await CircuitUnderTest.compile("network/product-check.circom", `ProductCheck(${parameters})`);
    honest = await circuit.calculate(inputsOf(example, outputsOf(example), challenge));
  });

  it("accepts the product and refuses every other one, for random matrices and challenges", () => {
    const parameter = fc.bigInt({ min: -32768n, max: 32767n });
    const product = fc.record({
      rows: fc.array(fc.uint16Array({ minLength: INPUTS, maxLength: INPUTS }), { minLength: ROWS, maxLength: ROWS }),
      weights: fc.array(fc.array(parameter, { minLength: INPUTS, maxLength: INPUTS }), {
        minLength: OUTPUTS,
        maxLength: OUTPUTS,
      }),
      biases: fc.array(parameter, { minLength: OUTPUTS, maxLength: OUTPUTS }),
    });
    const errors = fc.tuple(fc.nat(ROWS - 1), fc.nat(OUTPUTS - 1), fc.bigInt({ min: 1n, max: 2n ** 98n }));
    fc.assert(
      fc.property(product, errors, (drawn, [i, j, error]) => {
        const rho = randomFieldElement();
        const z = outputsOf(drawn);
        circuit.expectAccepted(circuit.forge(honest, inputsOf(drawn, z, rho)));
        z[i]![j]! += error;
        circuit.expectRejected(circuit.forge(honest, inputsOf(drawn, z, rho)), `left[${j >> 1}].out`);
      }),
      { numRuns: 40 },
    );
  });

  it("refuses one pre-activation that is wrong by 1, in every place", () => {
    for (let i = 0; i < ROWS; i++) {
      for (let j = 0; j < OUTPUTS; j++) {
        const z = outputsOf(example);
        z[i]![j]! += 1n;
        circuit.expectRejected(forged(example, z), `left[${j >> 1}].out`);
      }
    }
  });

  it("refuses wrong weights, wrong biases and swapped rows", () => {
    const z = outputsOf(example);
    const weights = example.weights.map((row, j) => (j === 1 ? [1n, 127n] : row));
    circuit.expectRejected(forged({ ...example, weights }, z), "left[0].out");
    circuit.expectRejected(forged({ ...example, biases: [5n, -6n, 8n] }, z), "left[1].out");
    circuit.expectRejected(forged(example, [z[1]!, z[0]!, z[2]!]), "left");
  });

  it("does not see errors that neighbours compensate: the caller's range checks must", () => {
    const z = outputsOf(example);
    z[0]![0]! += 2n ** BigInt(SLOT_BITS);
    z[0]![1]! -= 1n;
    // Packed, it is the same word. test/circuits/sale.test.ts shows that a whole witness with these values is refused.
    circuit.expectAccepted(forged(example, z));
  });

  it("refuses any other sum, product or copy", () => {
    for (const signal of ["sum", "left[0].product[1]", "right[1].partial[0]", "right[0].product[2]"]) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: circuit.get(honest, signal) + 1n }));
    }
  });

  describe("refuses a part of the equation that is not the caller's", () => {
    const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
    const both = (letter: string, side: string, places: readonly number[]) =>
      [0, 1].flatMap((word) => places.map((place) => `${side}[${word}].${letter}[${place}]`));

    it("pre-activations", () => {
      const packed = outputsOf(example).map((row) =>
        packSlots(
          row.map((value) => value + 1n),
          slots,
        ),
      );
      circuit.expectRejected(circuit.forge(honest, { packed }, both("a", "left", indices(ROWS))), "packed");
    });

    it("powers", () => {
      // The sum of the powers, which the biases are multiplied with, stays as it is.
      const powers = circuit.list(honest, "powers");
      const [first, second] = [powers[0]! + 1n, powers[1]! - 1n];
      const hold = both("b", "left", indices(ROWS));
      circuit.expectRejected(circuit.forge(honest, { "powers[0]": first, "powers[1]": second }, hold), "powers");
    });

    it("weights", () => {
      const weights = example.weights.map((row) => row.map((weight) => reduce(weight + 1n)));
      circuit.expectRejected(circuit.forge(honest, { weights }, both("a", "right", indices(INPUTS))), "weights");
    });

    it("combined rows", () => {
      const hold = both("b", "right", indices(INPUTS));
      circuit.expectRejected(circuit.forge(honest, { combined: [1n, 2n] }, hold), "combined");
    });

    it("biases", () => {
      const biases = [100n, 100n, 100n];
      circuit.expectRejected(circuit.forge(honest, { biases }, both("a", "right", [INPUTS])), "biases");
    });

    it("the sum of the powers", () => {
      // Half the sum for twice the biases: neither the sum nor its copy may be free.
      const biases = example.biases.map((bias) => reduce(2n * bias));
      const half = reduce(circuit.get(honest, "sum") * inverse(2n));
      circuit.expectRejected(circuit.forge(honest, { sum: half, biases }), "sum");
      const copies = Object.fromEntries(both("b", "right", [INPUTS]).map((name) => [name, half]));
      circuit.expectRejected(circuit.forge(honest, { ...copies, biases }), "sum");
    });
  });
});
