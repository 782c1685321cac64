import type { Kernels, PointVector } from "@zkcmp/field/kernels/kernels";

/*
 * Each label is a list of points by hash-to-curve (no setup, nobody knows relations between them). Lists of different
 * labels have no known relations either, and that is what the binding of all commitments rests on.
 */

/** Message number i of a proof has generator i, whichever chunk it is in. */
export const MESSAGE_LABEL = "zkcmp/libra/messages/v1";
/** One generator for each column of the tables' row commitments. */
export const COLUMN_LABEL = "zkcmp/libra/columns/v1";
/** H, that hides: every commitment holds a uniform multiple of it. */
export const BLINDING_LABEL = "zkcmp/libra/blinding/v1";
/** U, that carries the value of the linear form in the opening. */
export const FORM_LABEL = "zkcmp/libra/form/v1";

/** The generators of an opening. */
export interface OpeningGenerators {
  /** Of the messages (and of padding behind them), then of the columns. */
  readonly vector: PointVector;
  readonly blinding: PointVector;
  readonly form: PointVector;
}

export function openingGenerators(kernels: Kernels, messages: number, columns: number): OpeningGenerators {
  return {
    vector: kernels.concatPoints([
      kernels.generators(MESSAGE_LABEL, messages),
      kernels.generators(COLUMN_LABEL, columns),
    ]),
    blinding: kernels.generators(BLINDING_LABEL, 1),
    form: kernels.generators(FORM_LABEL, 1),
  };
}
