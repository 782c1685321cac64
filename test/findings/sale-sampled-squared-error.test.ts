import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { fixedPublicInputs } from "@zkcmp/groth16/public-statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { orderSchema, orderToJson, ZERO_DIGEST } from "@zkcmp/sale/order";
import { saleStatement } from "@zkcmp/sale/statement";
import { verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { rejected } from "../../packages/network/test/thrown.ts";
import { createDeal, REGRESSION_SHAPE, regressionNetworkOf, targetSetFor } from "../../packages/sale/test/fixture.ts";

/**
 * The attack: a sum of squared errors is shown over some of the rows. One row that is left out can have any error, so that a
 * bound over a sample, drawn or chosen, says nothing about the sum over all rows (of a count of right rows it does).
 * Refused because an order for squared errors asks for all rows, and the circuit takes exactly the order's rows.
 */
describe("finding: squared errors of a sample, or of all rows but one", function () {
  this.timeout(60_000);
  const network = regressionNetworkOf();
  const testSet = targetSetFor(network);

  it("refuses an order that samples rows for squared errors", async () => {
    const { order } = await createDeal({ network, testSet });
    const reads = (change: object) => orderSchema.safeParse({ ...orderToJson(order), ...change }).success;
    expect(reads({})).to.equal(true);
    expect(reads({ sampledRows: 6, nonceCommitment: `0x${"01".repeat(32)}` })).to.equal(false);
    expect(reads({ sampledRows: 6, nonceCommitment: ZERO_DIGEST })).to.equal(false);
  });

  it("refuses a core that samples where the order does not", async () => {
    const { inputs } = await createDeal({ network, testSet, core: { sampledRows: 6 } });
    expect((await rejected(verifyBundle(inputs))).message).to.contain("samples another number of rows");
  });

  it("refuses a statement over all rows but the worst one, in the circuit of so many rows", async () => {
    const { core, dealId, bundle } = await createDeal({ network, testSet });
    const circuit = saleCircuit(REGRESSION_SHAPE, testSet.rows.length - 1, { predicate: "squared-error" });
    const kept = testSet.rows.map((_, i) => i).slice(1);
    const statement = saleStatement(core, dealId, bundle.ciphertext, testSet, kept);
    expect(() => fixedPublicInputs(circuit, statement)).to.throw(StatementError, "23 of the 24 rows");
  });
});
