import { randomFieldElement } from "@zkcmp/field/element";
import { roundBounds } from "@zkcmp/shapley/bounds";
import type { RoundInput, RoundProvider } from "@zkcmp/shapley/round-solution";
import type { RoundShape } from "@zkcmp/shapley/round-shape";
import { rowWidth, type Samples } from "@zkcmp/shapley/samples";
import fc from "fast-check";

/** Rows of random digits, the extreme ones often. */
export function samplesOf(shape: RoundShape, minRows: number, maxRows: number): fc.Arbitrary<Samples> {
  const top = 2 ** shape.dataBits - 1;
  const digit = fc.oneof({ weight: 1, arbitrary: fc.constantFrom(0, top) }, { weight: 3, arbitrary: fc.nat(top) });
  const row = fc.array(digit, { minLength: rowWidth(shape), maxLength: rowWidth(shape) });
  return fc
    .array(row, { minLength: minRows, maxLength: maxRows })
    .map((rows) => ({ rows: rows.map((digits) => Uint16Array.from(digits)) }));
}

const word160 = fc.oneof(
  { weight: 1, arbitrary: fc.constant(2n ** 160n - 1n) },
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }) },
);

/** Any round of a shape: any number of providers, rows and any ridge that the shape allows. */
export function roundsOf(shape: RoundShape): fc.Arbitrary<RoundInput> {
  const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
  const provider: fc.Arbitrary<RoundProvider> = fc.record({
    payee: word160,
    salt: fc.constant(null).map(randomFieldElement),
    samples: samplesOf(shape, 0, shape.rows),
  });
  return fc.record({
    roundId: word160,
    ridgeBits: fc.integer({ min: minRidgeBits, max: maxRidgeBits }),
    providers: fc.array(provider, { minLength: 1, maxLength: shape.providers }),
    modelSalt: fc.constant(null).map(randomFieldElement),
    validation: fc.record({
      salt: fc.constant(null).map(randomFieldElement),
      samples: samplesOf(shape, Math.min(1, shape.validationRows), shape.validationRows),
    }),
  });
}
