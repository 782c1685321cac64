import type { FieldElement } from "@zkcmp/field/element";

/** Points are compressed. What they mean: verifier/linear-form.ts. */
export interface LinearFormProof {
  /** A, the commitment to the mask. */
  readonly first: Uint8Array;
  /** The form's value for the mask. */
  readonly formValue: FieldElement;
  /** The masked blinding. */
  readonly blinding: FieldElement;
  readonly halvings: readonly Halving[];
  /** What is left of the masked vector after all halvings. */
  readonly rest: readonly FieldElement[];
}

export interface Halving {
  readonly left: Uint8Array;
  readonly right: Uint8Array;
}

export interface OpeningSizes {
  /** Of the messages with the padding behind them, which makes the length fit the halvings. */
  readonly messages: number;
  /** Of the whole vector: messages, padding, columns. */
  readonly length: number;
  readonly halvings: number;
  /** length / 2^halvings */
  readonly rest: number;
}

/**
 * A halving costs 64 bytes and, for the prover, sums over as many points as the whole vector has; what is left costs 32
 * bytes an entry. At 6,144 entries this limit means 4 halvings and 12 kB: two more would save 9 kB and cost a third more time.
 */
export const REST_LIMIT = 512;

/** The sizes of an opening of `messages` messages and `columns` columns: as few halvings as leave at most REST_LIMIT entries. */
export function openingSizes(messages: number, columns: number): OpeningSizes {
  let halvings = 0;
  while (messages + columns > REST_LIMIT * 2 ** halvings) halvings++;
  const rest = Math.ceil((messages + columns) / 2 ** halvings);
  const length = rest * 2 ** halvings;
  return { messages: length - columns, length, halvings, rest };
}
