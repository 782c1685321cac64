import { toFieldElement } from "@zkcmp/field/element";
import fc from "fast-check";
import { roundBounds } from "../src/bounds.ts";
import type { RoundInput } from "../src/round-solution.ts";
import { parseRoundShape, type RoundShape } from "../src/round-shape.ts";
import type { Samples } from "../src/samples.ts";

/** A small shape; any field can be set. */
export function shapeOf(parts: Partial<RoundShape> = {}): RoundShape {
  return parseRoundShape({
    providers: 3,
    rows: 4,
    features: 1,
    outputs: 1,
    dataBits: 16,
    fractionBits: 36,
    integerBits: 6,
    validationRows: 5,
    ...parts,
  });
}

/** Small shapes, also with few data bits, several outputs and one provider. */
export const shapes: fc.Arbitrary<RoundShape> = fc
  .record({
    providers: fc.integer({ min: 1, max: 4 }),
    rows: fc.integer({ min: 1, max: 5 }),
    features: fc.integer({ min: 1, max: 3 }),
    outputs: fc.integer({ min: 1, max: 2 }),
    dataBits: fc.integer({ min: 2, max: 16 }),
    fractionBits: fc.integer({ min: 24, max: 48 }),
    integerBits: fc.integer({ min: 3, max: 10 }),
    validationRows: fc.integer({ min: 1, max: 5 }),
  })
  .map(parseRoundShape);

/** A ridge exponent within the limits of the shape; both limits come up often. */
export function ridges(shape: RoundShape): fc.Arbitrary<number> {
  const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
  return fc.oneof(fc.constantFrom(minRidgeBits, maxRidgeBits), fc.integer({ min: minRidgeBits, max: maxRidgeBits }));
}

/** Rows with any digits; `extreme` rows consist of the smallest, the largest and the middle digit. */
export function samplesFor(
  shape: RoundShape,
  limits: { minRows?: number; maxRows: number; extreme?: boolean },
): fc.Arbitrary<Samples> {
  const largest = 2 ** shape.dataBits - 1;
  const extremes = fc.constantFrom(0, largest, 2 ** (shape.dataBits - 1));
  const digit = limits.extreme === true ? extremes : fc.oneof(fc.integer({ min: 0, max: largest }), extremes);
  const width = shape.features + shape.outputs;
  const row = fc.array(digit, { minLength: width, maxLength: width }).map((digits) => Uint16Array.from(digits));
  return fc.array(row, { minLength: limits.minRows ?? 0, maxLength: limits.maxRows }).map((rows) => ({ rows }));
}

/** A shape and a round of it, with fewer providers than slots now and then. */
export function rounds(
  options: { extreme?: boolean } = {},
): fc.Arbitrary<{ readonly shape: RoundShape; readonly input: RoundInput }> {
  return shapes.chain((shape) => {
    const samples = samplesFor(shape, { maxRows: shape.rows, ...options });
    return fc
      .record({
        ridgeBits: ridges(shape),
        validation: samplesFor(shape, { minRows: 1, maxRows: shape.validationRows, ...options }),
        providers: fc.array(samples, { minLength: 1, maxLength: shape.providers }),
      })
      .map(({ ridgeBits, validation, providers }) => ({
        shape,
        input: {
          roundId: 77n,
          ridgeBits,
          validation: { salt: toFieldElement(11n), samples: validation },
          providers: providers.map((rows, i) => ({
            payee: BigInt(i + 1),
            salt: toFieldElement(100n + BigInt(i)),
            samples: rows,
          })),
          modelSalt: toFieldElement(13n),
        },
      }));
  });
}

/** Uniform numbers in [0, 1) that a seed fixes (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(values: Iterable<T>, random: () => number): T[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
