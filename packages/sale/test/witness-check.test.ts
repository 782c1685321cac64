import { reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { checkModelCommitment, ModelCommitmentError } from "../src/witness-check.ts";
import { createDeal, networkOf } from "./fixture.ts";

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
});
