import { FIELD_ORDER, type FieldElement, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { StatementError } from "@zkcmp/sale/statement-check";
import { expect } from "chai";
import fc from "fast-check";
import { networkOf, regressionNetworkOf, targetSetFor, testSetFor, withThreshold } from "../../../sale/test/fixture.ts";
import { equalityVector } from "../../src/multilinear.ts";
import { combinedInputs, type JudgedRows, salePublicData, scoreShift } from "../../src/sale/public-data.ts";
import { saleSystemOf } from "../../src/sale/sale-system.ts";
import { saleCase } from "./sale-case.ts";

const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map((value) => value as FieldElement);
const elements = (count: number) => fc.array(element, { minLength: count, maxLength: count });

describe("public data of a sale", () => {
  it("combines the rows at a point", async () => {
    const network = networkOf();
    const { statement } = await saleCase(network, testSetFor(network, 3, 3));
    const kernels = createReferenceKernels();
    const data = salePublicData(statement);
    fc.assert(
      fc.property(elements(2), (tau) => {
        const weights = equalityVector(tau);
        const expected = Array.from(statement.provenRows.rows[0]!, (_, k) =>
          reduce(statement.provenRows.rows.reduce((sum, row, c) => sum + weights[c]! * BigInt(row[k]!), 0n)),
        );
        expect(kernels.toField(combinedInputs(kernels, saleSystemOf(statement), data, tau))).to.deep.equal(expected);
      }),
    );
  });

  it("adds 1 to the scores of classes below the label, and takes targets from errors", () => {
    const rows = fc.integer({ min: 1, max: 6 });
    const cases = fc.tuple(rows, fc.integer({ min: 1, max: 5 })).chain(([n, classes]) =>
      fc.record({
        labels: fc.array(fc.nat(classes - 1), { minLength: n, maxLength: n }),
        targets: fc.array(fc.bigInt({ min: -1000n, max: 1000n }), { minLength: n, maxLength: n }),
        rowWeights: elements(n),
        classWeights: elements(classes),
      }),
    );
    fc.assert(
      fc.property(cases, ({ labels, targets, rowWeights, classWeights }) => {
        const accuracy: JudgedRows = { kind: "accuracy", labels: Uint16Array.from(labels), threshold: 1 };
        let sum = 0n;
        labels.forEach((label, c) =>
          classWeights.forEach((weight, j) => (sum += j < label ? rowWeights[c]! * weight : 0n)),
        );
        expect(scoreShift(accuracy, rowWeights, classWeights)).to.equal(reduce(sum));
        const errors: JudgedRows = { kind: "squared-error", targets, allowed: 0n };
        const total = targets.reduce((left, target, c) => left - target * rowWeights[c]!, 0n);
        expect(scoreShift(errors, rowWeights, classWeights.slice(0, 1))).to.equal(reduce(total * classWeights[0]!));
      }),
    );
  });

  it("encodes every part of the statement", async () => {
    const network = networkOf();
    const { statement } = await saleCase(network, testSetFor(network, 3, 3));
    const { provenRows, core } = statement;
    const one = (value: FieldElement) => reduce(value + 1n);
    const encodings = [
      statement,
      { ...statement, dealId: one(statement.dealId) },
      { ...statement, rowsDigest: one(statement.rowsDigest) },
      withThreshold(statement, 1),
      { ...statement, provenRows: { ...provenRows, labels: provenRows.labels.with(0, provenRows.labels[0]! ^ 1) } },
      { ...statement, provenRows: { ...provenRows, rows: [...provenRows.rows].reverse() } },
    ].map((changed) => Buffer.from(salePublicData(changed).encoding).toString("hex"));
    expect(new Set(encodings).size).to.equal(encodings.length);
    expect(encodings[0]).to.include(core.keyCommitment.toString(16));
  });

  it("refuses a core with another digest, and what no proof carries", async () => {
    const network = regressionNetworkOf();
    const { statement } = await saleCase(network, targetSetFor(network, 3));
    expect(() => salePublicData({ ...statement, coreDigest: reduce(1n) })).to.throw(StatementError, "another digest");
    expect(() => salePublicData({ ...statement, ciphertext: [] })).to.throw(StatementError, "another length");
  });
});
