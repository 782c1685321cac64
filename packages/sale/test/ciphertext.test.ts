import { reduce, toFieldElement } from "@zkcmp/field/element";
import { DigitRangeError, digitsPerWord, PackedWordError } from "@zkcmp/field/packing";
import { poseidonPermutation } from "@zkcmp/field/poseidon";
import { parameterCount } from "@zkcmp/network/shape";
import { expect } from "chai";
import fc from "fast-check";
import {
  CiphertextLengthError,
  ciphertextDigest,
  ciphertextLength,
  decrypt,
  encrypt,
  keystream,
} from "../src/ciphertext.ts";
import { DOMAIN } from "../src/domains.ts";
import { pseudoRandom, SHAPE } from "./fixture.ts";

const WIDTHS = Array.from({ length: 15 }, (_, i) => i + 2);
const KEY = toFieldElement(123456789n);
const WRONG_KEY = toFieldElement(123456790n);

/** Signed integers that look random. */
function parametersOf(count: number, bits: number): Int32Array {
  const next = pseudoRandom(bits);
  return Int32Array.from({ length: count }, () => (next() % 2 ** bits) - 2 ** (bits - 1));
}

describe("ciphertext", function () {
  this.timeout(60_000);

  for (const bits of WIDTHS) {
    it(`opens to the parameters it was made from, ${bits} bits`, () => {
      const limit = 2 ** (bits - 1);
      const parameter = fc.oneof(
        fc.integer({ min: -limit, max: limit - 1 }),
        fc.constantFrom(-limit, -1, 0, limit - 1),
      );
      fc.assert(
        fc.property(
          fc.array(parameter, { minLength: 1, maxLength: 3 * digitsPerWord(bits) }),
          fc.bigInt({ min: 1n, max: 2n ** 253n }).map(reduce),
          (values, key) => {
            const parameters = Int32Array.from(values);
            const ciphertext = encrypt(parameters, bits, key);
            expect(ciphertext).to.have.lengthOf(Math.ceil(values.length / digitsPerWord(bits)));
            expect(decrypt(ciphertext, values.length, bits, key)).to.deep.equal(parameters);
          },
        ),
        { numRuns: 8 },
      );
    });

    it(`does not open with a wrong key, ${bits} bits`, () => {
      const count = 40 * digitsPerWord(bits);
      const ciphertext = encrypt(parametersOf(count, bits), bits, KEY);
      expect(() => decrypt(ciphertext, count, bits, WRONG_KEY)).to.throw(PackedWordError);
    });

    it(`takes no parameter outside ${bits} bits`, () => {
      const limit = 2 ** (bits - 1);
      for (const value of [limit, -limit - 1]) {
        expect(() => encrypt(Int32Array.of(0, value), bits, KEY)).to.throw(DigitRangeError, "digit 1");
      }
    });
  }

  it("is the packed parameters plus the pad, word by word", () => {
    const parameters = parametersOf(100, 8);
    const ciphertext = encrypt(parameters, 8, KEY);
    const pad = keystream(KEY, ciphertext.length);
    ciphertext.forEach((word, i) => {
      let message = 0n;
      parameters
        .slice(31 * i, 31 * i + 31)
        .forEach((parameter, k) => (message += BigInt(parameter + 128) << BigInt(8 * k)));
      expect(word).to.equal(reduce(message + pad[i]!));
    });
  });

  it("does not open with a word too many or too few, not even to other parameters", () => {
    const ciphertext = encrypt(parametersOf(70, 8), 8, KEY);
    const pad = keystream(KEY, 4);
    for (const words of [ciphertext.slice(0, 2), [...ciphertext, pad[3]!], []]) {
      expect(() => decrypt(words, 70, 8, KEY)).to.throw(CiphertextLengthError, `has ${words.length} words`);
    }
  });

  it("has the length that the shape foretells", () => {
    expect(ciphertextLength(SHAPE)).to.equal(encrypt(parametersOf(parameterCount(SHAPE), 8), 8, KEY).length);
    for (const weightBits of WIDTHS) {
      const words = encrypt(parametersOf(parameterCount(SHAPE), weightBits), weightBits, KEY).length;
      expect(ciphertextLength({ ...SHAPE, weightBits })).to.equal(words);
    }
  });

  it("has a digest of every word, of their order and their number", () => {
    const words = encrypt(parametersOf(100, 8), 8, KEY);
    const variants = [
      words,
      ...words.map((_, i) => words.map((word, j) => (i === j ? reduce(word + 1n) : word))),
      [...words].reverse(),
      words.slice(1),
      [...words, reduce(0n)],
    ];
    expect(new Set(variants.map(ciphertextDigest)).size).to.equal(variants.length);
  });
});

describe("keystream", function () {
  this.timeout(60_000);

  const block = (key: bigint, j: number): bigint[] => {
    const state = [DOMAIN.keystream, reduce(key), reduce(BigInt(j)), ...Array.from({ length: 14 }, () => reduce(0n))];
    return poseidonPermutation(state);
  };

  it("shows 16 words of each permuted block and never the 17th", () => {
    const pad = keystream(KEY, 48);
    for (let j = 0; j < 3; j++) {
      const words = block(KEY, j);
      expect(pad.slice(16 * j, 16 * j + 16)).to.deep.equal(words.slice(0, 16));
      expect(pad).to.not.include(words[16]!);
    }
  });

  it("is the same pad whatever its length, and never repeats a word", () => {
    const pad = keystream(KEY, 80);
    for (const words of [0, 1, 15, 16, 17, 33]) expect(keystream(KEY, words)).to.deep.equal(pad.slice(0, words));
    expect(new Set([...pad, ...keystream(WRONG_KEY, 80)]).size).to.equal(160);
  });
});
