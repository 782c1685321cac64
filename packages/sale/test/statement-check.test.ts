import { reduce } from "@zkcmp/field/element";
import type { TestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import type { SaleStatement } from "../src/statement.ts";
import { checkStatement, squaredErrorBits, squaredErrorTerms, StatementError } from "../src/statement-check.ts";
import { createDeal, networkOf, regressionNetworkOf, targetSetFor } from "./fixture.ts";

describe("statement-check", () => {
  const refuses = (statement: SaleStatement, changes: Partial<SaleStatement>, message: string) =>
    expect(() => checkStatement({ ...statement, ...changes })).to.throw(StatementError, message);

  describe("of accuracy", () => {
    let statement: SaleStatement;
    before(async () => ({ statement } = await createDeal({ network: networkOf() })));
    const provenRows = (changes: Partial<TestSet>) => ({ provenRows: { ...statement.provenRows, ...changes } });

    it("takes an honest statement, also one of every row", () => {
      checkStatement(statement);
      checkStatement({ ...statement, threshold: statement.provenRows.rows.length });
      checkStatement({ ...statement, threshold: 1 });
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
