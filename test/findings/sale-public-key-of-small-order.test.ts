import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fieldFromBytes } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { bindingSecret, createX25519KeyPair, WeakPublicKeyError } from "@zkcmp/sale/buyer-key";
import { fromHex, type Hex } from "@zkcmp/sale/hex";
import { orderHash } from "@zkcmp/sale/order";
import { commitBinding, openBinding, sealNetwork } from "@zkcmp/sale/seal";
import { verifyBundle } from "@zkcmp/sale/verification";
import { expect } from "chai";
import { rejected } from "../../packages/network/test/thrown.ts";
import { createDeal, networkOf } from "../../packages/sale/test/fixture.ts";

/** All u of order 1, 2, 4 and 8 on the curve and its twist, below 2^255, among them those above p. */
const LOW: Hex[] = [
  `0x${"00".repeat(32)}`,
  `0x01${"00".repeat(31)}`,
  "0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  `0xec${"ff".repeat(30)}7f`,
  `0xed${"ff".repeat(30)}7f`,
  `0xee${"ff".repeat(30)}7f`,
];

/** X25519 ignores the top bit, so each of them has a second form. */
const WEAK: Hex[] = [
  ...LOW,
  ...LOW.map((hex) => {
    const bytes = fromHex(hex);
    return `${hex.slice(0, -2)}${(bytes[31]! | 0x80).toString(16)}` as Hex;
  }),
];

/**
 * The attack: a buyer names a public key of small order. X25519 with it gives zero whatever the seller's key, so that s is
 * known to everybody, and with it the model once k is on chain; a competitor might do this in a buyer's name. Or the seller
 * names an ephemeral key of small order, so that the model he sold to one buyer is open to the world.
 * Refused because an X25519 result of zero is an error on both sides, before anything is sealed or paid.
 */
describe("finding: public key of small order", function () {
  this.timeout(60_000);

  it("is refused by the seller before sealing", async () => {
    const { order } = await createDeal();
    for (const buyerKey of WEAK) {
      expect(() => sealNetwork(networkOf(), { ...order, buyerKey }), buyerKey).to.throw(
        WeakPublicKeyError,
        "of the buyer",
      );
    }
  });

  it("is refused by the buyer before funding, with the S that belongs to it", async () => {
    for (const ephemeralKey of WEAK) {
      // Everybody can compute this s: HKDF of 32 zero bytes.
      const { order, buyerKeys, testSetSalt } = await createDeal();
      const info = new CanonicalEncoder("zkcmp/binding-secret/v1");
      for (const part of [orderHash(order), ephemeralKey, order.buyerKey]) info.bytes(fromHex(part));
      const open = fieldFromBytes(hkdf(sha256, new Uint8Array(32), undefined, info.toBytes(), 64));
      const core = { ephemeralKey, bindingCommitment: commitBinding(open) };
      const deal = await createDeal({ order, core });
      const inputs = { ...deal.inputs, testSetSalt, buyerPrivateKey: buyerKeys.privateKey };
      expect(() => openBinding(deal.core, order, buyerKeys.privateKey)).to.throw(WeakPublicKeyError, "of the seller");
      expect(await rejected(verifyBundle(inputs))).to.be.instanceOf(WeakPublicKeyError);
    }
  });

  it("names no secret in the refusal", () => {
    const own = createX25519KeyPair();
    const keys = { ephemeralKey: own.publicKey, buyerKey: LOW[0]! };
    try {
      bindingSecret(own.privateKey, keys, `0x${"00".repeat(32)}`);
      expect.fail("a key of small order was accepted");
    } catch (error) {
      expect(String(error)).to.not.contain(own.privateKey.slice(2, 18));
    }
  });
});
