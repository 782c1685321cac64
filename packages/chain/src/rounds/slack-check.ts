import { factorial, isOpenable, roundBounds, SLACK_FACTOR, slackOf } from "@zkcmp/shapley/bounds";
import { gramOf } from "@zkcmp/shapley/gram";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { checkSamples, type Samples } from "@zkcmp/shapley/samples";
import { RoundError } from "./round-error.ts";

/** Fraction bits of a shape, at most. */
const MOST_FRACTION_BITS = 48;

/**
 * The smallest ridge exponent with which slack moves no reward by more than 0.1 % of the pool, whatever the model: by the
 * contract's rule for the worst validation set of the shape, and by the same rule for this very one, whose losses may be far
 * smaller. All larger exponents up to the shape's limit pass as well.
 * @returns null if there is none
 */
export function smallestPassingRidge(shape: RoundShape, validation: Samples): number | null {
  const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
  for (let ridgeBits = minRidgeBits; ridgeBits <= maxRidgeBits; ridgeBits++) {
    if (passes(shape, ridgeBits, validation)) return ridgeBits;
  }
  return null;
}

/**
 * Refuses a ridge under which the pool might, or surely would, be split equally because of slack.
 * @throws {RoundError} naming the ridges that pass, or the fraction bits with which one would
 * @throws SamplesError for validation rows that do not fit the shape
 */
export function checkRidge(shape: RoundShape, ridgeBits: number, validation: Samples): void {
  checkSamples(shape, validation, shape.validationRows);
  if (passes(shape, ridgeBits, validation)) return;
  const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
  const smallest = smallestPassingRidge(shape, validation);
  const problem =
    ridgeBits < minRidgeBits || ridgeBits > maxRidgeBits
      ? `the ridge 2^${ridgeBits} is outside the limits of the round's shape, 2^${minRidgeBits} to 2^${maxRidgeBits}`
      : `with the ridge 2^${ridgeBits} the prover's rounding could move a reward by more than 0.1 % of the pool, ` +
        (isOpenable(shape, ridgeBits) ? "given these validation rows" : "and the contract refuses such a round");
  throw new RoundError(
    problem,
    smallest === null ? adviceWithoutRidge(shape, validation) : adviceWith(smallest, maxRidgeBits),
  );
}

function adviceWith(smallest: number, largest: number): string {
  return `Give --ridge-bits ${smallest === largest ? `${smallest}` : `from ${smallest} to ${largest}`}.`;
}

function adviceWithoutRidge(shape: RoundShape, validation: Samples): string {
  for (let fractionBits = shape.fractionBits + 1; fractionBits <= MOST_FRACTION_BITS; fractionBits++) {
    if (smallestPassingRidge({ ...shape, fractionBits }, validation) !== null) {
      return `No ridge passes with ${shape.fractionBits} fraction bits: deploy a circuit with ${fractionBits} or more.`;
    }
  }
  return "No ridge and no number of fraction bits passes: use validation rows whose targets differ, or fewer data bits.";
}

function passes(shape: RoundShape, ridgeBits: number, validation: Samples): boolean {
  if (!isOpenable(shape, ridgeBits)) return false;
  const { valueShift } = roundBounds(shape);
  // The loss of the empty coalition, which predicts the offset: no model can gain more than all of it.
  const loss = gramOf(shape, validation).squares << BigInt(2 * shape.fractionBits);
  return SLACK_FACTOR * slackOf(shape, ridgeBits) <= (factorial(shape.providers) * loss) >> BigInt(valueShift);
}
