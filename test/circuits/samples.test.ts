import { reduce } from "@zkcmp/field/element";
import { gramOf } from "@zkcmp/shapley/gram";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { packSamples, type Samples } from "@zkcmp/shapley/samples";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { expectEachPinned, templateSignals } from "./pinned-signals.ts";
import { samplesOf } from "./round-arbitrary.ts";
import { samples, upperTriangle } from "./round-example.ts";

/** 12 digits of 8 bits in a word of 31; more rows than that make two words. */
const SHAPE: RoundShape = {
  providers: 1,
  rows: 9,
  features: 2,
  outputs: 2,
  dataBits: 8,
  fractionBits: 24,
  integerBits: 6,
  validationRows: 0,
};
const CALL = `Samples(${SHAPE.rows}, ${SHAPE.features}, ${SHAPE.outputs}, ${SHAPE.dataBits}`;

/** The template's input; which rows are used is free, as long as the others are zero. */
function inputOf({ rows }: Samples, places: readonly number[] = rows.map((_, i) => i)) {
  const digits = Array.from({ length: SHAPE.rows }, () => [0n, 0n, 0n, 0n]);
  const used = Array.from({ length: SHAPE.rows }, () => 0n);
  rows.forEach((row, i) => {
    digits[places[i]!] = Array.from(row, BigInt);
    used[places[i]!] = 1n;
  });
  return { digits, used };
}

describe("Samples", function () {
  this.timeout(COMPILE_TIMEOUT);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("shapley/samples.circom", `${CALL}, 1)`);
    honest = await circuit.calculate(
      inputOf(samples([10, 20, 30, 40], [200, 100, 50, 25], [0, 0, 0, 0], [7, 8, 9, 250])),
    );
  });

  const expectGram = (tested: CircuitUnderTest, witness: Assignment, rows: Samples, squared: boolean) => {
    const gram = gramOf(SHAPE, rows);
    const list = (name: string) => tested.list(witness, name);
    expect(tested.get(witness, "count")).to.equal(BigInt(gram.count));
    expect(list("gram")).to.deep.equal(upperTriangle(gram.features).map(reduce));
    expect([0, 1, 2].map((a) => list(`targets[${a}]`))).to.deep.equal(gram.targets.map((row) => row.map(reduce)));
    expect(tested.get(witness, "squares")).to.equal(squared ? gram.squares : 0n);
  };

  it("gives the words and the Gram matrix of all rows", async () => {
    await fc.assert(
      fc.asyncProperty(samplesOf(SHAPE, 0, SHAPE.rows), async (rows) => {
        const witness = await circuit.calculate(inputOf(rows));
        circuit.expectAccepted(witness);
        expect(circuit.list(witness, "words")).to.deep.equal(packSamples(SHAPE, rows, SHAPE.rows));
        expectGram(circuit, witness, rows, true);
      }),
      { numRuns: 8 },
    );
  });

  it("does not square the targets where it need not", async () => {
    const plain = await CircuitUnderTest.compile("shapley/samples.circom", `${CALL}, 0)`);
    const rows = samples([10, 20, 30, 40], [200, 100, 50, 25]);
    const witness = await plain.calculate(inputOf(rows));
    plain.expectAccepted(witness);
    expectGram(plain, witness, rows, false);
    expectEachPinned(plain, witness, ["squares", "squareSum[0][0]", "squareSum[1][8]"]);
  });

  it("takes rows at any places, unlike another number of rows", async () => {
    const rows = samples([10, 20, 30, 40], [200, 100, 50, 25]);
    const witness = await circuit.calculate(inputOf(rows, [3, 8]));
    circuit.expectAccepted(witness);
    expectGram(circuit, witness, rows, true);
  });

  it("refuses any other value, word, sum or product", () => {
    expectEachPinned(circuit, honest, templateSignals(circuit));
  });

  it("refuses digits outside their bits, negative ones among them", () => {
    for (const digit of [256n, -1n, 2n ** 200n]) {
      circuit.expectRejected(circuit.forge(honest, { "digits[1][2]": reduce(digit) }), "bits[1][2].in");
    }
  });

  it("refuses a digit whose range was checked on another number", () => {
    const witness = circuit.forge(honest, { "digits[1][2]": 300n }, ["bits[1][2].in"]);
    circuit.expectRejected(witness, "bits[1][2].in");
  });

  it("refuses digits that are packed into the same word", () => {
    // 10 + 256 and 20 - 1 give the word of 10 and 20.
    const witness = circuit.forge(honest, { "digits[0][0]": 266n, "digits[0][1]": 19n });
    expect(circuit.list(witness, "words")).to.deep.equal(circuit.list(honest, "words"));
    circuit.expectRejected(witness, "bits[0][0].in");
  });

  it("refuses data in an unused row", () => {
    // With used = 0 the digits would count as positive values, and the row not at all.
    circuit.expectRejected(circuit.forge(honest, { "digits[5]": [0n, 0n, 0n, 1n] }), "used[5]");
    circuit.expectRejected(circuit.forge(honest, { "used[1]": 0n }), "used[1]");
  });

  it("refuses a row of zeros that is counted twice, or minus once", () => {
    for (const count of [2n, -1n]) {
      circuit.expectRejected(circuit.forge(honest, { "used[2]": reduce(count) }), "used[2]");
    }
  });
});
