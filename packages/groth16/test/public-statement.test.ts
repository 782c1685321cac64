import { FIELD_ORDER, reduce, toFieldElement } from "@zkcmp/field/element";
import type { TestSet } from "@zkcmp/network/testset";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { expect } from "chai";
import fc from "fast-check";
import { networkOf, SHAPE, testSetFor } from "../../sale/test/fixture.ts";
import { combineRows, fixedPublicInputs, publicSignals } from "../src/public-statement.ts";
import { saleCircuit } from "../src/sale-circuit.ts";
import { saleFixture } from "./sale-fixture.ts";

const ROWS = 35;

describe("public-statement", function () {
  this.timeout(60_000);
  const network = networkOf();
  const testSet = testSetFor(network, ROWS, 30);
  const circuit = saleCircuit(SHAPE, ROWS);
  let statement: SaleStatement;

  before(async () => {
    ({ statement } = await saleFixture(network, testSet));
  });

  it("combines rows with the powers of the challenge", () => {
    const rows = fc.array(fc.uint16Array({ minLength: 3, maxLength: 3 }), { maxLength: 12 });
    const challenge = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map((value) => toFieldElement(value));
    fc.assert(
      fc.property(rows, challenge, (matrix, rho) => {
        const expected = (matrix.length === 0 ? [] : [0, 1, 2]).map((k) =>
          reduce(matrix.reduce((sum, row, i) => sum + BigInt(row[k]!) * rho ** BigInt(i), 0n)),
        );
        expect(combineRows(matrix, rho)).to.deep.equal(expected);
      }),
    );
  });

  it("gives the public signals in the order of the circuit", () => {
    const challenge = reduce(123n);
    const signals = publicSignals(circuit, statement, challenge);
    expect(signals).to.have.length(circuit.publicCount);
    const { core } = statement;
    const label = (i: number) => BigInt(testSet.labels[i]!);
    const packed = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => label(from + i) << BigInt(8 * i)).reduce((a, b) => a + b);
    expect(signals).to.deep.equal([
      challenge,
      core.keyCommitment,
      core.bindingCommitment,
      statement.coreDigest,
      statement.dealId,
      statement.rowsDigest,
      0n,
      BigInt(statement.threshold),
      packed(0, 31),
      packed(31, ROWS),
      ...statement.ciphertext,
      ...combineRows(testSet.rows, challenge),
    ]);
  });

  describe("refuses", () => {
    const refuses = (changes: Partial<SaleStatement>, message: string) =>
      expect(() => fixedPublicInputs(circuit, { ...statement, ...changes })).to.throw(StatementError, message);
    const provenRows = (changes: Partial<TestSet>) => ({ provenRows: { ...statement.provenRows, ...changes } });

    it("a threshold outside 1 to n", () => {
      for (const threshold of [0, -1, ROWS + 1, 1.5, NaN, 2 ** 60]) refuses({ threshold }, "the threshold is");
    });

    it("another number of rows, fewer or more", () => {
      const { rows } = testSet;
      refuses(provenRows({ rows: rows.slice(1) }), `there are ${ROWS - 1} rows`);
      refuses(provenRows({ rows: [...rows, rows[0]!] }), `there are ${ROWS + 1} rows`);
    });

    it("rows of another width or outside the input bits", () => {
      const withRow = (row: Uint16Array) => provenRows({ rows: testSet.rows.map((old, i) => (i === 7 ? row : old)) });
      refuses(withRow(Uint16Array.of(1, 2, 3)), "another width");
      refuses(withRow(Uint16Array.of(1, 2, 3, 16)), "outside the input bits");
      fixedPublicInputs(circuit, { ...statement, ...withRow(Uint16Array.of(1, 2, 3, 15)) });
    });

    it("labels that are missing or no class", () => {
      refuses(provenRows({ labels: testSet.labels.slice(1) }), "a label is missing");
      refuses(provenRows({ labels: testSet.labels.with(3, 3) }), "is no class");
      refuses(provenRows({ labels: testSet.labels.with(3, 256) }), "is no class");
    });

    it("another shape", () => {
      const shape = { ...SHAPE, weightBits: 7 };
      refuses({ core: { ...statement.core, shape } }, "another network shape");
    });

    it("a ciphertext that is not the one in the core, whose digest the challenge hashes", () => {
      refuses({ ciphertext: statement.ciphertext.slice(1) }, "another length");
      refuses({ ciphertext: statement.ciphertext.with(0, reduce(5n)) }, "not the one in the core");
    });
  });
});
