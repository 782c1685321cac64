import { ZkcmpError } from "@zkcmp/field/error";
import * as z from "zod";
import { roundBounds } from "./bounds.ts";

/** What is fixed when the circuit of a round is made: everything else about a round is data or a term. */
export interface RoundShape {
  /** P, the slots for providers, 1 to 12; a round may use fewer. */
  readonly providers: number;
  /** m, the most rows of one provider. */
  readonly rows: number;
  /** F, features of a row without the intercept. */
  readonly features: number;
  /** k, 1 for a regression, the number of classes for a linear read-out on one-hot labels. */
  readonly outputs: number;
  /** b, the width of every digit of a row. */
  readonly dataBits: number;
  /** f, coefficients are integers in units of 2^-f. */
  readonly fractionBits: number;
  /** g, coefficients lie in [-2^(g-1), 2^(g-1)) before scaling by 2^f. */
  readonly integerBits: number;
  /** n_v, the most rows of the validation set; 0 for a circuit that proves training alone. */
  readonly validationRows: number;
}

/** The shape of a round that no circuit can have, or under which an honest proof might not exist. */
export class RoundShapeError extends ZkcmpError {}

export const MAX_PROVIDERS = 12;
/** With these limits no sum of a round reaches 2^250, so nothing wraps around in the field. */
const MAX_ROWS = 1 << 20;
const MAX_FEATURES = 1 << 12;
const MAX_OUTPUTS = 1 << 8;

/** The structure alone; use {@link parseRoundShape}, which also checks the bounds that follow from it. */
export const roundShapeSchema = z.strictObject({
  providers: z.int().min(1).max(MAX_PROVIDERS),
  rows: z.int().min(1).max(MAX_ROWS),
  features: z.int().min(1).max(MAX_FEATURES),
  outputs: z.int().min(1).max(MAX_OUTPUTS),
  dataBits: z.int().min(2).max(16),
  fractionBits: z.int().min(24).max(48),
  integerBits: z.int().min(2).max(10),
  validationRows: z.int().min(0).max(MAX_ROWS),
});

/**
 * Checks an untrusted value and returns it as the shape of a round.
 * @throws RoundShapeError naming the field that is wrong, and for a shape without any ridge under which an honest proof exists
 * for all data
 */
export function parseRoundShape(value: unknown): RoundShape {
  const parsed = roundShapeSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? "the shape" : issue.path.join(".");
    throw new RoundShapeError(
      `Shape of the round: ${where}: ${issue?.message ?? "invalid"}`,
      `A round has 1 to ${MAX_PROVIDERS} providers, 2 to 16 data bits, 24 to 48 fraction bits and 2 to 10 integer bits.`,
    );
  }
  const shape = parsed.data;
  const bounds = roundBounds(shape);
  if (bounds.minRidgeBits > bounds.maxRidgeBits) {
    throw new RoundShapeError(
      `No ridge suits ${shape.providers} providers with ${shape.integerBits} integer bits: it would have to be at least ` +
        `2^${bounds.minRidgeBits} and at most 2^${bounds.maxRidgeBits}`,
      "Give more integer bits.",
    );
  }
  return shape;
}

/** A short name that two shapes share only if they are equal, such as `p5-m40-f1-k1-b16-q36.6-v100`. */
export function roundShapeId(shape: RoundShape): string {
  const { providers, rows, features, outputs, dataBits, fractionBits, integerBits, validationRows } = shape;
  return `p${providers}-m${rows}-f${features}-k${outputs}-b${dataBits}-q${fractionBits}.${integerBits}-v${validationRows}`;
}
