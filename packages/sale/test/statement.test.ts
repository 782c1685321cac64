import { reduce } from "@zkcmp/field/element";
import type { TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { coreDigest } from "../src/core.ts";
import { saleStatement } from "../src/statement.ts";
import { createDeal, type FixtureDeal } from "./fixture.ts";

describe("statement", () => {
  let deal: FixtureDeal;

  before(async () => {
    deal = await createDeal();
  });

  const digestOf = (testSet: TestSet, drawn?: readonly number[]): bigint =>
    saleStatement(deal.core, deal.dealId, deal.bundle.ciphertext, testSet, drawn).rowsDigest;

  it("holds the digest of the core, the deal, the ciphertext and all rows", () => {
    const { core, dealId, bundle, testSet } = deal;
    const statement = saleStatement(core, dealId, bundle.ciphertext, testSet);
    expect(statement.coreDigest).to.equal(coreDigest(core));
    expect(statement.dealId).to.equal(dealId);
    expect(statement.ciphertext).to.equal(bundle.ciphertext);
    expect(statement.provenRows).to.equal(testSet);
    expect(statement.threshold).to.equal(core.threshold);
  });

  it("holds the drawn rows in drawing order, all of which must be right", () => {
    const { core, dealId, bundle, testSet } = deal;
    const drawn = [7, 0, 23];
    const { provenRows, threshold } = saleStatement(core, dealId, bundle.ciphertext, testSet, drawn);
    expect(provenRows.rows).to.deep.equal(drawn.map((place) => testSet.rows[place]));
    expect([...provenRows.labels]).to.deep.equal(drawn.map((place) => testSet.labels[place]));
    expect({ ...provenRows, rows: null, labels: null }).to.deep.equal({ ...testSet, rows: null, labels: null });
    expect(threshold).to.equal(3);
  });

  it("changes its digest with every input and every label of the proven rows", () => {
    const { testSet } = deal;
    const digests = new Set([digestOf(testSet)]);
    testSet.rows.forEach((row, i) => {
      for (const k of row.keys()) {
        const other = row.with(k, row[k]! ^ 1);
        digests.add(digestOf({ ...testSet, rows: testSet.rows.with(i, other) }));
      }
      digests.add(digestOf({ ...testSet, labels: testSet.labels.with(i, (testSet.labels[i]! + 1) % 3) }));
    });
    expect(digests.size).to.equal(1 + 24 * 5);
  });

  it("changes its digest with the places of the rows, even where the rows are equal", () => {
    const { testSet } = deal;
    const equal: TestSet = {
      ...testSet,
      rows: testSet.rows.map(() => testSet.rows[0]!),
      labels: testSet.labels.map(() => 0),
    };
    const draws = [[0, 1], [1, 0], [0, 2], [0], [0, 1, 2], undefined];
    expect(new Set(draws.map((drawn) => digestOf(equal, drawn))).size).to.equal(draws.length);
  });

  it("changes its digest with the threshold", () => {
    const { core, dealId, bundle, testSet } = deal;
    const digests = [1, 19, 20, 23].map(
      (threshold) => saleStatement({ ...core, threshold }, dealId, bundle.ciphertext, testSet).rowsDigest,
    );
    expect(new Set(digests).size).to.equal(4);
  });

  it("leaves the digest of the rows alone when only core, deal or ciphertext change", () => {
    const { core, dealId, testSet } = deal;
    const other = saleStatement({ ...core, scales: [1, 1] }, reduce(dealId + 1n), [], testSet);
    expect(other.rowsDigest).to.equal(deal.statement.rowsDigest);
    expect(other.coreDigest).to.not.equal(deal.statement.coreDigest);
    expect(other.dealId).to.not.equal(deal.statement.dealId);
  });
});
