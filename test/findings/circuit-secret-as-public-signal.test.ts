import { readFileSync } from "node:fs";
import { publicSignals } from "@zkcmp/groth16/public-statement";
import { saleCircuit } from "@zkcmp/groth16/sale-circuit";
import { saleCircuitInput } from "@zkcmp/groth16/sale-witness";
import { forward } from "@zkcmp/network/inference";
import { parametersInSealingOrder } from "@zkcmp/network/network";
import { decrypt } from "@zkcmp/sale/ciphertext";
import { cipherKeyOf } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { saleFixture } from "../../packages/groth16/test/sale-fixture.ts";
import { networkOf, SHAPE, testSetFor } from "../../packages/sale/test/fixture.ts";
import { COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { regressionExample, saleExample } from "../circuits/sale-example.ts";

/**
 * The attack: a circuit declares a secret as an output or a public input. In a published competition of models the shared
 * key was the second public signal of the proof; whoever read the chain opened the model.
 * Refused because the public signals are exactly those of circuits/circuits.json, and none of them opens anything.
 */
describe("finding: a secret as public signal", function () {
  this.timeout(COMPILE_TIMEOUT);

  const list = JSON.parse(readFileSync(new URL("../../circuits/circuits.json", import.meta.url), "utf8")) as {
    circuits: { name: string; outputs: { name: string }[]; inputs: { name: string }[] }[];
  };
  const declared = list.circuits.find(({ name }) => name === "sale")!;

  it("shows exactly the signals of the allow-list, in its order", async () => {
    const { sale } = await saleExample();
    const names = sale.circuit.publicSignals().map((name) => name.replace(/\[.*/, ""));
    const order = names.filter((name, i) => name !== names[i - 1]);
    expect(order).to.deep.equal([...declared.outputs, ...declared.inputs].map(({ name }) => name));
    expect(order).to.deep.equal([
      "challenge",
      "keyCommitment",
      "secretCommitment",
      "core",
      "dealId",
      "rowsDigest",
      "modelCommitment",
      "threshold",
      "labels",
      "ciphertext",
      "combined",
    ]);
    const secrets = ["key", "opening", "secret", "modelSalt", "hidden", "outputs", "oneHot", "right", "ceiling"];
    expect(order.filter((name) => secrets.includes(name))).to.deep.equal([]);
    expect(names).to.have.length(sale.sale.publicCount);
  });

  it("shows the same of a regression, but for targets and bound in the place of labels and threshold", async () => {
    const { sale } = await regressionExample();
    const names = sale.circuit.publicSignals().map((name) => name.replace(/\[.*/, ""));
    const order = names.filter((name, i) => name !== names[i - 1]);
    const regression = list.circuits.find(({ name }) => name === "regressionSale")!;
    expect(order).to.deep.equal([...regression.outputs, ...regression.inputs].map(({ name }) => name));
    const renamed = [...declared.outputs, ...declared.inputs].map(({ name }) =>
      name === "threshold" ? "allowedError" : name === "labels" ? "targets" : name,
    );
    expect(order).to.deep.equal(renamed);
    expect(names).to.have.length(sale.sale.publicCount);
  });

  it("shows no secret value, and no public signal opens the ciphertext", async () => {
    const network = networkOf();
    const testSet = testSetFor(network);
    const { statement, witness } = await saleFixture(network, testSet);
    const circuit = saleCircuit(SHAPE, testSet.rows.length);
    const { challenge } = saleCircuitInput(circuit, statement, witness);
    const signals = publicSignals(circuit, statement, challenge);
    const parameters = parametersInSealingOrder(network);

    const { key, opening, secret } = witness.secrets;
    const cipherKey = cipherKeyOf(key, secret);
    const values = testSet.rows.flatMap((row) => forward(network, row).flatMap(({ z }) => z));
    const hidden = new Set<bigint>([key, opening, secret, cipherKey, ...values.filter((z) => z > 1000n)]);
    expect(signals.filter((signal) => hidden.has(signal))).to.deep.equal([]);

    const opens = (candidate: (typeof signals)[number]) => {
      try {
        return (
          decrypt(statement.ciphertext, parameters.length, SHAPE.weightBits, candidate).join() === parameters.join()
        );
      } catch {
        return false;
      }
    };
    expect(opens(cipherKey)).to.be.true;
    // The chain will show k and d; without s they do not open it either.
    expect([...signals, key, opening].filter(opens)).to.deep.equal([]);
  });
});
