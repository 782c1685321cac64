import { reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { UnsealError } from "../src/seal.ts";
import {
  checkModelCommitment,
  checkWitness,
  ErrorBoundError,
  ModelCommitmentError,
  NetworkMismatchError,
  ThresholdError,
} from "../src/witness-check.ts";
import { createDeal, networkOf, SHAPE } from "./fixture.ts";

describe("witness-check", () => {
  it("takes the salt of M and nothing else, and asks for none where there is no M", async () => {
    const network = networkOf();
    const salt = reduce(5n);
    const { core } = await createDeal({ network, modelSalt: salt });
    checkModelCommitment(core, network, salt);
    for (const wrong of [undefined, reduce(6n)]) {
      expect(() => checkModelCommitment(core, network, wrong)).to.throw(ModelCommitmentError);
    }
    const layers = network.layers.map((layer) => ({ ...layer, biases: layer.biases.map((bias) => -bias - 1) }));
    expect(() => checkModelCommitment(core, { ...network, layers }, salt)).to.throw(ModelCommitmentError);
    checkModelCommitment((await createDeal({ network })).core, network, undefined);
  });

  it("takes a network of the core's shape with all its parameters, and no other", async () => {
    const network = networkOf();
    const { core, secrets } = await createDeal({ network });
    checkWitness(core, { network, secrets });
    checkWitness(core, { network: networkOf(SHAPE, 9), secrets });
    const [first, last] = SHAPE.layers as [(typeof SHAPE.layers)[0], (typeof SHAPE.layers)[0]];
    for (const shape of [
      { ...SHAPE, weightBits: SHAPE.weightBits - 1 },
      { ...SHAPE, layers: [{ ...first, shift: first.shift + 1 }, last] },
      { ...SHAPE, layers: [first, { ...last, biasShift: last.biasShift + 1 }] },
      { ...SHAPE, layers: [first, { ...last, outputs: last.outputs + 2 }] },
      { ...SHAPE, layers: [{ ...last, inputs: first.inputs }] },
    ]) {
      const other = { network: networkOf(shape), secrets };
      expect(() => checkWitness(core, other)).to.throw(NetworkMismatchError, "another shape");
    }
    const [layer, ...rest] = network.layers as [(typeof network.layers)[0], (typeof network.layers)[0]];
    for (const layers of [
      [{ ...layer, weights: layer.weights.slice(1) }, ...rest],
      [{ ...layer, biases: Int32Array.of(...layer.biases, 0) }, ...rest],
      rest,
      [layer, ...rest, ...rest],
    ]) {
      const other = { network: { ...network, layers }, secrets };
      expect(() => checkWitness(core, other)).to.throw(NetworkMismatchError, "number of parameters");
    }
  });

  it("takes only the keys behind E and S, and shows none", async () => {
    const network = networkOf();
    const { core, secrets } = await createDeal({ network });
    for (const [name, commitment] of [
      ["key", "E"],
      ["opening", "E"],
      ["secret", "S"],
    ] as const) {
      const wrong = { network, secrets: { ...secrets, [name]: reduce(1n) } };
      try {
        checkWitness(core, wrong);
        expect.fail("taken");
      } catch (error) {
        expect(error).to.be.instanceOf(UnsealError);
        expect((error as Error).message).to.include(`open ${commitment} in the core`);
        for (const secret of Object.values(secrets)) expect((error as Error).message).not.to.include(String(secret));
      }
    }
  });

  it("says that the model falls short, and not by how much", () => {
    expect(new ThresholdError(24, 20).message).to.include("fewer than 20 of the 24 rows");
    expect(new ErrorBoundError().message).not.to.match(/[0-9]/);
  });
});
