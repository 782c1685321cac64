import { Field } from "@noble/curves/abstract/modular.js";
import { grainGenConstants } from "@noble/curves/abstract/poseidon.js";
import { FIELD_ORDER, randomFieldElement, reduce } from "@zkcmp/field/element";
import { POSEIDON_RATE, poseidonPermutation, poseidonWords } from "@zkcmp/field/poseidon";
import { keystream } from "@zkcmp/sale/ciphertext";
import { DOMAIN } from "@zkcmp/sale/domains";
import { expect } from "chai";
import { CircuitUnderTest, COMPILE_TIMEOUT } from "../circuits/circuit-under-test.ts";
import { inverse } from "../circuits/signal-definitions.ts";

const WIDTH = POSEIDON_RATE + 1;
const PARTIAL_ROUNDS = 68;

/** The inverse of a matrix modulo r, by elimination. */
function inverseMatrix(matrix: readonly (readonly bigint[])[]): bigint[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1n : 0n))]);
  for (let column = 0; column < size; column++) {
    const pivot = rows.findIndex((row, i) => i >= column && row[column] !== 0n);
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const scale = inverse(rows[column]![column]!);
    rows[column] = rows[column]!.map((value) => (value * scale) % FIELD_ORDER);
    for (let i = 0; i < size; i++) {
      const factor = rows[i]![column]!;
      if (i !== column) rows[i] = rows[i]!.map((value, j) => reduce(value - factor * rows[column]![j]!));
    }
  }
  return rows.map((row) => row.slice(size));
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n, square = (square * square) % FIELD_ORDER) {
    if (exponent & 1n) result = (result * square) % FIELD_ORDER;
  }
  return result;
}

/** Poseidon's permutation run backwards: the fifth root exists because 5 does not divide r - 1. */
function invertPermutation(state: readonly bigint[]): bigint[] {
  const { roundConstants, mds } = grainGenConstants({
    Fp: Field(FIELD_ORDER),
    t: WIDTH,
    roundsFull: 8,
    roundsPartial: PARTIAL_ROUNDS,
    sboxPower: 5,
  });
  const backwards = inverseMatrix(mds);
  // x^(1/5): the e with 5 e = 1 modulo r - 1.
  const order = FIELD_ORDER - 1n;
  const multiplier = [1n, 2n, 3n, 4n].find((k) => (k * order + 1n) % 5n === 0n)!;
  const fifthRoot = (multiplier * order + 1n) / 5n;
  let words = [...state];
  for (let round = roundConstants.length - 1; round >= 0; round--) {
    const full = round < 4 || round >= roundConstants.length - 4;
    words = backwards
      .map((row) => row.reduce((sum, value, i) => sum + value * words[i]!, 0n) % FIELD_ORDER)
      .map((value, i) => (full || i === 0 ? power(value, fifthRoot) : value))
      .map((value, i) => reduce(value - roundConstants[round]![i]!));
  }
  return words;
}

/**
 * The attack: a stream cipher takes all words of a permuted state as its pad. Whoever knows the message of one block (a
 * model with a known layer, say) has the pad, runs the permutation backwards and reads the key out of the first state.
 * Refused because a block gives 16 of the 17 words: the 17th has 254 bits and cannot be guessed.
 */
describe("finding: keystream shows the whole state", function () {
  this.timeout(COMPILE_TIMEOUT);
  const cipherKey = randomFieldElement();
  const first = [DOMAIN.keystream, cipherKey, ...new Array<bigint>(15).fill(0n)].map(reduce);
  const last = poseidonPermutation(first);

  it("reads the key from 17 words", () => {
    expect(invertPermutation(last)[1]).to.equal(cipherKey);
    expect(invertPermutation(last)).to.deep.equal(first);
  });

  it("gives 16 words, of which nothing comes back without the 17th", () => {
    const shown = keystream(cipherKey, 16);
    expect(shown).to.deep.equal(last.slice(0, 16));
    for (const guess of [0n, 1n, randomFieldElement()]) {
      const state = invertPermutation([...shown, guess]);
      expect(state[1]).to.not.equal(cipherKey);
      expect(state[0]).to.not.equal(DOMAIN.keystream);
    }
    // The second block starts from another state.
    expect(keystream(cipherKey, 32).slice(16)).to.not.include(last[16]);
  });

  it("has no way to ask for the 17th word", async () => {
    expect(() => poseidonWords(first.slice(1), DOMAIN.keystream, 17)).to.throw("at most as many words");
    const circuit = await CircuitUnderTest.compile("sealing/unseal.circom", "KeystreamBlock()");
    const block = await circuit.calculate({ cipherKey, index: 0n });
    expect(circuit.list(block, "pad")).to.deep.equal(last.slice(0, 16));
  });
});
