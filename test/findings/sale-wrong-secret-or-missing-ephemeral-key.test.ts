import { randomFieldElement } from "@zkcmp/field/element";
import { parametersInSealingOrder } from "@zkcmp/network/network";
import { BundleError, decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { createX25519KeyPair } from "@zkcmp/sale/buyer-key";
import { ciphertextDigest, encrypt } from "@zkcmp/sale/ciphertext";
import type { Core } from "@zkcmp/sale/core";
import { cipherKeyOf, commitBinding, commitKey, UnsealError, unsealNetwork } from "@zkcmp/sale/seal";
import { verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { rejected } from "../../packages/network/test/thrown.ts";
import { createDeal, networkOf, without } from "../../packages/sale/test/fixture.ts";

/**
 * The attack: the cipher key is Poseidon(k, s), and k alone is opened on chain. A seller who seals with an s that the
 * buyer cannot derive, or names another ephemeral key than the one he used, can prove and redeem honestly, and the buyer
 * has paid for a ciphertext that nobody opens for him. The proof cannot help: the circuit knows no X25519.
 * Refused because S = Poseidon(s) and the ephemeral key stand in the core, on chain before anything is paid, and the buyer
 * derives s and compares before funding. Without the key the report says so.
 */
describe("finding: wrong secret or missing ephemeral key", () => {
  const network = networkOf();

  /** A seal with a secret of the seller's choice, everything else consistent. */
  function sealUnder(secret = randomFieldElement()): {
    core: Partial<Core>;
    ciphertext: ReturnType<typeof encrypt>;
    keys: readonly [bigint, bigint];
  } {
    const [key, opening] = [randomFieldElement(), randomFieldElement()];
    const ciphertext = encrypt(parametersInSealingOrder(network), network.shape.weightBits, cipherKeyOf(key, secret));
    const core = {
      ciphertextDigest: ciphertextDigest(ciphertext),
      keyCommitment: commitKey(key, opening),
      bindingCommitment: commitBinding(secret),
    };
    return { core, ciphertext, keys: [key, opening] };
  }

  it("a seal under a secret of the seller's own is refused before funding", async () => {
    const { core, ciphertext } = sealUnder();
    const { inputs } = await createDeal({ network, core, ciphertext });
    const error = await rejected(verifyBundle(inputs));
    expect(error).to.be.instanceOf(UnsealError);
    expect(error.message).to.contain("not bound to this X25519 key");
  });

  it("and could not be opened with the key that the chain shows", async () => {
    const { core, ciphertext, keys } = sealUnder();
    const deal = await createDeal({ network, core, ciphertext });
    const [key, opening] = keys as readonly [typeof deal.secrets.key, typeof deal.secrets.opening];
    const open = (): unknown =>
      unsealNetwork(deal.core, deal.order, ciphertext, deal.buyerKeys.privateKey, key, opening);
    expect(open).to.throw(UnsealError);
  });

  it("an ephemeral key that was not used is refused, also where it is the buyer's own", async () => {
    const { buyerKeys } = await createDeal();
    for (const ephemeralKey of [createX25519KeyPair().publicKey, buyerKeys.publicKey]) {
      const { inputs } = await createDeal({ network, core: { ephemeralKey } });
      expect((await rejected(verifyBundle(inputs))).message).to.contain("not bound to this X25519 key");
    }
  });

  it("a seal for another order of the same buyer is refused", async () => {
    const first = await createDeal({ network });
    const { ephemeralKey, bindingCommitment } = first.core;
    const { buyerKey } = first.order;
    const second = await createDeal({ network, order: { buyerKey }, core: { ephemeralKey, bindingCommitment } });
    const inputs = { ...second.inputs, buyerPrivateKey: first.buyerKeys.privateKey };
    expect((await rejected(verifyBundle(inputs))).message).to.contain("not bound to this X25519 key");
  });

  it("a bundle without an ephemeral key is none", async () => {
    const { bundle } = await createDeal({ network });
    const text = encodeBundle(bundle);
    const without = text.replace(/ *"ephemeralKey": "0x[0-9a-f]{64}",\n/, "");
    const empty = text.replace(/("ephemeralKey": )"0x[0-9a-f]{64}"/, '$1"0x"');
    for (const other of [without, empty]) {
      expect(other).to.not.equal(text);
      expect(() => decodeBundle(other)).to.throw(BundleError, "core.ephemeralKey");
    }
  });

  it("is not passed over in silence where the buyer's key is not given", async () => {
    const { core, ciphertext } = sealUnder();
    const { inputs } = await createDeal({ network, core, ciphertext });
    const { unchecked } = await verifyBundle(without(inputs, "buyerPrivateKey"));
    expect(unchecked.join()).to.contain("S not checked, do not fund");
  });
});
