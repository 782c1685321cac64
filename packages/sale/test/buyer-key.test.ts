import { createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from "node:crypto";
import { FIELD_ORDER } from "@zkcmp/field/element";
import { expect } from "chai";
import fc from "fast-check";
import { bindingSecret, createX25519KeyPair, WeakPublicKeyError, x25519KeyPairOf } from "../src/buyer-key.ts";
import { type Hex, toHex } from "../src/hex.ts";

// RFC 7748, section 6.1.
const ALICE = x25519KeyPairOf("0x77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
const BOB = x25519KeyPairOf("0x5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
const SHARED = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

const ORDER_HASH: Hex = `0x${"5a".repeat(32)}`;
const KEYS = { ephemeralKey: ALICE.publicKey, buyerKey: BOB.publicKey };

const bytes = (hex: string): Buffer => Buffer.from(hex.replace("0x", ""), "hex");

/** The secret from the X25519 result on, by another implementation and with the info spelled out. */
function secretFrom(shared: Uint8Array, keys: typeof KEYS, orderHash: Hex): bigint {
  const part = (content: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, content.length]), content]);
  const parts = [Buffer.from("zkcmp/binding-secret/v1"), ...[orderHash, keys.ephemeralKey, keys.buyerKey].map(bytes)];
  const info = Buffer.concat(parts.map(part));
  const output = Buffer.from(hkdfSync("sha256", shared, Buffer.alloc(0), info, 64));
  return BigInt(`0x${output.toString("hex")}`) % FIELD_ORDER;
}

/** X25519 as Node's own library computes it. */
function sharedSecret(privateKey: Hex, publicKey: Hex): Uint8Array {
  const der = (prefix: string, key: Hex): Buffer => bytes(prefix + key.slice(2));
  return diffieHellman({
    privateKey: createPrivateKey({
      key: der("302e020100300506032b656e04220420", privateKey),
      format: "der",
      type: "pkcs8",
    }),
    publicKey: createPublicKey({ key: der("302a300506032b656e032100", publicKey), format: "der", type: "spki" }),
  });
}

const privateKeys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);

describe("buyer key", () => {
  it("gives the public keys and the agreement of RFC 7748", () => {
    expect(ALICE.publicKey).to.equal("0x8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    expect(BOB.publicKey).to.equal("0xde9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    expect(bindingSecret(ALICE.privateKey, KEYS, ORDER_HASH)).to.equal(secretFrom(bytes(SHARED), KEYS, ORDER_HASH));
  });

  it("gives both sides the same secret, the one that another implementation computes", () => {
    fc.assert(
      fc.property(privateKeys, privateKeys, privateKeys, (sellers, buyers, orderHash) => {
        const keys = {
          ephemeralKey: x25519KeyPairOf(sellers).publicKey,
          buyerKey: x25519KeyPairOf(buyers).publicKey,
        };
        const secret = bindingSecret(sellers, keys, orderHash);
        expect(bindingSecret(buyers, keys, orderHash)).to.equal(secret);
        expect(secret).to.equal(secretFrom(sharedSecret(buyers, keys.ephemeralKey), keys, orderHash));
      }),
      { numRuns: 20 },
    );
  });

  it("draws a fresh pair every time", () => {
    const pairs = Array.from({ length: 20 }, createX25519KeyPair);
    expect(new Set(pairs.flatMap((pair) => [pair.privateKey, pair.publicKey])).size).to.equal(40);
    for (const pair of pairs) expect(pair).to.deep.equal(x25519KeyPairOf(pair.privateKey));
  });

  it("binds the secret to the order and to both public keys", () => {
    const other = createX25519KeyPair();
    const secrets = [
      bindingSecret(BOB.privateKey, KEYS, ORDER_HASH),
      bindingSecret(BOB.privateKey, KEYS, `0x${"5b".repeat(32)}`),
      // The same X25519 result with the roles exchanged, and with another key named as the buyer's.
      bindingSecret(BOB.privateKey, { ephemeralKey: BOB.publicKey, buyerKey: ALICE.publicKey }, ORDER_HASH),
      bindingSecret(BOB.privateKey, { ...KEYS, buyerKey: other.publicKey }, ORDER_HASH),
      bindingSecret(BOB.privateKey, { ...KEYS, ephemeralKey: other.publicKey }, ORDER_HASH),
      bindingSecret(other.privateKey, KEYS, ORDER_HASH),
    ];
    expect(new Set(secrets).size).to.equal(secrets.length);
  });

  it("refuses a public key that makes the result zero, and names whose it is", () => {
    const zero: Hex = `0x${"00".repeat(32)}`;
    expect(() => bindingSecret(ALICE.privateKey, { ...KEYS, buyerKey: zero }, ORDER_HASH)).to.throw(
      WeakPublicKeyError,
      "key of the buyer",
    );
    expect(() => bindingSecret(BOB.privateKey, { ...KEYS, ephemeralKey: zero }, ORDER_HASH)).to.throw(
      WeakPublicKeyError,
      "key of the seller",
    );
  });
});
