import { reduce } from "@zkcmp/field/element";
import { combineRows } from "@zkcmp/groth16/public-statement";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { fieldElement } from "./field-arbitrary.ts";

const ROWS = 4;
const COLUMNS = 3;

describe("CombineRows", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;
  const powers = [1n, 11n, 121n, 1331n];

  before(async () => {
    circuit = await CircuitUnderTest.compile("network/product-check.circom", `CombineRows(${ROWS}, ${COLUMNS})`);
    honest = await circuit.calculate({ powers, activations: powers.map((_, i) => [BigInt(i), 5n, BigInt(7 * i)]) });
  });

  it("combines like the verifier combines the rows", async () => {
    const row = fc.uint16Array({ minLength: COLUMNS, maxLength: COLUMNS });
    const rows = fc.array(row, { minLength: ROWS, maxLength: ROWS });
    await fc.assert(
      fc.asyncProperty(rows, fieldElement, async (matrix, rho) => {
        const witness = await circuit.calculate({
          powers: [0n, 1n, 2n, 3n].map((exponent) => reduce(rho ** exponent)),
          activations: matrix.map((values) => Array.from(values, BigInt)),
        });
        circuit.expectAccepted(witness);
        expect(circuit.list(witness, "combined")).to.deep.equal(combineRows(matrix, rho));
      }),
      { numRuns: 20 },
    );
  });

  it("refuses any other product, copy or combination", () => {
    for (const signal of circuit.ownSignals()) {
      circuit.expectRejected(circuit.forge(honest, { [signal]: circuit.get(honest, signal) + 1n }), signal);
    }
  });

  it("refuses activations or powers that are not those of the caller", () => {
    const others = { activations: powers.map(() => [1n, 1n, 1n]), powers: [1n, 1n, 1n, 1n] };
    const inner = (letter: string) =>
      Array.from({ length: COLUMNS }, (_, k) => powers.map((_, i) => `column[${k}].${letter}[${i}]`)).flat();
    const { activations, powers: ones } = others;
    circuit.expectRejected(circuit.forge(honest, { activations }, inner("a")), "activations");
    circuit.expectRejected(circuit.forge(honest, { powers: ones }, inner("b")), "powers");
  });
});
