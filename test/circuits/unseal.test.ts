import { FIELD_ORDER, type FieldElement, randomFieldElement, reduce } from "@zkcmp/field/element";
import { decrypt, encrypt, keystream } from "@zkcmp/sale/ciphertext";
import { expect } from "chai";
import fc from "fast-check";
import { type Assignment, CircuitUnderTest, COMPILE_TIMEOUT } from "./circuit-under-test.ts";
import { fieldElement } from "./field-arbitrary.ts";

const BITS = 8;
/** 17 words, so that there are two blocks of the keystream; the last word holds 4 digits of 31. */
const COUNT = 16 * 31 + 4;

const twosComplement = (parameters: ArrayLike<number>) => Array.from(parameters, (value) => reduce(BigInt(value)));

describe("Unseal", function () {
  this.timeout(COMPILE_TIMEOUT);
  const cipherKey = reduce(123456789n ** 9n);
  const parameters = Int32Array.from({ length: COUNT }, (_, i) => ((37 * i) % 256) - 128);
  const ciphertext = encrypt(parameters, BITS, cipherKey);
  let circuit: CircuitUnderTest;
  let honest: Assignment;

  before(async () => {
    circuit = await CircuitUnderTest.compile("sealing/unseal.circom", `Unseal(${COUNT}, ${BITS})`);
    honest = await circuit.calculate({ cipherKey, ciphertext });
  });

  /** The honest ciphertext with one word's message changed. */
  const withMessage = (word: number, change: (message: FieldElement) => bigint) => {
    const pad = keystream(cipherKey, ciphertext.length)[word]!;
    return circuit.forge(honest, { [`ciphertext[${word}]`]: reduce(change(reduce(ciphertext[word]! - pad)) + pad) });
  };

  it("gives the parameters that the seal encrypted", async () => {
    const list = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: COUNT, maxLength: COUNT });
    await fc.assert(
      fc.asyncProperty(list, fieldElement, async (values, key) => {
        const sealed = encrypt(Int32Array.from(values), BITS, key);
        const witness = await circuit.calculate({ cipherKey: key, ciphertext: sealed });
        circuit.expectAccepted(witness);
        expect(circuit.list(witness, "parameters")).to.deep.equal(twosComplement(values));
        expect(twosComplement(decrypt(sealed, COUNT, BITS, key))).to.deep.equal(circuit.list(witness, "parameters"));
      }),
      { numRuns: 3 },
    );
  });

  it("refuses a wrong key", () => {
    circuit.expectRejected(circuit.forge(honest, { cipherKey: randomFieldElement() }));
  });

  it("refuses a pad of another key than the given one", () => {
    // Both the ciphertext and the key of every block are replaced; the parameters come out as before.
    const other = randomFieldElement();
    const sealed = encrypt(parameters, BITS, other);
    const witness = circuit.forge(honest, {
      "keystream[0].cipherKey": other,
      "keystream[1].cipherKey": other,
      ciphertext: sealed,
    });
    expect(circuit.list(witness, "parameters")).to.deep.equal(twosComplement(parameters));
    circuit.expectRejected(witness, "cipherKey");
  });

  it("refuses a pad of another block: a two-time pad", () => {
    const pad = keystream(cipherKey, 32);
    const twice = reduce(ciphertext[16]! - pad[16]! + pad[0]!);
    const witness = circuit.forge(honest, { "keystream[1].index": 0n, "ciphertext[16]": twice });
    expect(circuit.list(witness, "parameters")).to.deep.equal(twosComplement(parameters));
    circuit.expectRejected(witness, "keystream[1].index");
  });

  it("refuses a word that is not ciphertext minus pad", () => {
    for (const word of [0, 16]) {
      circuit.expectRejected(circuit.forge(honest, { [`word[${word}].in`]: 1n }), `word[${word}].in`);
      // With the parameters that follow from it: another model for the same ciphertext and key.
      circuit.expectRejected(circuit.forge(honest, { [`words[${word}]`]: 1n }), `words[${word}]`);
    }
  });

  it("gives the words that were sealed", () => {
    const messages = ciphertext.map((word, i) => reduce(word - keystream(cipherKey, ciphertext.length)[i]!));
    expect(circuit.list(honest, "words")).to.deep.equal(messages);
  });

  it("refuses another list of parameters for the same ciphertext", () => {
    for (const place of [0, 30, 31, COUNT - 1]) {
      const value = circuit.get(honest, `parameters[${place}]`);
      circuit.expectRejected(circuit.forge(honest, { [`parameters[${place}]`]: value + 1n }), `parameters[${place}]`);
    }
  });

  it("refuses two digits that add up to the same word: u_0 + 256 and u_1 - 1", () => {
    const [first, second] = [circuit.get(honest, "parameters[0]"), circuit.get(honest, "parameters[1]")];
    const other = { "parameters[0]": first + 256n, "parameters[1]": reduce(second - 1n) };
    circuit.expectRejected(circuit.forge(honest, other), "parameters");
    // The same in the bits: 256 * bit_8 moved into bit_7 as a 2.
    const bits = circuit.list(honest, "word[0].out");
    const at = bits.indexOf(1n, 8);
    const moved = bits.map((bit, i) => (i === at ? 0n : i === at - 1 ? bit + 2n : bit));
    const witness = circuit.forge(honest, { "word[0].out": moved });
    expect(circuit.list(witness, "parameters")).to.not.deep.equal(twosComplement(parameters));
    circuit.expectRejected(witness, "word[0].out");
  });

  it("refuses a digit out of range in the last word, and bits beyond its last digit", () => {
    // Digit 3 of the last word is its last: 2^32 is the first bit that belongs to no digit.
    circuit.expectRejected(
      withMessage(16, (message) => message + 2n ** 32n),
      "word[16].in",
    );
    circuit.expectRejected(
      withMessage(16, (message) => message + 2n ** 247n),
      "word[16].in",
    );
  });

  it("refuses a full word with bits beyond its last digit", () => {
    circuit.expectRejected(
      withMessage(0, (message) => message + 2n ** 248n),
      "word[0].in",
    );
    circuit.expectRejected(
      withMessage(0, () => -1n),
      "word[0].in",
    );
  });

  describe("words of 253 bits, the widest", () => {
    const bits = 11;
    const count = 24;
    const values = Int32Array.from(
      { length: count },
      (_, i) => (i % 2 === 0 ? 1 : -1) * 2 ** (bits - 1) - (i % 2 === 0 ? 1 : 0),
    );
    const sealed = encrypt(values, bits, cipherKey);
    const pad = keystream(cipherKey, 2);
    let wide: CircuitUnderTest;
    let start: Assignment;

    before(async () => {
      wide = await CircuitUnderTest.compile("sealing/unseal.circom", `Unseal(${count}, ${bits})`);
      start = await wide.calculate({ cipherKey, ciphertext: sealed });
    });

    it("give the extreme parameters", () => {
      wide.expectAccepted(start);
      expect(wide.list(start, "parameters")).to.deep.equal(twosComplement(values));
    });

    it("have no room for the bits of a message plus r", () => {
      const low = wide.forge(start, { "ciphertext[0]": pad[0]! + 5n });
      wide.expectAccepted(low);
      const alias = Array.from({ length: 253 }, (_, i) => ((FIELD_ORDER + 5n) >> BigInt(i)) & 1n);
      wide.expectRejected(wide.forge(low, { "word[0].out": alias }), "word[0].in");
    });

    it("refuse the messages 2^253 and r - 1", () => {
      for (const message of [2n ** 253n, FIELD_ORDER - 1n]) {
        wide.expectRejected(wide.forge(start, { "ciphertext[0]": message + pad[0]! }), "word[0].in");
      }
    });
  });
});
