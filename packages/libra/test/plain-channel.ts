import { sha256 } from "@noble/hashes/sha2.js";
import { type FieldElement, fieldFromBytes, multiply, reduce } from "@zkcmp/field/element";
import { type AffineForm, evaluateForm, message } from "../src/affine-form.ts";
import type { ProverChannel, VerifierChannel } from "../src/channel.ts";

/** A message in the clear. */
export interface PlainMessage {
  readonly name: string;
  readonly values: readonly FieldElement[];
}

/**
 * Challenges that follow from a seed and their order, not from the messages: a message changed after the fact leaves the others
 * as an honest prover would have sent them, so that a test shows which check finds it.
 */
function challengeOf(seed: string, order: number): FieldElement {
  const half = (part: number) => sha256(new TextEncoder().encode(`${seed} ${order} ${part}`));
  return fieldFromBytes(Uint8Array.from([...half(0), ...half(1)]));
}

/** Records what a prover sends. */
export class PlainProver implements ProverChannel {
  readonly messages: PlainMessage[] = [];
  /** Names of sends and challenges in their order. */
  readonly events: string[] = [];
  readonly challenges: FieldElement[] = [];
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  send(values: readonly FieldElement[], name: string): void {
    this.messages.push({ name, values });
    this.events.push(`${values.length} ${name}`);
  }

  challenge(name: string): FieldElement {
    const challenge = challengeOf(this.#seed, this.challenges.length);
    this.events.push(`challenge ${name}`);
    this.challenges.push(challenge);
    return challenge;
  }
}

/** Gives a verifier recorded messages and evaluates its constraints on their values. */
export class PlainVerifier implements VerifierChannel {
  readonly events: string[] = [];
  readonly challenges: FieldElement[] = [];
  readonly #seed: string;
  readonly #messages: readonly PlainMessage[];
  readonly #values: FieldElement[] = [];
  readonly #constraints: { readonly name: string; readonly holds: () => boolean }[] = [];
  #received = 0;

  constructor(seed: string, messages: readonly PlainMessage[]) {
    this.#seed = seed;
    this.#messages = messages;
  }

  receive(count: number, name: string): readonly AffineForm[] {
    const next = this.#messages[this.#received++];
    if (next?.name !== name || next.values.length !== count) {
      throw new Error(`expected ${count} ${name}, there is ${next?.values.length} ${next?.name}`);
    }
    this.events.push(`${count} ${name}`);
    return next.values.map((value) => message(this.#values.push(value) - 1));
  }

  challenge(name: string): FieldElement {
    const challenge = challengeOf(this.#seed, this.challenges.length);
    this.events.push(`challenge ${name}`);
    this.challenges.push(challenge);
    return challenge;
  }

  requireZero(form: AffineForm, name: string): void {
    this.#constraints.push({ name, holds: () => this.value(form) === 0n });
  }

  requireProduct(left: AffineForm, right: AffineForm, product: AffineForm, name: string): void {
    const holds = () => multiply(this.value(left), this.value(right)) === this.value(product);
    this.#constraints.push({ name, holds });
  }

  value(form: AffineForm): FieldElement {
    return evaluateForm(form, this.#values);
  }

  /** The names of constraints that do not hold. */
  violated(): string[] {
    return this.#constraints.filter(({ holds }) => !holds()).map(({ name }) => name);
  }

  get finished(): boolean {
    return this.#received === this.#messages.length;
  }
}

/** The messages with 1 added to one value; every place in turn. */
export function* tamperings(messages: readonly PlainMessage[]): Generator<readonly PlainMessage[]> {
  for (let i = 0; i < messages.length; i++) {
    for (let j = 0; j < messages[i]!.values.length; j++) {
      yield messages.map((sent, place) =>
        place === i ? { ...sent, values: sent.values.with(j, reduce(sent.values[j]! + 1n)) } : sent,
      );
    }
  }
}
