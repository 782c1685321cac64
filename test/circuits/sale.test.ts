import { randomFieldElement, reduce } from "@zkcmp/field/element";
import { DEFAULT_BUILD_FOLDER, compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { checkWitness, readR1cs } from "@zkcmp/groth16/r1cs";
import { saleConstraints } from "@zkcmp/groth16/sale-circuit";
import { readSymbols } from "@zkcmp/groth16/sym";
import type { NetworkShape } from "@zkcmp/network/shape";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { expect } from "chai";
import { COMPILE_TIMEOUT, type SignalValues } from "./circuit-under-test.ts";
import { ROWS, SHAPE, saleExample } from "./sale-example.ts";
import { type HonestSale, SaleUnderTest } from "./sale-under-test.ts";
import { networkOf, saleFixture, zeroRows } from "../../packages/groth16/test/sale-fixture.ts";

const LAST = SHAPE.layers.length - 1;

describe("Sale", function () {
  this.timeout(COMPILE_TIMEOUT);
  let sale: SaleUnderTest;
  let honest: HonestSale;
  let zero: HonestSale;
  let wrong: number;

  before(async () => {
    ({ sale, honest, zero, wrong } = await saleExample());
  });

  const get = (name: string, from = honest) => sale.circuit.get(from.assignment, name);
  const list = (name: string, from = honest) => sale.circuit.list(from.assignment, name);
  const refuses = (changes: SignalValues, hold: readonly string[], ...pins: readonly string[]) =>
    sale.circuit.expectRejected(sale.forge(honest, changes, hold), ...pins);
  const settled = (changes: SignalValues, ...pins: readonly string[]) => refuses(changes, [], ...pins);

  it("accepts honest witnesses", () => {
    sale.circuit.expectAccepted(honest.assignment);
    sale.circuit.expectAccepted(zero.assignment);
    // The forger's recomputation and the calculator agree.
    expect(sale.forgeValues(honest, (z) => z)).to.deep.equal(honest.assignment);
  });

  it("accepts a true statement about another deal: what the forgeries below miss is truth, not form", () => {
    sale.circuit.expectAccepted(sale.forge(honest, { dealId: 5n, core: 6n, rowsDigest: 7n }));
    sale.circuit.expectAccepted(sale.forge(honest, { threshold: 1n }));
  });

  describe("what both predicates share", () => {
    it("refuses to hand on another value than its own", () => {
      sale.expectWired(honest);
    });

    it("refuses outputs that are hashed as others than they are judged", () => {
      const label = honest.fixture.statement.provenRows.labels[wrong]!;
      const y = list(`outputs[${wrong}]`);
      y[label] = get(`ceiling[${wrong}]`);
      const judged = { [`outputs[${wrong}]`]: y, [`right[${wrong}]`]: 1n };
      const hold = y.map((_, j) => `sealed.outputs[${wrong}][${j}]`);
      refuses({ ...judged, threshold: BigInt(ROWS) }, hold, `outputs[${wrong}]`);
    });
  });

  it("opens M where the circuit is one that does", async () => {
    const shape: NetworkShape = {
      inputBits: 2,
      weightBits: 4,
      layers: [{ inputs: 2, outputs: 2, activation: "none", shift: 0, biasShift: 0 }],
    };
    const committed = await SaleUnderTest.compile(shape, 1, { committed: true });
    const network = networkOf(shape, [1, 2, -3, 4, 5, -6]);
    const modelSalt = randomFieldElement();
    const opened = await committed.honest(await saleFixture(network, zeroRows(network, 1), 1, modelSalt));
    committed.circuit.expectAccepted(opened.assignment);
    expect(committed.circuit.get(opened.assignment, "modelCommitment")).to.equal(commitModel(network, modelSalt));
    committed.expectWired(opened);
    committed.circuit.expectRejected(committed.forge(opened, { modelCommitment: 5n }), "sealed.modelCommitment");
    const { r1csPath } = await compileNamedCircuit(committed.sale, DEFAULT_BUILD_FOLDER);
    expect((await readR1cs(r1csPath)).constraintCount).to.equal(saleConstraints(committed.sale).total);
  });

  describe("rows and labels", () => {
    it("refuses to judge other outputs than the proven ones", () => {
      const label = honest.fixture.statement.provenRows.labels[wrong]!;
      const y = [0n, 0n, 0n].map((_, j) => (j === label ? 9n : 0n));
      const judged = { [`top[${wrong}].outputs`]: y, [`ceiling[${wrong}]`]: 9n, [`right[${wrong}]`]: 1n };
      settled({ ...judged, threshold: BigInt(ROWS) }, `top[${wrong}].outputs`);
    });

    it("refuses to count a row that is wrong", () => {
      settled({ [`right[${wrong}]`]: 1n, threshold: BigInt(ROWS) }, `top[${wrong}].right`);
    });

    it("refuses a count over other marks than the judged ones", () => {
      const marks = { [`right[${wrong}]`]: 1n, threshold: BigInt(ROWS) };
      refuses(marks, [`top[${wrong}].right`], `right[${wrong}]`);
    });

    it("refuses right = 2: one row counted twice", () => {
      const counted = wrong === 0 ? 1 : 0;
      settled({ [`right[${counted}]`]: 2n, threshold: BigInt(ROWS) }, `top[${counted}].right`);
    });

    it("refuses a ceiling or a one-hot label that is not the judged one", () => {
      refuses({ "ceiling[0]": 3n }, ["top[0].ceiling"], "ceiling[0]");
      const hold = [0, 1, 2].map((j) => `top[0].oneHot[${j}]`);
      refuses({ "oneHot[0]": [1n, 1n, 1n] }, hold, "oneHot[0]");
    });

    it("refuses a count that is short by one", () => {
      const count = BigInt(ROWS - 1);
      settled({ threshold: count + 1n }, "surplus.in");
      refuses({ threshold: count + 1n }, ["surplus.in"], "threshold");
      expect(get("surplus.in")).to.equal(0n);
    });

    it("leaves thresholds below 1 to the verifier, who refuses them", () => {
      // T = r - 1 is -1: count + 1 fits the bits. packages/groth16/test/public-statement.test.ts has the refusal.
      sale.circuit.expectAccepted(sale.forge(honest, { threshold: reduce(-1n) }));
      settled({ threshold: reduce(-8n) }, "surplus.in");
    });

    it("refuses a word of labels that differs from the judged labels", () => {
      settled({ labels: [get("labels[0]") + 1n] }, "labels[0]");
      const { labels } = honest.fixture.statement.provenRows;
      const one = labels.map((label, i) => (i === wrong ? (label + 1) % 3 : label));
      const oneHot = Array.from(one, (label) => [0n, 1n, 2n].map((j) => (j === BigInt(label) ? 1n : 0n)));
      const relabelled = { oneHot, right: list("right").map(() => 0n), threshold: 0n };
      // Rows are judged by labels of the seller's choice: nothing but the public word stops it.
      const ceilings = list("ceiling").map((ceiling) => reduce(ceiling + 1n));
      settled({ ...relabelled, ceiling: ceilings }, "labels[0]");
    });
  });

  it("refuses the same forgeries as it is proven, with the linear constraints substituted", async () => {
    const compiled = await compileNamedCircuit(sale.sale, DEFAULT_BUILD_FOLDER);
    const [r1cs, symbols] = await Promise.all([readR1cs(compiled.r1csPath), readSymbols(compiled.symPath)]);
    const accepts = (witness: typeof honest.assignment) =>
      checkWitness(r1cs, sale.circuit.project(witness, symbols, r1cs.wireCount)) === null;
    expect(accepts(honest.assignment)).to.be.true;
    const label = honest.fixture.statement.provenRows.labels[wrong]!;
    const forgeries = [
      sale.forge(honest, { keyCommitment: 5n }),
      sale.forge(honest, { secretCommitment: 5n }),
      sale.forge(honest, { key: 5n }),
      sale.forge(honest, { threshold: BigInt(ROWS) }),
      sale.forge(honest, { [`right[${wrong}]`]: 1n, threshold: BigInt(ROWS) }),
      sale.forge(honest, { labels: [get("labels[0]") + 1n] }),
      sale.forge(honest, { challenge: 5n }),
      sale.circuit.forge(honest.assignment, { combined: [1n, 2n, 3n] }),
      sale.forgeValues(honest, (z, i, l, j) => (i === wrong && l === LAST && j === label ? 1n << 45n : z)),
      sale.forgeValues(honest, (z, i, l, j) => (i === 1 && l === 0 && j === 0 ? z + 1n : z)),
      ...["core", "dealId", "rowsDigest"].map((name) =>
        sale.circuit.withSignal(honest.assignment, name, randomFieldElement()),
      ),
    ];
    forgeries.forEach((forgery, i) => expect(accepts(forgery), `forgery ${i}`).to.be.false);
  });
});
