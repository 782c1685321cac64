import { randomFieldElement, reduce } from "@zkcmp/field/element";
import { modelOrigin, soldModel } from "@zkcmp/chain/model-origin";
import { fixedPublicInputs } from "@zkcmp/groth16/public-statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { saleCircuitInput } from "@zkcmp/groth16/sale-witness";
import { ModelCommitmentError } from "@zkcmp/sale/witness-check";
import { networkFromParameters, parametersInSealingOrder } from "@zkcmp/network/network";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { ZERO_DIGEST } from "@zkcmp/sale/order";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { regressionExample, ROWS } from "../circuits/sale-example.ts";

/**
 * The attack: a seller names the model commitment of a round, whose data and training are proven, and seals another network: one that
 * is worse, or one that was trained on other people's data who then get nothing.
 * Refused because the circuit opens M to the sealed parameters themselves, a proof for a circuit that does not open M is no proof for a
 * core that names one, and a round is named only where M, the shape and the
 * reading of the output are the round's (packages/chain/test/model-origin.test.ts has the other parts).
 */
describe("finding: the commitment of one model, the ciphertext of another", function () {
  this.timeout(COMPILE_TIMEOUT);

  it("has no witness for M of another model, or under another salt", async () => {
    const { sale, honest } = await regressionExample();
    const { network, modelSalt } = honest.fixture.witness;
    const parameters = [...parametersInSealingOrder(network)];
    const trained = networkFromParameters(network.shape, network.scales, parameters.toReversed());
    for (const modelCommitment of [
      commitModel(trained, modelSalt!),
      commitModel(network, randomFieldElement()),
      randomFieldElement(),
    ]) {
      sale.circuit.expectRejected(sale.forge(honest, { modelCommitment }), "sealed.modelCommitment");
      const core = { ...honest.fixture.statement.core, modelCommitment };
      const statement = { ...honest.fixture.statement, core };
      expect(() => saleCircuitInput(sale.sale, statement, honest.fixture.witness)).to.throw(ModelCommitmentError);
    }
  });

  it("refuses a core with M where the circuit opens none, and the other way round", async () => {
    const { sale, honest } = await regressionExample();
    const { statement } = honest.fixture;
    const plain = saleCircuit(sale.sale.shape, ROWS, { predicate: "squared-error" });
    expect(plain.name).to.not.equal(sale.sale.name);
    expect(() => fixedPublicInputs(plain, statement)).to.throw(StatementError, "names a model commitment");
    const without = { ...statement, core: { ...statement.core, modelCommitment: reduce(0n) } };
    expect(() => fixedPublicInputs(sale.sale, without)).to.throw(StatementError, "names no model commitment");
  });

  it("names a round only where everything is the round's: the same numbers in another shape are another model", async () => {
    const { honest } = await regressionExample();
    const sold = soldModel(honest.fixture.statement.core, { encodingDigest: ZERO_DIGEST });
    const { modelCommitment, shape } = sold;
    const trained = { ...sold, name: "round 0x12" };
    expect(modelOrigin(sold, trained)).to.equal("the model sold is the model trained in the round 0x12");
    expect(modelOrigin(sold, { ...trained, modelCommitment: reduce(modelCommitment + 1n) })).to.equal(null);
    const [first, last] = shape.layers;
    const shifted = { ...shape, layers: [first!, { ...last!, biasShift: last!.biasShift + 1 }] };
    expect(modelOrigin({ ...sold, shape: shifted }, trained)).to.equal(null);
    // Other predictions from the same outputs.
    const { multiplier, offset } = sold.reading!;
    expect(modelOrigin({ ...sold, reading: { multiplier: 4 * multiplier, offset } }, trained)).to.equal(null);
  });
});
