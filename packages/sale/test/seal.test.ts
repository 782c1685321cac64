import { reduce, toFieldElement } from "@zkcmp/field/element";
import { poseidonPermutation } from "@zkcmp/field/poseidon";
import { parametersInSealingOrder } from "@zkcmp/network/network";
import { expect } from "chai";
import fc from "fast-check";
import { networks } from "../../network/test/arbitrary.ts";
import { bindingSecret, createX25519KeyPair, WeakPublicKeyError } from "../src/buyer-key.ts";
import { ciphertextDigest, decrypt } from "../src/ciphertext.ts";
import { DOMAIN } from "../src/domains.ts";
import { orderHash } from "../src/order.ts";
import {
  cipherKeyOf,
  commitBinding,
  commitKey,
  openBinding,
  sealNetwork,
  UnsealError,
  unsealNetwork,
} from "../src/seal.ts";
import { createDeal, type FixtureDeal, networkOf } from "./fixture.ts";

describe("seal", function () {
  this.timeout(60_000);

  let deal: FixtureDeal;

  before(async () => {
    deal = await createDeal();
  });

  it("commits to the key as the escrow's PoseidonT3 opens it", () => {
    expect(commitKey(toFieldElement(1n), toFieldElement(2n))).to.equal(
      7853200120776062878684798364095072458815029376092732009249414926327459813530n,
    );
  });

  it("keeps its three hashes apart, also of equal inputs", () => {
    const [one, two] = [toFieldElement(1n), toFieldElement(2n)];
    const hashes = [commitKey(one, two), commitKey(two, one), cipherKeyOf(one, two), cipherKeyOf(two, one)];
    expect(new Set([...hashes, commitBinding(one), commitBinding(two)]).size).to.equal(6);
  });

  it("hashes s under the tag of the binding, k and s under the tag of the cipher key", () => {
    const { binding, cipherKey } = DOMAIN;
    const [k, s] = [toFieldElement(11n), toFieldElement(12n)];
    expect(commitBinding(s)).to.equal(poseidonPermutation([binding, s])[0]);
    expect(cipherKeyOf(k, s)).to.equal(poseidonPermutation([cipherKey, k, s])[0]);
  });

  it("has a cipher key that k alone does not give", () => {
    const { key, secret } = deal.secrets;
    const keys = [0n, 1n, secret, secret + 1n].map((s) => cipherKeyOf(key, reduce(s)));
    expect(new Set(keys).size).to.equal(4);
  });

  it("fits together: digest, E, S and the parameters under the cipher key", () => {
    const { seal, secrets, network } = deal;
    const { key, opening, secret } = secrets;
    expect(seal.ciphertextDigest).to.equal(ciphertextDigest(seal.ciphertext));
    expect(seal.keyCommitment).to.equal(commitKey(key, opening));
    expect(seal.bindingCommitment).to.equal(commitBinding(secret));
    const parameters = parametersInSealingOrder(network);
    expect(decrypt(seal.ciphertext, parameters.length, 8, cipherKeyOf(key, secret))).to.deep.equal(parameters);
  });

  it("derives s from the order, so that the buyer finds it alone", () => {
    const { order, seal, secrets, buyerKeys, core } = deal;
    const keys = { ephemeralKey: seal.ephemeralKey, buyerKey: order.buyerKey };
    expect(bindingSecret(buyerKeys.privateKey, keys, orderHash(order))).to.equal(secrets.secret);
    expect(openBinding(core, order, buyerKeys.privateKey)).to.equal(secrets.secret);
  });

  it("draws k, d and the ephemeral key anew every time, also for one network and one order", () => {
    const seals = Array.from({ length: 12 }, () => sealNetwork(deal.network, deal.order));
    const values = seals.flatMap(({ seal, secrets }) => [
      secrets.key,
      secrets.opening,
      secrets.secret,
      seal.keyCommitment,
      seal.bindingCommitment,
      seal.ephemeralKey,
      ...seal.ciphertext,
    ]);
    expect(new Set(values).size).to.equal(values.length);
    for (const { secrets } of seals) {
      expect(secrets.key).to.not.equal(0n);
      expect(secrets.opening).to.not.equal(0n);
    }
  });

  it("is not made for a key of small order", () => {
    const order = { ...deal.order, buyerKey: `0x${"00".repeat(32)}` as const };
    expect(() => sealNetwork(deal.network, order)).to.throw(WeakPublicKeyError);
  });

  describe("opens", () => {
    const unseal = (change: Partial<UnsealInputs> = {}): ReturnType<typeof unsealNetwork> => {
      const { core, order, seal, buyerKeys, secrets } = deal;
      const given = {
        core,
        order,
        ciphertext: seal.ciphertext,
        privateKey: buyerKeys.privateKey,
        ...secrets,
        ...change,
      };
      return unsealNetwork(given.core, given.order, given.ciphertext, given.privateKey, given.key, given.opening);
    };

    it("to the network that was sealed, scales included", () => {
      expect(unseal()).to.deep.equal(deal.network);
    });

    it("to any network that has any shape", () => {
      fc.assert(
        fc.property(networks(), (network) => {
          const { seal, secrets } = sealNetwork(network, deal.order);
          const { ciphertext, ...fixed } = seal;
          const core = { ...deal.core, ...fixed, shape: network.shape, scales: network.scales };
          const { privateKey } = deal.buyerKeys;
          const opened = unsealNetwork(core, deal.order, ciphertext, privateKey, secrets.key, secrets.opening);
          expect(opened).to.deep.equal(network);
        }),
        { numRuns: 25 },
      );
    });

    it("not with a wrong key or opening", () => {
      const { key, opening } = deal.secrets;
      for (const change of [
        { key: reduce(key + 1n) },
        { opening: reduce(opening + 1n) },
        { key: opening, opening: key },
      ]) {
        expect(() => unseal(change)).to.throw(UnsealError, "does not open the commitment E");
      }
    });

    it("not with another X25519 key", () => {
      const { privateKey } = createX25519KeyPair();
      expect(() => unseal({ privateKey })).to.throw(UnsealError, "not bound to this X25519 key");
    });

    it("not with the key of the buyer's other order", async () => {
      const other = await createDeal();
      expect(() => unseal({ privateKey: other.buyerKeys.privateKey })).to.throw(UnsealError, "not bound");
      expect(() => unseal({ core: { ...deal.core, orderHash: other.core.orderHash } })).to.throw(
        UnsealError,
        "not bound",
      );
    });

    it("not from another ciphertext", () => {
      const { ciphertext } = sealNetwork(networkOf(), deal.order).seal;
      const damaged = deal.seal.ciphertext.map((word, i) => (i === 1 ? reduce(word + 1n) : word));
      for (const other of [ciphertext, damaged, deal.seal.ciphertext.slice(1), []]) {
        expect(() => unseal({ ciphertext: other })).to.throw(UnsealError, "the ciphertext is not the one in the core");
      }
    });
  });
});

interface UnsealInputs {
  readonly core: FixtureDeal["core"];
  readonly ciphertext: FixtureDeal["seal"]["ciphertext"];
  readonly privateKey: FixtureDeal["buyerKeys"]["privateKey"];
  readonly key: FixtureDeal["secrets"]["key"];
  readonly opening: FixtureDeal["secrets"]["opening"];
}
