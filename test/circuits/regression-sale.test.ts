import { randomFieldElement, reduce } from "@zkcmp/field/element";
import { combineRows, fixedPublicInputs } from "@zkcmp/groth16/public-statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { saleCircuitInput } from "@zkcmp/groth16/sale-witness";
import { ErrorBoundError, ModelCommitmentError } from "@zkcmp/sale/witness-check";
import { targetOutput } from "@zkcmp/network/output-reading";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { expect } from "chai";
import { COMPILE_TIMEOUT, type SignalValues } from "./circuit-under-test.ts";
import { READING, regressionExample, ROWS } from "./sale-example.ts";
import type { HonestSale, SaleUnderTest } from "./sale-under-test.ts";

describe("RegressionSale", function () {
  this.timeout(COMPILE_TIMEOUT);
  let sale: SaleUnderTest;
  let honest: HonestSale;
  let sum: bigint;

  before(async () => {
    ({ sale, honest, sum } = await regressionExample());
  });

  const get = (name: string) => sale.circuit.get(honest.assignment, name);
  const list = (name: string) => sale.circuit.list(honest.assignment, name);
  const refuses = (changes: SignalValues, hold: readonly string[], ...pins: readonly string[]) =>
    sale.circuit.expectRejected(sale.forge(honest, changes, hold), ...pins);

  it("accepts an honest witness, with targets and bound in units of the output", () => {
    sale.circuit.expectAccepted(honest.assignment);
    const { core, provenRows } = honest.fixture.statement;
    expect(get("allowedError")).to.equal(25n * core.errorBound);
    expect(list("targets")).to.deep.equal(
      Array.from(provenRows.labels, (digit) => reduce(targetOutput(READING, digit))),
    );
    expect(sale.forgeValues(honest, (z) => z)).to.deep.equal(honest.assignment);
  });

  it("accepts a bound that the sum meets exactly, and none below", () => {
    sale.circuit.expectAccepted(sale.forge(honest, { allowedError: sum }));
    refuses({ allowedError: sum - 1n }, [], "error.left.in");
    refuses({ allowedError: 0n }, [], "error.left.in");
  });

  it("hands on no other value than its own", () => {
    sale.expectWired(honest);
    refuses({ allowedError: 0n }, ["error.allowed"], "error.allowed");
    refuses({ "targets[0]": 3n }, ["error.targets[0]"], "error.targets[0]");
    // Better outputs than the proven ones, for the error alone.
    refuses({ "outputs[0][0]": get("targets[0]") }, ["sealed.outputs[0][0]"], "sealed.outputs[0][0]");
    refuses({ "error.outputs[0]": get("targets[0]") }, [], "error.outputs[0]");
  });

  it("refuses another target than the row's, unless the bound has room for it", () => {
    const z = get("outputs[0][0]");
    refuses({ "targets[0]": reduce(z + (get("targets[0]") - z) * 2n), allowedError: sum }, [], "error.left.in");
    // The verifier computes the targets; a proof with others does not verify.
    sale.circuit.expectRejected(sale.circuit.withSignal(honest.assignment, "targets[0]", get("outputs[0][0]")));
  });

  it("refuses outputs that meet the targets but are not the network's", () => {
    const targets = list("targets");
    const last = sale.sale.shape.layers.length - 1;
    const signed = (value: bigint) => (value > 1n << 250n ? value - reduce(0n - 1n) - 1n : value);
    const witness = sale.forgeValues(honest, (z, row, layer) => (layer === last ? signed(targets[row]!) : z));
    sale.circuit.expectRejected(witness, ...PRODUCT);
  });

  describe("the verifier", () => {
    const statementWith = (labels: Uint16Array, rows = honest.fixture.statement.provenRows.rows) => {
      const { statement } = honest.fixture;
      return { ...statement, provenRows: { ...statement.provenRows, rows, labels } };
    };
    const refusesStatement = (statement: typeof honest.fixture.statement, problem: string) =>
      expect(() => fixedPublicInputs(sale.sale, statement)).to.throw(StatementError, problem);

    it("refuses a dropped row, and one that is proven twice in the place of another", async () => {
      const { rows, labels } = honest.fixture.statement.provenRows;
      refusesStatement(statementWith(labels.slice(1), rows.slice(1)), `${ROWS - 1} rows`);
      const { statement, witness } = honest.fixture;
      const twice = { ...statementWith(labels, [rows[0]!, rows[0]!, ...rows.slice(2)]) };
      twice.core = { ...statement.core, errorBound: 2n ** 24n };
      const { input, challenge } = saleCircuitInput(sale.sale, twice, witness);
      const proven = await sale.circuit.calculate(input);
      sale.circuit.expectAccepted(proven);
      // The verifier combines the rows of the order.
      const seen = sale.circuit.forge(proven, { combined: combineRows(rows, challenge) });
      sale.circuit.expectRejected(seen, "sealed.product[0].left[0].out");
    });

    it("refuses what leaves the bounds of the comparison", () => {
      const { statement } = honest.fixture;
      const { labels } = statement.provenRows;
      const magnitude = 2 ** sale.sale.slots.at(-1)!.magnitudeBits;
      const withCore = (change: Partial<typeof statement.core>) => ({
        ...statement,
        core: { ...statement.core, ...change },
      });
      const far = (multiplier: number) => withCore({ reading: { multiplier, offset: labels[0]! + 1 }, errorBound: 1n });
      refusesStatement(far(magnitude + 1), "beyond all outputs");
      const most = 2n ** BigInt(sale.sale.errorBits);
      const unit = withCore({ reading: { multiplier: 1, offset: 8 } });
      refusesStatement({ ...unit, core: { ...unit.core, errorBound: most } }, "every network keeps");
      expect(
        fixedPublicInputs(sale.sale, { ...unit, core: { ...unit.core, errorBound: most - 1n } }).allowedError,
      ).to.deep.equal([most - 1n]);
      refusesStatement({ ...unit, core: { ...unit.core, errorBound: -1n } }, "every network keeps");
      refusesStatement(withCore({ reading: null }), "how the output reads");
    });

    it("refuses another predicate, and an M that the circuit does not open", () => {
      const { statement } = honest.fixture;
      const withCore = (change: Partial<typeof statement.core>) => ({
        ...statement,
        core: { ...statement.core, ...change },
      });
      refusesStatement(withCore({ predicate: "accuracy" }), "predicate is accuracy");
      refusesStatement(withCore({ modelCommitment: reduce(0n) }), "no model commitment");
    });
  });

  it("makes no witness for a lower bound, another salt or another model's M", () => {
    const { statement, witness } = honest.fixture;
    const withCore = (change: Partial<typeof statement.core>) => ({
      ...statement,
      core: { ...statement.core, ...change },
    });
    const { errorBound } = statement.core;
    const input =
      (changed: typeof statement, secret = witness) =>
      () =>
        saleCircuitInput(sale.sale, changed, secret);
    expect(input(withCore({ errorBound: errorBound - 1n }))).to.throw(ErrorBoundError);
    const salt = randomFieldElement();
    expect(input(statement, { ...witness, modelSalt: salt })).to.throw(ModelCommitmentError);
    expect(input(statement, { ...witness, modelSalt: undefined })).to.throw(ModelCommitmentError);
    const other = withCore({ modelCommitment: commitModel(witness.network, salt) });
    expect(input(other)).to.throw(ModelCommitmentError);
  });
});

/** The constraint of the last layer's matrix product. */
const PRODUCT = ["sealed.product[1].left[0].out"];
