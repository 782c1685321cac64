import { randomFieldElement, reduce } from "@zkcmp/field/element";
import { DEFAULT_BUILD_FOLDER, compileNamedCircuit } from "@zkcmp/groth16/circuit-compilation";
import { checkWitness, readR1cs } from "@zkcmp/groth16/r1cs";
import { readSymbols } from "@zkcmp/groth16/sym";
import { parametersInSealingOrder } from "@zkcmp/network/network";
import { encrypt } from "@zkcmp/sale/ciphertext";
import { cipherKeyOf } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { COMPILE_TIMEOUT, type SignalValues } from "./circuit-under-test.ts";
import { ROWS, SHAPE, saleExample, type SaleExample } from "./sale-example.ts";
import type { HonestSale, SaleUnderTest } from "./sale-under-test.ts";

const LAST = SHAPE.layers.length - 1;

describe("Sale", function () {
  this.timeout(COMPILE_TIMEOUT);
  let sale: SaleUnderTest;
  let honest: HonestSale;
  let zero: HonestSale;
  let wrong: number;
  let dead: SaleExample["dead"];

  before(async () => {
    ({ sale, honest, zero, wrong, dead } = await saleExample());
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

  describe("the seal", () => {
    it("refuses another key, opening or secret than the committed ones", () => {
      for (const name of ["key", "opening", "secret"]) {
        refuses({ [name]: randomFieldElement() }, [`keys.${name}`], name);
        sale.circuit.expectRejected(sale.forge(honest, { [name]: randomFieldElement() }));
      }
    });

    it("refuses commitments that the keys do not open, with a challenge made for them", () => {
      settled({ keyCommitment: 5n }, "keyCommitment");
      settled({ secretCommitment: 5n }, "secretCommitment");
    });

    it("refuses a ciphertext under another cipher key than that of the commitments", () => {
      const { network } = honest.fixture.witness;
      const other = randomFieldElement();
      const ciphertext = encrypt(parametersInSealingOrder(network), SHAPE.weightBits, other);
      const witness = sale.forge(honest, { "unseal.cipherKey": other, ciphertext });
      expect(sale.circuit.list(witness, "unseal.parameters")).to.deep.equal(list("unseal.parameters"));
      sale.circuit.expectRejected(witness, "unseal.cipherKey");
    });

    it("refuses another ciphertext than the one that is opened", () => {
      const hold = list("ciphertext").map((_, i) => `unseal.ciphertext[${i}]`);
      refuses({ ciphertext: hold.map(() => randomFieldElement()) }, hold, "ciphertext");
    });

    it("refuses the ciphertext of another network: one weight or one bias that differs by 1", () => {
      const { network, secrets } = honest.fixture.witness;
      const parameters = parametersInSealingOrder(network);
      const firstBias = network.layers[0]!.weights.length;
      for (const place of [0, firstBias]) {
        const changed = parameters.map((value, i) => (i === place ? value + 1 : value));
        const ciphertext = encrypt(changed, SHAPE.weightBits, cipherKeyOf(secrets.key, secrets.secret));
        settled({ ciphertext }, "product[0].left[0].out");
      }
    });
  });

  describe("rows and labels", () => {
    it("refuses an activation of another pre-activation than the hashed one", () => {
      const place = `[${dead.row}][${dead.neuron}]`;
      settled({ [`activation${place}.z`]: reduce(dead.z - 1n) }, `activation${place}.z`);
    });

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

  describe("the challenge", () => {
    it("breaks when any one public signal is changed alone", () => {
      const names = ["keyCommitment", "secretCommitment", "core", "dealId", "rowsDigest", "threshold", "challenge"];
      const arrays = ["labels", "ciphertext", "combined"].flatMap((name) => list(name).map((_, i) => `${name}[${i}]`));
      for (const name of [...names, ...arrays]) {
        const witness = sale.circuit.forge(honest.assignment, { [name]: get(name) + 1n });
        sale.circuit.expectRejected(witness);
        // The same with everything else of the witness left as it was: a proof moved to another statement.
        const values = sale.circuit.withSignal(honest.assignment, name, get(name) + 1n);
        sale.circuit.expectRejected(values);
      }
      expect(names.length + arrays.length).to.equal(sale.sale.publicCount);
    });

    it("refuses a challenge that does not hash one of its parts", () => {
      const parts = ["keyCommitment", "secretCommitment", "core", "dealId", "rowsDigest"];
      parts.forEach((name, i) => {
        refuses({ [`transcript.message[${i + 1}]`]: 5n }, [], `transcript.message[${i + 1}]`);
        if (i >= 2) refuses({ [name]: 5n }, [`transcript.message[${i + 1}]`], name);
      });
      settled({ "transcript.domain": 5n }, "transcript.domain");
      settled({ "transcript.message[0]": 5n }, "transcript.message[0]");
      for (let word = 6; word < 6 + ROWS * SHAPE.layers.length; word++) {
        settled({ [`transcript.message[${word}]`]: 5n }, `transcript.message[${word}]`);
      }
    });

    it("refuses a challenge that the seller chose", () => {
      settled({ challenge: randomFieldElement() }, "challenge");
    });

    it("refuses values that are hashed as others than they are used", () => {
      const hidden = `hidden[${dead.row}][${dead.neuron}]`;
      const slot = `slots[${dead.row}][0]`;
      const other = { [hidden]: reduce(dead.z - 1n) };
      refuses(other, [`${slot}.values[${dead.neuron}]`], hidden);
      refuses(other, [`${slot}.packed[0]`], `${slot}.packed[0]`);
      refuses(other, [`product[0].packed[${dead.row}][0]`], `product[0].packed[${dead.row}][0]`);
    });

    it("refuses outputs that are hashed as others than they are judged", () => {
      const label = honest.fixture.statement.provenRows.labels[wrong]!;
      const y = list(`outputs[${wrong}]`);
      y[label] = get(`ceiling[${wrong}]`);
      const judged = { [`outputs[${wrong}]`]: y, [`right[${wrong}]`]: 1n };
      const hold = y.map((_, j) => `slots[${wrong}][${LAST}].values[${j}]`);
      refuses({ ...judged, threshold: BigInt(ROWS) }, hold, `outputs[${wrong}]`);
    });
  });

  describe("the matrix products", () => {
    it("refuse one value that is wrong by 1, in every layer and row, with everything after it and the challenge made to fit", () => {
      for (let layer = 0; layer <= LAST; layer++) {
        for (let row = 0; row < ROWS; row++) {
          const witness = sale.forgeValues(honest, (z, i, l, j) => (i === row && l === layer && j === 0 ? z + 1n : z));
          expect(sale.challenge(witness)).to.not.equal(sale.challenge(honest.assignment));
          sale.circuit.expectRejected(witness, `product[${layer}].left[0].out`);
        }
      }
    });

    it("refuse outputs that make a wrong row right", () => {
      const label = honest.fixture.statement.provenRows.labels[wrong]!;
      const witness = sale.forgeValues(honest, (z, i, l, j) =>
        i === wrong && l === LAST && j === label ? 1n << 45n : z,
      );
      expect(sale.circuit.get(witness, "threshold")).to.equal(BigInt(ROWS));
      sale.circuit.expectRejected(witness, `product[${LAST}].left[0].out`);
    });

    it("refuse swapped rows", () => {
      const swap = <T>(values: readonly T[]) => [values[1]!, values[0]!, ...values.slice(2)];
      const inputs = sale.inputsWith(honest.fixture, (z) => z);
      const { hidden, outputs } = inputs;
      const swapped = { hidden: swap(hidden), outputs: swap(outputs), right: [0n, 0n, 0n], threshold: 0n };
      const ceiling = Array.from({ length: ROWS }, () => (1n << 46n) - 1n);
      settled({ ...swapped, ceiling }, "product[0].left[0].out");
    });

    it("refuse neighbours in a word that compensate each other: by their range checks", () => {
      const { slotBits } = sale.sale.slots[0]!;
      const step = 2n ** BigInt(slotBits);
      const place = `hidden[0]`;
      const z = list(place);
      const hidden = sale.forge(honest, { [`${place}[0]`]: reduce(z[0]! + step), [`${place}[1]`]: reduce(z[1]! - 1n) });
      expect(sale.challenge(hidden)).to.equal(sale.challenge(honest.assignment));
      sale.circuit.expectRejected(hidden);

      const wide = 2n ** BigInt(sale.sale.slots[LAST]!.slotBits);
      for (const sign of [1n, -1n]) {
        const y = list("outputs[0]");
        const outputs = [reduce(y[0]! + sign * wide), reduce(y[1]! - sign), y[2]!];
        const ceiling = (1n << 46n) - 1n;
        const forged = { "outputs[0]": outputs, "right[0]": 0n, "ceiling[0]": ceiling, threshold: 1n };
        expect(sale.challenge(sale.forge(honest, forged))).to.equal(sale.challenge(honest.assignment));
        settled(forged, "top[0].remainderBits[0].in");
      }
    });

    it("refuse powers of another number than the challenge", () => {
      // With zero rows all values are equal, so that the products agree under any powers.
      sale.circuit.expectRejected(sale.forge(zero, { "powers.base": 5n }), "powers.base");
      sale.circuit.expectRejected(sale.forge(zero, { "product[0].powers": [7n, 8n, 9n] }), "product[0].powers");
      const [first, second] = list("powers.powers", zero);
      const moved = { "inputsOf[1].powers[0]": first! + 1n, "inputsOf[1].powers[1]": reduce(second! - 1n) };
      sale.circuit.expectRejected(sale.forge(zero, moved), "inputsOf[1].powers");
    });

    it("refuse combined rows that are not the verifier's", () => {
      const hold = [0, 1, 2].map((k) => `product[0].combined[${k}]`);
      refuses({ combined: [1n, 2n, 3n] }, hold, "combined");
    });

    it("refuse activations that the neurons do not have, compensated between two rows", () => {
      const rho = sale.challenge(honest.assignment);
      const [a, b] = ["inputsOf[1].activations[0][0]", "inputsOf[1].activations[1][0]"] as const;
      const forged = { [a]: reduce(get(a) + 5n * rho), [b]: reduce(get(b) - 5n) };
      settled(forged, "inputsOf[1].activations[0]", "inputsOf[1].activations[1]");
    });

    it("refuse combined activations, weights and biases that compensate each other", () => {
      const weights = [0, 1, 2, 3].map((k) =>
        reduce(
          get(`product[1].weights[0][${k}]`) +
            (get(`product[1].weights[1][${k}]`) << BigInt(sale.sale.slots[1]!.slotBits)),
        ),
      );
      const combined = list("product[1].combined");
      const shifted = {
        "product[1].combined[0]": reduce(combined[0]! + weights[1]!),
        "product[1].combined[1]": reduce(combined[1]! - weights[0]!),
      };
      settled(shifted, "product[1].combined");

      const turned = {
        "product[1].weights[0][0]": reduce(get("product[1].weights[0][0]") + combined[1]!),
        "product[1].weights[0][1]": reduce(get("product[1].weights[0][1]") - combined[0]!),
      };
      settled(turned, "product[1].weights[0]");

      const step = 2n ** BigInt(sale.sale.slots[1]!.slotBits);
      const biases = {
        "product[1].biases[0]": reduce(get("product[1].biases[0]") + step),
        "product[1].biases[1]": reduce(get("product[1].biases[1]") - 1n),
      };
      settled(biases, "product[1].biases");
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
