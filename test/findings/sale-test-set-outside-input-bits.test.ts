import { layerBounds } from "@zkcmp/network/bounds";
import { createTestSet, type TestSet, TestSetError } from "@zkcmp/network/testset";
import { checkTestSet, commitTestSet, createTestSetSalt, TestSetMismatchError } from "@zkcmp/sale/test-set-commitment";
import { verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { rejected } from "../../packages/network/test/thrown.ts";
import { createDeal, networkOf, testSetFor } from "../../packages/sale/test/fixture.ts";

/**
 * The attack: a buyer commits to a test set with inputs beyond the declared input bits. The circuit's bounds follow from
 * those bits, so that with such a row an honest seller's values leave their bounds: no proof exists, and which rows make it
 * fail tells how large the weights are. Or buyer and a helping seller read a row modulo something that the network never
 * saw.
 * Refused because both sides check every input and label against the order before they prove or pay.
 */
describe("finding: test set outside the input bits", () => {
  const network = networkOf();
  const honest = testSetFor(network);
  const outside = (value: number): TestSet => ({
    ...honest,
    rows: honest.rows.with(5, Uint16Array.of(0, value, 0, 0)),
  });

  it("would leave the bounds that the circuit was made for", () => {
    const { inputBits, layers } = network.shape;
    const largest = 2 ** inputBits - 1;
    const bound = layerBounds(network.shape)[0]!;
    expect(bound.inputMax).to.equal(BigInt(largest));
    const reached = BigInt(layers[0]!.inputs) * 128n * 65535n;
    expect(reached > bound.zMax).to.equal(true);
  });

  it("is refused by the seller before proving and by the buyer before paying, though the order commits to it", async () => {
    for (const value of [16, 17, 65535]) {
      const testSet = outside(value);
      const deal = await createDeal({ network, testSet });
      expect(commitTestSet(testSet, deal.testSetSalt)).to.equal(deal.order.testSetCommitment);
      const problem = "a row of the test set lies outside the order's input bits, features or classes";
      expect(() => checkTestSet(deal.order, testSet, deal.testSetSalt)).to.throw(TestSetMismatchError, problem);
      expect((await rejected(verifyBundle(deal.inputs))).message).to.contain(problem);
    }
  });

  it("is refused with more input bits than the order, which would make room for them", async () => {
    const testSet = { ...outside(65535), inputBits: 16 };
    const deal = await createDeal({ network, testSet, order: { inputBits: 4 } });
    expect((await rejected(verifyBundle(deal.inputs))).message).to.contain(
      "other input bits or classes than the order",
    );
  });

  it("is refused with a network of more input bits than the order", async () => {
    const testSet = { ...outside(65535), inputBits: 16 };
    const wide = networkOf({ ...network.shape, inputBits: 16 });
    const deal = await createDeal({ network, testSet, order: { inputBits: 16 } });
    expect((await rejected(verifyBundle(deal.inputs))).message).to.contain("other input bits than the order");
    const other = await createDeal({ network: wide, testSet: honest });
    expect((await rejected(verifyBundle(other.inputs))).message).to.contain("other input bits than the order");
  });

  it("takes the largest input and the last class, and no test set file holds more", async () => {
    const edge = { ...outside(15), labels: honest.labels.with(5, 2) };
    const deal = await createDeal({ network, testSet: edge });
    await verifyBundle(deal.inputs);
    checkTestSet(deal.order, edge, deal.testSetSalt);
    expect(() => createTestSet(outside(16))).to.throw(TestSetError);
    expect(() => createTestSet({ ...honest, labels: honest.labels.with(5, 3) })).to.throw(TestSetError);
    expect(createTestSetSalt()).to.not.equal(deal.testSetSalt);
  });
});
