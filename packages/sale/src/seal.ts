import { type FieldElement, randomFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { poseidon } from "@zkcmp/field/poseidon";
import { type Network, networkFromParameters, parametersInSealingOrder } from "@zkcmp/network/network";
import { parameterCount } from "@zkcmp/network/shape";
import { bindingSecret, createX25519KeyPair } from "./buyer-key.ts";
import { ciphertextDigest, decrypt, encrypt } from "./ciphertext.ts";
import type { Core } from "./core.ts";
import { DOMAIN } from "./domains.ts";
import type { Hex } from "./hex.ts";
import { type Order, orderHash } from "./order.ts";

/** What the seller keeps: whoever has it can redeem and, with the ciphertext, read the model. */
export interface SealSecrets {
  /** k */
  readonly key: FieldElement;
  /** d */
  readonly opening: FieldElement;
  /** s */
  readonly secret: FieldElement;
}

/** The public part of a seal. */
export interface Seal {
  readonly ciphertext: readonly FieldElement[];
  readonly ciphertextDigest: FieldElement;
  /** E */
  readonly keyCommitment: FieldElement;
  /** S */
  readonly bindingCommitment: FieldElement;
  readonly ephemeralKey: Hex;
}

/** A key that does not open a seal. */
export class UnsealError extends ZkcmpError {}

/** E = Poseidon(k, d), as the escrow opens it. */
export function commitKey(key: FieldElement, opening: FieldElement): FieldElement {
  return poseidon([key, opening], DOMAIN.keyCommitment);
}

/** S = Poseidon(s). */
export function commitBinding(secret: FieldElement): FieldElement {
  return poseidon([secret], DOMAIN.binding);
}

/** K = Poseidon(k, s): the k that the chain shows opens the model for the one buyer who knows s. */
export function cipherKeyOf(key: FieldElement, secret: FieldElement): FieldElement {
  return poseidon([key, secret], DOMAIN.cipherKey);
}

/**
 * Seals a network for one order. Key, opening and ephemeral key are drawn anew in every call and there is no way to
 * pass them in: a key used twice is a two-time pad.
 * @throws WeakPublicKeyError if the buyer's X25519 key is of small order
 */
export function sealNetwork(network: Network, order: Order): { seal: Seal; secrets: SealSecrets } {
  const ephemeral = createX25519KeyPair();
  const secret = bindingSecret(
    ephemeral.privateKey,
    { ephemeralKey: ephemeral.publicKey, buyerKey: order.buyerKey },
    orderHash(order),
  );
  const key = randomFieldElement();
  const opening = randomFieldElement();
  const ciphertext = encrypt(parametersInSealingOrder(network), network.shape.weightBits, cipherKeyOf(key, secret));
  return {
    seal: {
      ciphertext,
      ciphertextDigest: ciphertextDigest(ciphertext),
      keyCommitment: commitKey(key, opening),
      bindingCommitment: commitBinding(secret),
      ephemeralKey: ephemeral.publicKey,
    },
    secrets: { key, opening, secret },
  };
}

/** The buyer's secret s of a seal, checked against S. */
export function openBinding(core: Core, order: Order, buyerPrivateKey: Hex): FieldElement {
  const secret = bindingSecret(
    buyerPrivateKey,
    { ephemeralKey: core.ephemeralKey, buyerKey: order.buyerKey },
    core.orderHash,
  );
  if (commitBinding(secret) !== core.bindingCommitment) {
    throw new UnsealError(
      "the seal is not bound to this X25519 key: S in the core is not Poseidon(s)",
      "Do not fund. If you have several keys, name the one in the order; otherwise the seller sealed for someone else.",
    );
  }
  return secret;
}

/**
 * Opens a sealed network with the key that the chain showed.
 * @param key k, from the escrow's Redeemed event
 * @param opening d, from the same event
 * @throws {UnsealError} if k and d do not open E, or the X25519 key is not the one that the seal is bound to
 */
export function unsealNetwork(
  core: Core,
  order: Order,
  ciphertext: readonly FieldElement[],
  buyerPrivateKey: Hex,
  key: FieldElement,
  opening: FieldElement,
): Network {
  if (ciphertextDigest(ciphertext) !== core.ciphertextDigest) {
    throw new UnsealError(
      "the ciphertext is not the one in the core",
      "Use the bundle that you verified before funding.",
    );
  }
  if (commitKey(key, opening) !== core.keyCommitment) {
    throw new UnsealError("the key does not open the commitment E", "Take the key from the deal's own Redeemed event.");
  }
  const secret = openBinding(core, order, buyerPrivateKey);
  const parameters = decrypt(ciphertext, parameterCount(core.shape), core.shape.weightBits, cipherKeyOf(key, secret));
  return networkFromParameters(core.shape, core.scales, parameters, core.reading ?? undefined);
}
