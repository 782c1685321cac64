import { FIELD_ORDER, type FieldElement, reduce } from "@zkcmp/field/element";
import { BundleError, canonicalJson, decodeBundle, encodeBundle } from "@zkcmp/sale/bundle";
import { ciphertextDigest } from "@zkcmp/sale/ciphertext";
import { toHex } from "@zkcmp/sale/hex";
import { sealNetwork } from "@zkcmp/sale/seal";
import { verifyBundle } from "@zkcmp/sale/verification";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import { rejected } from "../../packages/network/test/thrown.ts";
import { createDeal, dealIdFor, type FixtureDeal, networkOf, SHAPE } from "../../packages/sale/test/fixture.ts";

/**
 * The attack: the seller offers and proves a good model and hands over the ciphertext of another one, or of the same one
 * under a key that is never opened; or he seals anew after he has seen the test set.
 * Refused because H(c) stands in the core and the ciphertext's words are public inputs of the proof, each in its one
 * canonical form.
 */
describe("finding: another model's ciphertext", function () {
  this.timeout(60_000);

  let deal: FixtureDeal;

  before(async () => {
    deal = await createDeal();
  });

  async function refusal(ciphertext: readonly FieldElement[]): Promise<string> {
    return (await rejected(verifyBundle({ ...deal.inputs, bundle: { ...deal.bundle, ciphertext } }))).message;
  }

  it("is refused under the core, also where it is the same model sealed again", async () => {
    const refused = "the ciphertext is not the one in the core";
    expect(await refusal(sealNetwork(networkOf(SHAPE, 99), deal.order).seal.ciphertext)).to.contain(refused);
    expect(await refusal(sealNetwork(deal.network, deal.order).seal.ciphertext)).to.contain(refused);
  });

  it("is refused with one word changed, two words exchanged, one more or one less", async () => {
    const { ciphertext } = deal.bundle;
    for (const i of ciphertext.keys()) {
      const word = reduce(ciphertext[i]! + 1n);
      expect(await refusal(ciphertext.with(i, word))).to.contain("the ciphertext is not the one in the core");
    }
    expect(await refusal(ciphertext.toReversed())).to.contain("the ciphertext is not the one in the core");
    for (const words of [ciphertext.slice(1), [...ciphertext, reduce(0n)], []]) {
      expect(await refusal(words)).to.contain("the ciphertext does not have the network's length");
    }
  });

  it("is refused with a core that names it: that core is not the one of the deal", async () => {
    const { seal } = sealNetwork(networkOf(SHAPE, 99), deal.order);
    const core = { ...deal.core, ciphertextDigest: ciphertextDigest(seal.ciphertext) };
    const bundle = { ...deal.bundle, core, ciphertext: seal.ciphertext };
    const refused = await rejected(verifyBundle({ ...deal.inputs, bundle }));
    expect(refused.message).to.contain("the deal's id does not follow");

    // And with an id that follows, it is a deal that nobody has offered and that the proof does not name.
    const dealId = dealIdFor(deal.order, core, bundle.seller);
    expect(dealId).to.not.equal(deal.dealId);
    const moved = await rejected(verifyBundle({ ...deal.inputs, bundle: { ...bundle, dealId } }));
    expect(moved.message).to.contain("for another statement");
  });

  it("has one form: a word that is larger by r, the same field element, cannot be read", () => {
    const word = deal.bundle.ciphertext[0]!;
    const file = JSON.parse(encodeBundle(deal.bundle)) as { content: { ciphertext: string[] }; sha256: string };
    file.content.ciphertext[0] = `0x${(word + FIELD_ORDER).toString(16).padStart(64, "0")}`;
    file.sha256 = toHex(sha256(new TextEncoder().encode(canonicalJson(file.content))));
    expect(() => decodeBundle(JSON.stringify(file))).to.throw(BundleError, "expected a field element below r");
  });
});
