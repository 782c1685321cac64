import { type FieldElement, reduce } from "@zkcmp/field/element";
import { type AffineForm, known } from "../../src/affine-form.ts";
import type { VerifierChannel } from "../../src/channel.ts";

/** Counts what a verifier asks for; every message is 0. */
export class CountingChannel implements VerifierChannel {
  chunks = 0;
  messages = 0;
  products = 0;
  #challenges = 0n;

  receive(count: number): readonly AffineForm[] {
    this.chunks++;
    this.messages += count;
    return Array.from({ length: count }, () => known(reduce(0n)));
  }

  challenge(): FieldElement {
    return reduce(++this.#challenges);
  }

  requireZero(): void {}

  requireProduct(): void {
    this.products++;
  }
}
