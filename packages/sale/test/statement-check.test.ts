import { reduce } from "@zkcmp/field/element";
import type { TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import type { SaleStatement } from "../src/statement.ts";
import { checkStatement, squaredErrorBits, squaredErrorTerms, StatementError } from "../src/statement-check.ts";
import { createDeal, networkOf, regressionNetworkOf, targetSetFor, withThreshold } from "./fixture.ts";

describe("statement-check", () => {
  const refuses = (statement: SaleStatement, changes: Partial<SaleStatement>, message: string) =>
    expect(() => checkStatement({ ...statement, ...changes })).to.throw(StatementError, message);

  describe("of accuracy", () => {
    let statement: SaleStatement;
    before(async () => ({ statement } = await createDeal({ network: networkOf() })));
    const provenRows = (changes: Partial<TestSet>) => ({ provenRows: { ...statement.provenRows, ...changes } });

    it("takes an honest statement, also one of every row", () => {
      checkStatement(statement);
      checkStatement(withThreshold(statement, statement.provenRows.rows.length));
      checkStatement(withThreshold(statement, 1));
    });

    it("takes exactly the rows and the threshold that the core asks for", async () => {
      const { core, provenRows: all } = statement;
      const only = (count: number) =>
        provenRows({ rows: all.rows.slice(0, count), labels: all.labels.slice(0, count) });
      const { length } = all.rows;
      refuses(statement, { ...only(1), threshold: 1 }, `1 of the ${length} rows`);
      refuses(statement, { core: { ...core, rows: length + 1 } }, `${length} of the ${length + 1} rows`);
      for (const threshold of [core.threshold - 1, core.threshold + 1]) {
        refuses(statement, { threshold }, "not the one in the core");
      }
      const drawn = (await createDeal({ network: networkOf(), order: { sampledRows: 4 } })).statement;
      checkStatement(drawn);
      const { rows, labels } = drawn.provenRows;
      refuses(drawn, { threshold: 3 }, "not the 4 drawn rows");
      const three = { ...drawn.provenRows, rows: rows.slice(1), labels: labels.slice(1) };
      refuses(drawn, { provenRows: three, threshold: 3 }, "not the 4 drawn rows");
      refuses(drawn, { provenRows: all, threshold: length }, "not the 4 drawn rows");
    });

    it("refuses rows and labels that are no integers, from callers without types", () => {
      const { rows, labels } = statement.provenRows;
      const withRow = (row: readonly number[]) => provenRows({ rows: rows.with(1, row as unknown as Uint16Array) });
      const withLabels = (own: readonly number[]) => provenRows({ labels: own as unknown as Uint16Array });
      checkStatement({ ...statement, ...withRow([...rows[1]!]), ...withLabels([...labels]) });
      for (const value of [-1, 0.5, NaN]) {
        refuses(statement, withRow([...rows[1]!].with(0, value)), "outside the input bits");
        refuses(statement, withLabels([...labels].with(0, value)), "is no class");
      }
    });

    it("refuses thresholds, rows, labels and ciphertexts that do not fit", () => {
      const { rows, labels } = statement.provenRows;
      for (const threshold of [0, -1, rows.length + 1, 1.5, NaN]) refuses(statement, { threshold }, "the threshold is");
      refuses(statement, provenRows({ rows: [], labels: new Uint16Array() }), "no rows");
      refuses(statement, provenRows({ rows: rows.with(0, rows[0]!.slice(1)) }), "another width");
      const { inputBits } = statement.core.shape;
      refuses(
        statement,
        provenRows({ rows: rows.with(0, rows[0]!.with(0, 2 ** inputBits)) }),
        "outside the input bits",
      );
      refuses(statement, provenRows({ labels: labels.slice(1) }), "a label is missing");
      refuses(statement, provenRows({ labels: labels.with(0, 300) }), "is no class");
      refuses(statement, { ciphertext: statement.ciphertext.slice(1) }, "another length");
      refuses(statement, { ciphertext: statement.ciphertext.with(0, reduce(5n)) }, "not the one in the core");
    });
  });

  describe("of squared errors", () => {
    let statement: SaleStatement;
    before(async () => {
      const network = regressionNetworkOf();
      ({ statement } = await createDeal({ network, testSet: targetSetFor(network) }));
    });

    it("gives targets and bound in units of the output", () => {
      const { reading, errorBound } = statement.core;
      const { targets, allowed } = squaredErrorTerms(statement);
      const unit = BigInt(reading!.multiplier);
      expect(allowed).to.equal(unit * unit * errorBound);
      expect(targets).to.deep.equal(
        Array.from(statement.provenRows.labels, (digit) => unit * BigInt(digit - reading!.offset)),
      );
    });

    it("refuses rows left out, no reading, targets and bounds out of range", () => {
      const { core, provenRows } = statement;
      const fewer = { ...provenRows, rows: provenRows.rows.slice(1), labels: provenRows.labels.slice(1) };
      refuses(statement, { provenRows: fewer }, "rows are proven");
      refuses(statement, { threshold: 1 }, "no threshold");
      for (const value of [-1, 0.5, NaN, 2 ** 16]) {
        const labels = [...provenRows.labels].with(0, value) as unknown as Uint16Array;
        refuses(statement, { provenRows: { ...provenRows, labels } }, "a target is no digit");
      }
      refuses(statement, { core: { ...core, sampledRows: core.rows } }, "drawn rows");
      refuses(statement, { core: { ...core, reading: null } }, "how the output reads");
      const reading = { ...core.reading!, multiplier: Number.MAX_SAFE_INTEGER };
      refuses(statement, { core: { ...core, reading } }, "a target lies beyond");
      const limit = 1n << BigInt(squaredErrorBits(core.shape, core.rows));
      const unit = BigInt(core.reading!.multiplier) ** 2n;
      const largest = (limit - 1n) / unit;
      checkStatement({ ...statement, core: { ...core, errorBound: largest } });
      refuses(statement, { core: { ...core, errorBound: largest + 1n } }, "every network keeps");
      refuses(statement, { core: { ...core, errorBound: -1n } }, "every network keeps");
    });
  });
});
