import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import type { NetworkShape } from "@zkcmp/network/shape";
import { expect } from "chai";
import { networkOf, regressionNetworkOf, targetSetFor, testSetFor } from "../../../sale/test/fixture.ts";
import { proveTableClaims } from "../../src/prover/table-claims.ts";
import { createProverTable } from "../../src/prover/table.ts";
import { proveSale } from "../../src/sale/prover.ts";
import { salePublicData } from "../../src/sale/public-data.ts";
import { saleSystemOf } from "../../src/sale/sale-system.ts";
import { verifySale } from "../../src/sale/verifier.ts";
import { saleTables } from "../../src/sale/witness.ts";
import { verifyTableClaims } from "../../src/verifier/table-claims.ts";
import { columnsOf } from "../../src/argument.ts";
import { PlainProver, PlainVerifier } from "../plain-channel.ts";
import { SALT, type SaleCase, saleCase } from "./sale-case.ts";

const kernels = createReferenceKernels();

/** Prover and verifier with messages in the clear; the names of constraints that do not hold. */
function violated({ statement, witness }: SaleCase): string[] {
  return kernels.scope(() => {
    const data = salePublicData(statement);
    const system = saleSystemOf(statement);
    const { tables: shapes } = system.argument;
    const columns = columnsOf(system.argument);
    const witnessTables = saleTables(kernels, system, data, witness);
    const tables = shapes.map((shape, i) => createProverTable(kernels, shape, witnessTables.tables[i]!));
    const prover = new PlainProver("sale");
    const claims = proveSale(kernels, system, data, witnessTables, prover, tables);
    proveTableClaims(kernels, prover, tables, columns, claims);
    const verifier = new PlainVerifier("sale", prover.messages);
    const received = verifySale(kernels, system, data, verifier);
    received.forEach((claim, i) => {
      expect(verifier.value(claim.value), `claim ${i}`).to.equal(claims[i]!.value);
    });
    verifyTableClaims(verifier, shapes, columns, received);
    expect(verifier.finished).to.be.true;
    expect(verifier.events).to.deep.equal(prover.events);
    return verifier.violated();
  });
}

const layer = (inputs: number, outputs: number, activation: "relu" | "square" | "none", shift = 0, biasShift = 0) => ({
  inputs,
  outputs,
  activation,
  shift,
  biasShift,
});

const SHAPES: Readonly<Record<string, NetworkShape>> = {
  "one layer": { inputBits: 4, weightBits: 8, layers: [layer(5, 3, "none", 0, 2)] },
  "one class": { inputBits: 1, weightBits: 2, layers: [layer(1, 1, "none")] },
  relu: { inputBits: 8, weightBits: 8, layers: [layer(6, 4, "relu", 5, 3), layer(4, 3, "none", 0, 1)] },
  square: { inputBits: 3, weightBits: 4, layers: [layer(3, 5, "square", 0, 2), layer(5, 2, "none")] },
  "mixed, beyond doubles": {
    inputBits: 16,
    weightBits: 16,
    layers: [layer(3, 4, "relu", 3, 9), layer(4, 3, "square", 0, 1), layer(3, 3, "none", 0, 20)],
  },
};

describe("sale prover", function () {
  this.timeout(60_000);

  for (const [name, shape] of Object.entries(SHAPES)) {
    it(`convinces the verifier: ${name}`, async () => {
      const network = networkOf(shape);
      expect(violated(await saleCase(network, testSetFor(network, 5, 4)))).to.deep.equal([]);
    });
  }

  it("convinces the verifier: one row, M", async () => {
    const network = networkOf(SHAPES.relu);
    expect(violated(await saleCase(network, testSetFor(network, 1, 1), { modelSalt: SALT }))).to.deep.equal([]);
  });

  it("convinces the verifier: squared errors, with and without M", async () => {
    const network = regressionNetworkOf();
    for (const modelSalt of [undefined, SALT]) {
      expect(violated(await saleCase(network, targetSetFor(network, 6), { modelSalt }))).to.deep.equal([]);
    }
  });
});
