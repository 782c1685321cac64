import { type FieldElement, randomFieldElement, reduce } from "@zkcmp/field/element";
import { packDigits } from "@zkcmp/field/packing";
import { poseidonSponge } from "@zkcmp/field/poseidon";
import { type Network, networkFromParameters, parametersInSealingOrder } from "@zkcmp/network/network";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { encrypt } from "@zkcmp/sale/ciphertext";
import { cipherKeyOf } from "@zkcmp/sale/seal";
import { expect } from "chai";
import { COMPILE_TIMEOUT, type SignalValues } from "./circuit-under-test.ts";
import { regressionExample, ROWS, SHAPE, saleExample, type SaleExample } from "./sale-example.ts";
import type { HonestSale, SaleUnderTest } from "./sale-under-test.ts";

const LAST = SHAPE.layers.length - 1;

/** The words that M hashes behind the salt. */
function modelWords(network: Network): FieldElement[] {
  const { weightBits } = network.shape;
  return packDigits(
    [...parametersInSealingOrder(network)].map((value) => value + 2 ** (weightBits - 1)),
    weightBits,
  );
}

/** In a circuit for accuracy and without M; what M adds, in one for squared errors. */
describe("SealedInference", function () {
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

  describe("the seal", () => {
    it("refuses another key, opening or secret than the committed ones", () => {
      for (const name of ["key", "opening", "secret"]) {
        refuses({ [name]: randomFieldElement() }, [`sealed.keys.${name}`], `sealed.${name}`);
        sale.circuit.expectRejected(sale.forge(honest, { [name]: randomFieldElement() }));
      }
    });

    it("refuses commitments that the keys do not open, with a challenge made for them", () => {
      settled({ keyCommitment: 5n }, "sealed.keyCommitment");
      settled({ secretCommitment: 5n }, "sealed.secretCommitment");
    });

    it("refuses a ciphertext under another cipher key than that of the commitments", () => {
      const { network } = honest.fixture.witness;
      const other = randomFieldElement();
      const ciphertext = encrypt(parametersInSealingOrder(network), SHAPE.weightBits, other);
      const witness = sale.forge(honest, { "sealed.unseal.cipherKey": other, ciphertext });
      expect(sale.circuit.list(witness, "sealed.unseal.parameters")).to.deep.equal(list("sealed.unseal.parameters"));
      sale.circuit.expectRejected(witness, "sealed.unseal.cipherKey");
    });

    it("refuses another ciphertext than the one that is opened", () => {
      const hold = list("ciphertext").map((_, i) => `sealed.unseal.ciphertext[${i}]`);
      refuses({ ciphertext: hold.map(() => randomFieldElement()) }, hold, "sealed.ciphertext");
    });

    it("refuses the ciphertext of another network: one weight or one bias that differs by 1", () => {
      const { network, secrets } = honest.fixture.witness;
      const parameters = parametersInSealingOrder(network);
      const firstBias = network.layers[0]!.weights.length;
      for (const place of [0, firstBias]) {
        const changed = parameters.map((value, i) => (i === place ? value + 1 : value));
        const ciphertext = encrypt(changed, SHAPE.weightBits, cipherKeyOf(secrets.key, secrets.secret));
        settled({ ciphertext }, "sealed.product[0].left[0].out");
      }
    });
  });

  describe("M", () => {
    it("is 0 in a circuit that takes none", () => {
      settled({ modelCommitment: 1n }, "sealed.modelCommitment");
    });

    it("commits to the sealed network with its salt, and to no other", async () => {
      const { sale: committed, honest: model } = await regressionExample();
      const { network, modelSalt } = model.fixture.witness;
      const rejects = (changes: SignalValues, ...pins: readonly string[]) =>
        committed.circuit.expectRejected(committed.forge(model, changes), ...pins);
      expect(committed.circuit.get(model.assignment, "modelCommitment")).to.equal(commitModel(network, modelSalt!));

      const parameters = [...parametersInSealingOrder(network)];
      const other = networkFromParameters(network.shape, network.scales, [parameters[0]! - 1, ...parameters.slice(1)]);
      rejects({ modelCommitment: commitModel(other, modelSalt!) }, "sealed.modelCommitment");
      rejects({ modelCommitment: 0n }, "sealed.modelCommitment");
      rejects({ "modelSalt[0]": randomFieldElement() }, "sealed.modelCommitment");
    });

    it("hashes what is sealed, in its own domain, behind the salt", async () => {
      const { sale: committed, honest: model } = await regressionExample();
      const { network, modelSalt } = model.fixture.witness;
      const parameters = [...parametersInSealingOrder(network)];
      const other = networkFromParameters(network.shape, network.scales, [parameters[0]! - 1, ...parameters.slice(1)]);
      const parts: [string, bigint, bigint][] = [
        ["sealed.model[0].domain", 5n, poseidonSponge([modelSalt!, ...modelWords(network)], reduce(5n))],
        ["sealed.model[0].message[0]", 5n, commitModel(network, reduce(5n))],
        ["sealed.model[0].message[1]", modelWords(other)[0]!, commitModel(other, modelSalt!)],
      ];
      for (const [signal, value, modelCommitment] of parts) {
        committed.circuit.expectRejected(committed.forge(model, { [signal]: value, modelCommitment }), signal);
      }
    });
  });

  describe("the activations", () => {
    it("refuses an activation of another pre-activation than the hashed one", () => {
      const place = `[${dead.row}][${dead.neuron}]`;
      settled({ [`sealed.activation${place}.z`]: reduce(dead.z - 1n) }, `sealed.activation${place}.z`);
    });
  });

  describe("the challenge", () => {
    it("refuses a challenge that does not hash one of its parts", () => {
      const parts = ["keyCommitment", "secretCommitment", "core", "dealId", "rowsDigest"];
      parts.forEach((name, i) => {
        refuses({ [`sealed.transcript.message[${i + 1}]`]: 5n }, [], `sealed.transcript.message[${i + 1}]`);
        if (i >= 2) refuses({ [name]: 5n }, [`sealed.transcript.message[${i + 1}]`], `sealed.${name}`);
      });
      settled({ "sealed.transcript.domain": 5n }, "sealed.transcript.domain");
      settled({ "sealed.transcript.message[0]": 5n }, "sealed.transcript.message[0]");
      for (let word = 6; word < 6 + ROWS * SHAPE.layers.length; word++) {
        settled({ [`sealed.transcript.message[${word}]`]: 5n }, `sealed.transcript.message[${word}]`);
      }
    });

    it("refuses outputs that are hashed as others than they are handed in", () => {
      const label = honest.fixture.statement.provenRows.labels[wrong]!;
      const y = list(`outputs[${wrong}]`);
      y[label] = get(`ceiling[${wrong}]`);
      const judged = { [`outputs[${wrong}]`]: y, [`right[${wrong}]`]: 1n };
      const hold = y.map((_, j) => `sealed.slots[${wrong}][${LAST}].values[${j}]`);
      refuses({ ...judged, threshold: BigInt(ROWS) }, hold, `sealed.outputs[${wrong}]`);
    });

    it("refuses a challenge that the seller chose", () => {
      settled({ "sealed.challenge": randomFieldElement() }, "sealed.challenge");
    });

    it("refuses values that are hashed as others than they are used", () => {
      const hidden = `hidden[${dead.row}][${dead.neuron}]`;
      const slot = `sealed.slots[${dead.row}][0]`;
      const other = { [hidden]: reduce(dead.z - 1n) };
      refuses(other, [`${slot}.values[${dead.neuron}]`], `sealed.${hidden}`);
      refuses(other, [`${slot}.packed[0]`], `${slot}.packed[0]`);
      refuses(other, [`sealed.product[0].packed[${dead.row}][0]`], `sealed.product[0].packed[${dead.row}][0]`);
    });
  });

  describe("the matrix products", () => {
    it("refuse one value that is wrong by 1, in every layer and row, with everything after it and the challenge made to fit", () => {
      for (let layer = 0; layer <= LAST; layer++) {
        for (let row = 0; row < ROWS; row++) {
          const witness = sale.forgeValues(honest, (z, i, l, j) => (i === row && l === layer && j === 0 ? z + 1n : z));
          expect(sale.challenge(witness)).to.not.equal(sale.challenge(honest.assignment));
          sale.circuit.expectRejected(witness, `sealed.product[${layer}].left[0].out`);
        }
      }
    });

    it("refuse outputs that make a wrong row right", () => {
      const label = honest.fixture.statement.provenRows.labels[wrong]!;
      const witness = sale.forgeValues(honest, (z, i, l, j) =>
        i === wrong && l === LAST && j === label ? 1n << 45n : z,
      );
      expect(sale.circuit.get(witness, "threshold")).to.equal(BigInt(ROWS));
      sale.circuit.expectRejected(witness, `sealed.product[${LAST}].left[0].out`);
    });

    it("refuse swapped rows", () => {
      const swap = <T>(values: readonly T[]) => [values[1]!, values[0]!, ...values.slice(2)];
      const inputs = sale.inputsWith(honest.fixture, (z) => z);
      const { hidden, outputs } = inputs;
      const swapped = { hidden: swap(hidden), outputs: swap(outputs), right: [0n, 0n, 0n], threshold: 0n };
      const ceiling = Array.from({ length: ROWS }, () => (1n << 46n) - 1n);
      settled({ ...swapped, ceiling }, "sealed.product[0].left[0].out");
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
      sale.circuit.expectRejected(sale.forge(zero, { "sealed.powers.base": 5n }), "sealed.powers.base");
      sale.circuit.expectRejected(
        sale.forge(zero, { "sealed.product[0].powers": [7n, 8n, 9n] }),
        "sealed.product[0].powers",
      );
      const [first, second] = list("sealed.powers.powers", zero);
      const moved = {
        "sealed.inputsOf[1].powers[0]": first! + 1n,
        "sealed.inputsOf[1].powers[1]": reduce(second! - 1n),
      };
      sale.circuit.expectRejected(sale.forge(zero, moved), "sealed.inputsOf[1].powers");
    });

    it("refuse combined rows that are not the verifier's", () => {
      const hold = [0, 1, 2].map((k) => `sealed.product[0].combined[${k}]`);
      refuses({ combined: [1n, 2n, 3n] }, hold, "sealed.combined");
    });

    it("refuse activations that the neurons do not have, compensated between two rows", () => {
      const rho = sale.challenge(honest.assignment);
      const [a, b] = ["sealed.inputsOf[1].activations[0][0]", "sealed.inputsOf[1].activations[1][0]"] as const;
      const forged = { [a]: reduce(get(a) + 5n * rho), [b]: reduce(get(b) - 5n) };
      settled(forged, "sealed.inputsOf[1].activations[0]", "sealed.inputsOf[1].activations[1]");
    });

    it("refuse combined activations, weights and biases that compensate each other", () => {
      const weights = [0, 1, 2, 3].map((k) =>
        reduce(
          get(`sealed.product[1].weights[0][${k}]`) +
            (get(`sealed.product[1].weights[1][${k}]`) << BigInt(sale.sale.slots[1]!.slotBits)),
        ),
      );
      const combined = list("sealed.product[1].combined");
      const shifted = {
        "sealed.product[1].combined[0]": reduce(combined[0]! + weights[1]!),
        "sealed.product[1].combined[1]": reduce(combined[1]! - weights[0]!),
      };
      settled(shifted, "sealed.product[1].combined");

      const turned = {
        "sealed.product[1].weights[0][0]": reduce(get("sealed.product[1].weights[0][0]") + combined[1]!),
        "sealed.product[1].weights[0][1]": reduce(get("sealed.product[1].weights[0][1]") - combined[0]!),
      };
      settled(turned, "sealed.product[1].weights[0]");

      const step = 2n ** BigInt(sale.sale.slots[1]!.slotBits);
      const biases = {
        "sealed.product[1].biases[0]": reduce(get("sealed.product[1].biases[0]") + step),
        "sealed.product[1].biases[1]": reduce(get("sealed.product[1].biases[1]") - 1n),
      };
      settled(biases, "sealed.product[1].biases");
    });
  });
});
