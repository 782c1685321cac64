import { expect } from "chai";
import fc from "fast-check";
import { FIELD_ORDER } from "../../../src/element.ts";
import {
  addOffset,
  SCALAR_WORDS,
  slidingDigits,
  splitScalars,
  wordsOf,
} from "../../../src/kernels/curve/scalar-split.ts";
import { bestWidth, digitOffset, planWindows, readDigits } from "../../../src/kernels/curve/window-plan.ts";

const special = [
  0n,
  1n,
  2n,
  FIELD_ORDER - 1n,
  FIELD_ORDER >> 1n,
  (FIELD_ORDER >> 1n) + 1n,
  1n << 252n,
  (1n << 253n) - 1n,
];
const scalar = fc.oneof(
  fc.constantFrom(...special),
  fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }),
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: FIELD_ORDER - 300n, max: FIELD_ORDER - 1n }),
);

function split(scalars: readonly bigint[]): { words: Uint32Array; bits: number } {
  const words = new Uint32Array((8 + SCALAR_WORDS) * scalars.length);
  for (const [i, value] of scalars.entries()) words.set(wordsOf(value), 8 * i);
  const bits = splitScalars(words, scalars.length, 0, 8 * scalars.length);
  return { words: words.slice(8 * scalars.length), bits };
}

const modulo = (value: bigint) => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;

describe("scalars cut into digits", () => {
  it("takes scalars near r as small negative ones", () => {
    expect(split([3n, FIELD_ORDER - 5n]).bits).to.equal(3);
    expect(Array.from(split([FIELD_ORDER - 5n]).words)).to.deep.equal([5, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(split([0n, 0n]).bits).to.equal(0);
    expect(split(special).bits).to.equal(253);
  });

  it("reads signed digits within the buckets that give the scalars again, for every width", () => {
    fc.assert(
      fc.property(
        fc.array(scalar, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 2, max: 16 }),
        (scalars, width) => {
          const { words, bits } = split(scalars);
          const plan = planWindows(width, bits);
          addOffset(words, scalars.length, 0, digitOffset(plan));
          const digits = new Int32Array(scalars.length);
          const sums = scalars.map(() => 0n);
          for (let window = 0; window < plan.windows; window++) {
            readDigits(words, 0, plan, window, digits);
            for (const [i, digit] of digits.entries()) {
              expect(Math.abs(digit)).to.be.at.most(plan.buckets);
              sums[i]! += BigInt(digit) << BigInt(width * window);
            }
          }
          expect(sums.map(modulo)).to.deep.equal(scalars);
        },
      ),
    );
  });

  it("slides over zeros to odd digits that give the scalar again", () => {
    fc.assert(
      fc.property(scalar, fc.integer({ min: 2, max: 6 }), (value, width) => {
        const { words } = split([value]);
        let sum = 0n;
        let last = -width;
        slidingDigits(words, 0, width, (position, digit) => {
          expect(digit & 1).to.equal(1);
          expect(Math.abs(digit)).to.be.below(2 ** (width - 1));
          expect(position - last).to.be.at.least(width);
          last = position;
          sum += BigInt(digit) << BigInt(position);
        });
        expect(modulo(words[SCALAR_WORDS - 1] === 1 ? -sum : sum)).to.equal(value);
      }),
    );
  });

  it("takes wider windows for more points and one window for bits", () => {
    expect(bestWidth(100, 253)).to.be.below(bestWidth(10_000, 253));
    expect(planWindows(bestWidth(100_000, 1), 1).windows).to.equal(1);
  });
});
