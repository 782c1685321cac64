import { packDigits } from "@zkcmp/field/packing";
import { fixedPublicInputs } from "@zkcmp/groth16/public-statement";
import { StatementError } from "@zkcmp/sale/statement-check";
import { LABEL_BITS, LABELS_PER_WORD, saleCircuit, SaleCircuitError } from "@zkcmp/groth16/sale-circuit";
import { expect } from "chai";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { ROWS, saleExample } from "../circuits/sale-example.ts";

/**
 * The attack: labels of 8 bits share a public word, and the network has more than 256 classes. The labels (5, 3) and
 * (261, 2) are then the same word: the seller has the rows judged by labels that are not the buyer's.
 * Refused because there is no circuit for more than 256 classes, and no statement with a label outside the classes.
 */
describe("finding: two rows, one word of labels", function () {
  this.timeout(COMPILE_TIMEOUT);
  const wide = (classes: number) => ({
    inputBits: 8,
    weightBits: 8,
    layers: [{ inputs: 2, outputs: classes, activation: "none", shift: 0, biasShift: 0 } as const],
  });

  it("would give two lists of labels the same word", () => {
    const word = (labels: readonly number[]) => labels.reduceRight((sum, label) => sum * 2 ** LABEL_BITS + label, 0);
    expect(word([261, 2])).to.equal(word([5, 3]));
    expect(() => packDigits([261, 2], LABEL_BITS)).to.throw("digit 0");
  });

  it("has no circuit for more than 256 classes", () => {
    expect(() => saleCircuit(wide(257), 2)).to.throw(SaleCircuitError, "257 classes");
    expect(saleCircuit(wide(256), 2).publicLengths.labels).to.equal(1);
    expect(LABEL_BITS * LABELS_PER_WORD).to.be.at.most(253);
  });

  it("refuses labels that are no class, though they fit 8 bits", async () => {
    const { sale, honest } = await saleExample();
    const { statement } = honest.fixture;
    for (const label of [3, 255, 256, 65535]) {
      const labels = statement.provenRows.labels.with(0, label);
      expect(() =>
        fixedPublicInputs(sale.sale, { ...statement, provenRows: { ...statement.provenRows, labels } }),
      ).to.throw(StatementError, "no class");
    }
  });

  it("refuses to judge a row by another label than the one in the word", async () => {
    const { sale, honest } = await saleExample();
    const labels = honest.fixture.statement.provenRows.labels;
    const oneHot = [0n, 1n, 2n].map((j) => (Number(j) === (labels[0]! + 1) % 3 ? 1n : 0n));
    const forged = sale.forge(honest, { "oneHot[0]": oneHot, right: new Array<bigint>(ROWS).fill(0n), threshold: 0n });
    const refusing = sale.circuit.violations(forged).map((names) => names.join());
    expect(refusing.some((names) => names.includes("labels[0]"))).to.be.true;
  });
});
