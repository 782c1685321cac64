import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import type { NetworkShape } from "@zkcmp/network/shape";
import { expect } from "chai";
import { networkOf, regressionNetworkOf, targetSetFor, testSetFor } from "../../../sale/test/fixture.ts";
import { saleSystemOf } from "../../src/sale/sale-system.ts";
import { runPlainSale } from "./plain-sale.ts";
import { SALT, type SaleCase, saleCase } from "./sale-case.ts";
import { dense } from "./shapes.ts";

const SHAPES: Readonly<Record<string, NetworkShape>> = {
  "one layer": { inputBits: 4, weightBits: 8, layers: [dense(5, 3, "none", 0, 2)] },
  "one class, one bit": { inputBits: 1, weightBits: 2, layers: [dense(1, 1, "none")] },
  relu: { inputBits: 8, weightBits: 8, layers: [dense(6, 4, "relu", 5, 3), dense(4, 3, "none", 0, 1)] },
  square: { inputBits: 3, weightBits: 4, layers: [dense(3, 5, "square", 0, 2), dense(5, 2, "none")] },
  "three layers, beyond doubles": {
    inputBits: 16,
    weightBits: 16,
    layers: [dense(3, 4, "relu", 3, 9), dense(4, 3, "square", 0, 1), dense(3, 3, "none", 0, 20)],
  },
  "many classes": { inputBits: 2, weightBits: 3, layers: [dense(2, 40, "none")] },
};

describe("sale prover", function () {
  this.timeout(60_000);
  const kernels = createReferenceKernels();
  const convinces = (sale: SaleCase) =>
    expect(runPlainSale(kernels, sale)).to.deep.equal({ violated: [], inStep: true });

  for (const [name, shape] of Object.entries(SHAPES)) {
    it(`convinces the verifier, step by step: ${name}`, async () => {
      const network = networkOf(shape);
      convinces(await saleCase(network, testSetFor(network, 5, 4)));
    });
  }

  it("convinces the verifier: one row, M in a block of its own width", async () => {
    const network = networkOf(SHAPES.relu);
    convinces(await saleCase(network, testSetFor(network, 1, 1), { modelSalt: SALT }));
  });

  it("convinces the verifier: M in widths that other permutations have, and in whole blocks", async () => {
    // 15 weights of 16 bits in a word: 1, 15, 16 and 31 words with the salt make blocks of 2, 16, 16 + 1 and 2 x 16.
    for (const [inputs, words] of [
      [14, 1],
      [224, 15],
      [239, 16],
      [464, 31],
    ] as const) {
      const network = networkOf({ inputBits: 1, weightBits: 16, layers: [dense(inputs, 1, "none")] });
      const sale = await saleCase(network, testSetFor(network, 2, 2), { modelSalt: SALT });
      expect(sale.statement.ciphertext).to.have.length(words);
      convinces(sale);
    }
  });

  it("convinces the verifier: hidden neurons in more than one table", async () => {
    // 203 bits a neuron, and 65,536 slots a table.
    const neurons = 330;
    const shape = {
      inputBits: 1,
      weightBits: 2,
      layers: [dense(1, neurons, "relu", 0, 200), dense(neurons, 2, "none")],
    };
    const network = networkOf(shape);
    const sale = await saleCase(network, testSetFor(network, 1, 1));
    expect(saleSystemOf(sale.statement).activations).to.have.length(2);
    convinces(sale);
  });

  it("convinces the verifier: squared errors, with and without M", async () => {
    const network = regressionNetworkOf();
    for (const modelSalt of [undefined, SALT]) {
      convinces(await saleCase(network, targetSetFor(network, 6), { modelSalt }));
    }
  });
});
