import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import { packDigits } from "@zkcmp/field/packing";
import type { RoundShape } from "./round-shape.ts";

/**
 * Encoded rows of a provider or of the validation set: F feature digits, then k target digits, each unsigned of dataBits
 * bits. The digit u stands for the signed value u - 2^(dataBits-1).
 */
export interface Samples {
  readonly rows: readonly Uint16Array[];
}

/** Rows that do not fit the shape of the round. Messages name positions, never values. */
export class SamplesError extends ZkcmpError {}

/** Digits of one row: features and targets. */
export function rowWidth(shape: RoundShape): number {
  return shape.features + shape.outputs;
}

/**
 * Checks rows against the shape of the round.
 * @param maxRows shape.rows for a provider, shape.validationRows for the validation set
 * @throws SamplesError for too many rows, a row of another width, a digit outside the data bits
 */
export function checkSamples(shape: RoundShape, samples: Samples, maxRows: number): void {
  const { rows } = samples;
  if (rows.length > maxRows) {
    throw new SamplesError(
      `There are ${rows.length} rows, the round takes at most ${maxRows}`,
      "Leave rows out, or use a round with room for more.",
    );
  }
  const width = rowWidth(shape);
  const limit = 2 ** shape.dataBits;
  rows.forEach((row, index) => {
    if (row.length !== width) {
      throw new SamplesError(
        `Row ${index + 1} has ${row.length} digits, not ${width}`,
        `Give ${shape.features} features and then ${shape.outputs} targets in every row.`,
      );
    }
    const wrong = row.findIndex((digit) => digit >= limit);
    if (wrong !== -1) {
      throw new SamplesError(
        `Row ${index + 1}, digit ${wrong + 1} is not an unsigned integer of ${shape.dataBits} bits`,
        "Encode the rows with the round's encoding.",
      );
    }
  });
}

/**
 * The digits of all rows, row by row, packed into field elements. Unused rows, up to maxRows, are zero digits.
 * @throws SamplesError as {@link checkSamples}
 */
export function packSamples(shape: RoundShape, samples: Samples, maxRows: number): FieldElement[] {
  checkSamples(shape, samples, maxRows);
  const width = rowWidth(shape);
  const digits = new Uint16Array(maxRows * width);
  samples.rows.forEach((row, index) => digits.set(row, index * width));
  return packDigits(digits, shape.dataBits);
}
