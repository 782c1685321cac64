import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { type FieldElement, fieldFromBytes } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { ZkcmpError } from "@zkcmp/field/error";
import { fromHex, type Hex, toHex } from "./hex.ts";

/** An X25519 key pair (RFC 7748), 32 bytes each. The private half is a secret: without it a bought model stays sealed. */
export interface X25519KeyPair {
  readonly privateKey: Hex;
  readonly publicKey: Hex;
}

/** A public key of small order: the secret would be known to everybody. */
export class WeakPublicKeyError extends ZkcmpError {
  constructor(whose: string) {
    super(
      `the X25519 public key of the ${whose} is of small order`,
      "Refuse the deal: such a key is never made by accident.",
    );
  }
}

export function createX25519KeyPair(): X25519KeyPair {
  return x25519KeyPairOf(toHex(randomBytes(32)));
}

export function x25519KeyPairOf(privateKey: Hex): X25519KeyPair {
  return { privateKey, publicKey: toHex(x25519.getPublicKey(fromHex(privateKey))) };
}

/**
 * The secret s that binds a seal to one buyer: HKDF-SHA256 (RFC 5869) over the X25519 secret of the seller's ephemeral
 * key and the buyer's key, 64 bytes reduced modulo r. The info holds the order hash and both public keys.
 * @param ownPrivateKey 32 bytes, the seller's ephemeral or the buyer's key
 * @throws {WeakPublicKeyError} if the X25519 result is all zeros
 */
export function bindingSecret(
  ownPrivateKey: Hex,
  keys: { readonly ephemeralKey: Hex; readonly buyerKey: Hex },
  orderHash: Hex,
): FieldElement {
  const ownPublicKey = x25519KeyPairOf(ownPrivateKey).publicKey;
  const ownIsEphemeral = ownPublicKey === keys.ephemeralKey;
  const other = ownIsEphemeral ? keys.buyerKey : keys.ephemeralKey;
  let shared: Uint8Array;
  try {
    shared = x25519.getSharedSecret(fromHex(ownPrivateKey), fromHex(other));
  } catch {
    throw new WeakPublicKeyError(ownIsEphemeral ? "buyer" : "seller");
  }
  const info = new CanonicalEncoder("zkcmp/binding-secret/v1")
    .bytes(fromHex(orderHash))
    .bytes(fromHex(keys.ephemeralKey))
    .bytes(fromHex(keys.buyerKey))
    .toBytes();
  return fieldFromBytes(hkdf(sha256, shared, undefined, info, 64));
}
