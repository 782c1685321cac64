import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type FieldElement, fieldFromBytes } from "@zkcmp/field/element";
import { Transcript } from "@zkcmp/libra/transcript";

/**
 * A random oracle that is programmed: challenges are known before the messages that they should depend on. What a
 * simulator needs, and what an attacker must not have.
 */
export class ProgrammedTranscript extends Transcript {
  readonly #seed: string;
  readonly #chosen: Readonly<Record<string, FieldElement>>;
  #count = 0;

  /** @param chosen challenges by label; the others follow from the seed and their order */
  constructor(seed: string, chosen: Readonly<Record<string, FieldElement>> = {}) {
    super();
    this.#seed = seed;
    this.#chosen = chosen;
  }

  override challenge(label: string): FieldElement {
    const hash = sha256(utf8ToBytes(`${this.#seed} ${this.#count++}`));
    return this.#chosen[label] ?? fieldFromBytes(hash);
  }

  override copy(): ProgrammedTranscript {
    const copy = new ProgrammedTranscript(this.#seed, this.#chosen);
    copy.#count = this.#count;
    return copy;
  }
}
