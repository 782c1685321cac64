import { randomFieldElement, reduce } from "@zkcmp/field/element";
import { poseidonSponge } from "@zkcmp/field/poseidon";
import { networkFromParameters, parametersInSealingOrder } from "@zkcmp/network/network";
import { expect } from "chai";
import { decrypt, encrypt, keystream } from "../src/ciphertext.ts";
import { DOMAIN } from "../src/domains.ts";
import { commitModel } from "../src/model-commitment.ts";
import { networkOf } from "./fixture.ts";

describe("model commitment", () => {
  const network = networkOf();
  const salt = randomFieldElement();
  const parameters = parametersInSealingOrder(network);

  it("hashes the very words that a ciphertext hides, behind the salt", () => {
    const key = randomFieldElement();
    const { weightBits } = network.shape;
    const ciphertext = encrypt(parameters, weightBits, key);
    const pad = keystream(key, ciphertext.length);
    const words = ciphertext.map((word, i) => reduce(word - pad[i]!));
    expect(decrypt(ciphertext, parameters.length, weightBits, key)).to.deep.equal(parameters);
    expect(commitModel(network, salt)).to.equal(poseidonSponge([salt, ...words], DOMAIN.model));
  });

  it("is another one for another salt, and for any parameter that differs", () => {
    const commitments = new Set([commitModel(network, salt), commitModel(network, reduce(salt + 1n))]);
    parameters.forEach((value, place) => {
      const changed = Int32Array.from(parameters);
      changed[place] = value === 0 ? 1 : value - Math.sign(value);
      commitments.add(commitModel(networkFromParameters(network.shape, network.scales, changed), salt));
    });
    expect(commitments.size).to.equal(parameters.length + 2);
  });
});
