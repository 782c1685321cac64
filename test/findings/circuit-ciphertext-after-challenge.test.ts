import { parametersInSealingOrder } from "@zkcmp/network/network";
import { fixedPublicInputs } from "@zkcmp/groth16/public-statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { encrypt } from "@zkcmp/sale/ciphertext";
import { cipherKeyOf } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { saleExample, SHAPE } from "../circuits/sale-example.ts";

/**
 * The attack: the challenge of the product check hashes the core, which has the ciphertext's digest, but not the ciphertext
 * itself. Whoever may choose the ciphertext after the challenge faces one known linear equation for each word of neurons,
 * and some forty small weights have solutions of it (a lattice finds them): a product that is wrong in every row passes.
 * Refused because the public inputs of a statement are made only if the ciphertext is the one in the core; the core is on
 * chain before the rows are known.
 */
describe("finding: ciphertext after the challenge", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("refuses a ciphertext that is not the one in the core, since the challenge would not notice", async () => {
    const { sale, honest } = await saleExample();
    const { statement, witness } = honest.fixture;
    const other = parametersInSealingOrder(witness.network).map((value, i) => (i === 0 ? value + 1 : value));
    const ciphertext = encrypt(other, SHAPE.weightBits, cipherKeyOf(witness.secrets.key, witness.secrets.secret));
    const forged = sale.forge(honest, { ciphertext });
    expect(sale.challenge(forged)).to.equal(sale.challenge(honest.assignment));

    expect(() => fixedPublicInputs(sale.sale, { ...statement, ciphertext })).to.throw(
      StatementError,
      "the ciphertext is not the one in the core",
    );
    expect(fixedPublicInputs(sale.sale, statement).ciphertext).to.deep.equal(statement.ciphertext);
  });
});
