import { type FieldElement, fieldFromBytes } from "@zkcmp/field/element";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const DOMAIN = "zkcmp/libra/transcript/v1";
const ABSORB = 0x00;
const CHALLENGE = 0x01;

/**
 * The Fiat-Shamir transform over SHA-256: everything that the prover says goes in, the verifier's coins come out. A
 * coin depends on everything absorbed before it, so it can't be known before it is owed.
 *
 * A chain of hashes, state' = SHA-256(state || kind || len(label) || label || ...). The kind tells absorbing from
 * drawing, labels and messages carry their lengths and a state has 32 bytes, so no two different histories hash the
 * same input. Every challenge moves the state too: two draws never give the same coin.
 *
 * Why a hash in place of coins is sound for many rounds: Attema, Fehr, Klooss, "Fiat-Shamir Transformation of
 * Multi-Round Interactive Proofs", TCC 2022 (eprint 2021/1377): the loss is linear in the number of hashes tried.
 */
export class Transcript {
  #state: Uint8Array = sha256(utf8ToBytes(DOMAIN));

  /**
   * @param label at most 255 bytes of UTF-8
   * @param message below 2^32 bytes
   * @throws {RangeError} if one of them is longer
   */
  absorb(label: string, message: Uint8Array): void {
    const length = new Uint8Array(4);
    if (message.length >= 2 ** 32) throw new RangeError("a message of a transcript has fewer than 2^32 bytes");
    new DataView(length.buffer).setUint32(0, message.length);
    this.#state = sha256.create().update(this.#prefix(ABSORB, label)).update(length).update(message).digest();
  }

  /** A challenge, uniform in [0, r) up to 2^-258: 64 bytes of hash modulo r. */
  challenge(label: string): FieldElement {
    const prefix = this.#prefix(CHALLENGE, label);
    const [high, low, next] = [0, 1, 2].map((part) =>
      sha256.create().update(prefix).update(Uint8Array.of(part)).digest(),
    );
    this.#state = next!;
    return fieldFromBytes(concatBytes(high!, low!));
  }

  /** A challenge outside 0, ..., limit. Both ends draw again in the same cases, which are as rare as limit / r. */
  challengeAbove(limit: number, label: string): FieldElement {
    for (;;) {
      const challenge = this.challenge(label);
      if (challenge > BigInt(limit)) return challenge;
    }
  }

  /** A transcript with the same history, that goes its own way from here. */
  copy(): Transcript {
    const copy = new Transcript();
    copy.#state = this.#state;
    return copy;
  }

  /** Whether both have the same history. */
  equals(other: Transcript): boolean {
    return this.#state.every((byte, i) => byte === other.#state[i]);
  }

  #prefix(kind: number, label: string): Uint8Array {
    const bytes = utf8ToBytes(label);
    if (bytes.length > 255) throw new RangeError("a label of a transcript has at most 255 bytes");
    return concatBytes(this.#state, Uint8Array.of(kind, bytes.length), bytes);
  }
}
