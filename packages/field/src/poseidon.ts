import { Field } from "@noble/curves/abstract/modular.js";
import { grainGenConstants } from "@noble/curves/abstract/poseidon.js";
import { FIELD_ORDER, type FieldElement } from "./element.ts";
import { ZkcmpError } from "./error.ts";

/**
 * Poseidon (Grassi et al., USENIX Security 2021) over BN254 with circomlib's parameters: x^5, 8 full rounds, and
 * the partial rounds below for widths t = 2 to 17. Word 0 of the state is the capacity; it holds the domain tag, so
 * that no two uses of the hash can be mistaken for each other.
 */
const FULL_ROUNDS = 8;
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

/** The most inputs one permutation takes (t = 17). */
export const POSEIDON_RATE = 16;

/** A hash was asked for a number of inputs or outputs that no width of Poseidon has. */
export class PoseidonWidthError extends ZkcmpError {
  constructor(inputs: number, outputs: number) {
    super(
      `Poseidon was given ${inputs} inputs and asked for ${outputs} words`,
      `Give 1 to ${POSEIDON_RATE} inputs and take at most as many words; use poseidonSponge for longer inputs.`,
    );
  }
}

/** What one width's permutation is made of: in each round constants are added, S-boxes applied and the matrix multiplied. */
export interface PoseidonParameters {
  /** By round, one constant for each word. */
  readonly rounds: readonly (readonly FieldElement[])[];
  readonly matrix: readonly (readonly FieldElement[])[];
  /** Whether the round has an S-box on every word, or on word 0 alone; by round. */
  readonly full: readonly boolean[];
}

const parametersByWidth = new Map<number, PoseidonParameters>();

/**
 * Round constants and matrix from the Grain generator of the reference code, made when a width is first used.
 * @param width t, 2 to 17
 */
export function poseidonParameters(width: number): PoseidonParameters {
  let found = parametersByWidth.get(width);
  if (found === undefined) {
    const generated = grainGenConstants({
      Fp: Field(FIELD_ORDER),
      t: width,
      roundsFull: FULL_ROUNDS,
      roundsPartial: PARTIAL_ROUNDS[width - 2]!,
      sboxPower: 5,
    });
    const rounds = generated.roundConstants as FieldElement[][];
    const firstOfSecondHalf = rounds.length - FULL_ROUNDS / 2;
    const full = rounds.map((_, round) => round < FULL_ROUNDS / 2 || round >= firstOfSecondHalf);
    found = { rounds, matrix: generated.mds as FieldElement[][], full };
    parametersByWidth.set(width, found);
  }
  return found;
}

/**
 * R1CS constraints of a permutation of `width` words: three for each S-box x^5. One that gives fewer than all words, as all of
 * circomlib's do, costs the same; the S-boxes of constants in the first round cost nothing.
 */
export function permutationConstraints(width: number): number {
  return 3 * (FULL_ROUNDS * width + PARTIAL_ROUNDS[width - 2]!);
}

function fifthPower(x: bigint): bigint {
  const square = (x * x) % FIELD_ORDER;
  return (((square * square) % FIELD_ORDER) * x) % FIELD_ORDER;
}

/**
 * The Poseidon permutation.
 * @param state t words, t = 2 to 17
 * @returns the t words after 8 full and the width's partial rounds
 */
export function poseidonPermutation(state: readonly FieldElement[]): FieldElement[] {
  const width = state.length;
  if (width < 2 || width > POSEIDON_RATE + 1) throw new PoseidonWidthError(width - 1, width);
  const { rounds, matrix, full } = poseidonParameters(width);
  let words: bigint[] = [...state];
  rounds.forEach((round, index) => {
    const boxed = words.map((word, i) => {
      const sum = word + round[i]!;
      return full[index]! || i === 0 ? fifthPower(sum % FIELD_ORDER) : sum;
    });
    // One reduction for each row: 17 unreduced products fit a BigInt easily and reductions are the dear part.
    words = matrix.map((row) => {
      let sum = 0n;
      for (let i = 0; i < width; i++) sum += row[i]! * boxed[i]!;
      return sum % FIELD_ORDER;
    });
  });
  return words as FieldElement[];
}

/**
 * The first `count` words of the permuted state (domain, inputs): circomlib's PoseidonEx.
 * At least one word stays hidden, because whoever sees all of them can run the permutation backwards.
 * @throws {PoseidonWidthError} unless 1 <= inputs <= 16 and 1 <= count <= inputs
 */
export function poseidonWords(inputs: readonly FieldElement[], domain: FieldElement, count: number): FieldElement[] {
  if (inputs.length < 1 || inputs.length > POSEIDON_RATE || count < 1 || count > inputs.length) {
    throw new PoseidonWidthError(inputs.length, count);
  }
  return poseidonPermutation([domain, ...inputs]).slice(0, count);
}

/** Poseidon of 1 to 16 inputs under a domain tag; with tag 0 it is circomlib's `Poseidon(n)` and Solidity's PoseidonT(n+1). */
export function poseidon(inputs: readonly FieldElement[], domain = 0n as FieldElement): FieldElement {
  return poseidonWords(inputs, domain, 1)[0]!;
}

/**
 * A sponge in overwrite mode with rate 16 and one capacity word, for inputs of a length that the domain fixes: each
 * block of 16 words replaces the rate, the capacity word carries over. The last block is not padded: it is the permutation
 * of just the words that are left (circuits/hashing/sponge.circom).
 * @param inputs at least one word; the number of words must be fixed by the context, since nothing else encodes it
 */
export function poseidonSponge(inputs: readonly FieldElement[], domain: FieldElement): FieldElement {
  if (inputs.length === 0) throw new PoseidonWidthError(0, 1);
  let capacity = domain;
  for (let start = 0; start < inputs.length; start += POSEIDON_RATE) {
    capacity = poseidon(inputs.slice(start, start + POSEIDON_RATE), capacity);
  }
  return capacity;
}
