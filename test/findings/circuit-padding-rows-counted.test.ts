import { fixedPublicInputs } from "@zkcmp/groth16/public-statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { ROWS, saleExample } from "../circuits/sale-example.ts";

/**
 * The attack: a circuit has room for more rows than the test set, the seller fills the rest, and the filling is counted:
 * the model is "right" on rows that nobody asked about.
 * Refused because a circuit takes exactly n rows: there is one mark for each, every mark is 0 or 1, the verifier combines
 * exactly n rows, and the public labels name no row beyond them.
 */
describe("finding: padding rows counted", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("has one mark for each row and nothing more to count", async () => {
    const { sale, honest } = await saleExample();
    expect(sale.circuit.list(honest.assignment, "right")).to.have.length(ROWS);
    expect(sale.circuit.list(honest.assignment, "outputs")).to.have.length(ROWS * 3);
    // All marks set do not reach n + 1.
    const all = { right: [1n, 1n, 1n], threshold: BigInt(ROWS + 1) };
    const refusing = sale.circuit.violations(sale.forge(honest, all)).map((names) => names.join());
    expect(refusing.some((names) => names.includes("surplus.in"))).to.be.true;
  });

  it("refuses labels of rows that do not exist", async () => {
    const { sale, honest } = await saleExample();
    const word = sale.circuit.get(honest.assignment, "labels[0]");
    for (const place of [ROWS, 30]) {
      const forged = sale.forge(honest, { "labels[0]": word + 2n ** BigInt(8 * place) });
      sale.circuit.expectRejected(forged, "labels[0]");
    }
  });

  it("refuses a statement over fewer or more rows", async () => {
    const { sale, honest } = await saleExample();
    const { statement } = honest.fixture;
    const { rows, labels } = statement.provenRows;
    for (const count of [ROWS - 1, ROWS + 1]) {
      const cut = <T>(values: ArrayLike<T>) => Array.from({ length: count }, (_, i) => values[i % ROWS]!);
      const provenRows = { ...statement.provenRows, rows: cut(rows), labels: Uint16Array.from(cut(labels)) };
      expect(() => fixedPublicInputs(sale.sale, { ...statement, provenRows })).to.throw(
        StatementError,
        `there are ${count} rows`,
      );
    }
  });
});
