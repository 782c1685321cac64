import type { FieldElement } from "@zkcmp/field/element";
import type { AffineForm } from "./affine-form.ts";

/**
 * The verifier's end of the interactive protocol, made non-interactive by Fiat-Shamir. Messages are committed, never shown, so
 * the verifier's checks are recorded as constraints, which the opening at the end of the proof shows to hold.
 */
export interface VerifierChannel {
  /** The next commitment, to `count` messages. Everything received is absorbed before a later challenge. */
  receive(count: number, name: string): readonly AffineForm[];
  challenge(name: string): FieldElement;
  requireZero(form: AffineForm, name: string): void;
  requireProduct(left: AffineForm, right: AffineForm, product: AffineForm, name: string): void;
}

/** The prover's end: the same messages in the same order, with their values. */
export interface ProverChannel {
  send(values: readonly FieldElement[], name: string): void;
  challenge(name: string): FieldElement;
}

/** `count` challenges, each drawn of its own. */
export function challenges(
  channel: Pick<VerifierChannel, "challenge">,
  count: number,
  name: string,
): readonly FieldElement[] {
  return Array.from({ length: count }, (_, i) => channel.challenge(`${name} ${i}`));
}
