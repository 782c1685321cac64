import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import { poseidonParameters } from "@zkcmp/field/poseidon";

/** What happens in permutations of one width, for the prover. */
export interface PermutationTrace {
  /** By S-box in the order of `PermutationCircuit`, its input in every copy. */
  readonly boxInputs: readonly (readonly FieldElement[])[];
  /** By S-box, its output in every copy. */
  readonly boxes: readonly (readonly FieldElement[])[];
  /** By word, the permuted state of every copy. */
  readonly outputs: readonly (readonly FieldElement[])[];
}

/**
 * The partial rounds at once. With z the words after the S-boxes of the last full round before them, 1, and s_0, s_1, ... the outputs
 * of the partial rounds' S-boxes, everything is linear: round q's S-box has the input sum of inputs[q] * (z, 1, s_0, ..., s_(q-1)), and
 * the words after the last round are the sums of words[i] * (z, 1, s_0, ...). That takes a third of the multiplications of the
 * rounds one by one.
 */
interface PartialRounds {
  readonly inputs: readonly (readonly FieldElement[])[];
  readonly words: readonly (readonly FieldElement[])[];
}

/** A permutation as linear maps between S-boxes: those of all words, those of word 0 alone, those of all words. */
interface LinearRounds {
  /** By full round before the partial ones and by word, weights of (the words that the S-boxes left, 1); at first, of the state. */
  readonly before: readonly (readonly (readonly FieldElement[])[])[];
  readonly partial: PartialRounds;
  readonly after: readonly (readonly (readonly FieldElement[])[])[];
  /** The permuted state. */
  readonly last: readonly (readonly FieldElement[])[];
}

const roundsByWidth = new Map<number, LinearRounds>();

function linearRounds(width: number): LinearRounds {
  let found = roundsByWidth.get(width);
  if (found === undefined) {
    const { rounds, matrix, full } = poseidonParameters(width);
    const unit = matrix.map((_, i) => matrix.map((_row, j) => reduce(i === j ? 1n : 0n)));
    const firstPartial = full.indexOf(false);
    const firstAfter = full.lastIndexOf(false) + 1;
    const maps = (round: number) => (round === 0 ? unit : matrix).map((row, word) => [...row, rounds[round]![word]!]);
    const partial = partialRounds(matrix, rounds.slice(firstPartial, firstAfter));
    found = {
      before: Array.from({ length: firstPartial }, (_, round) => maps(round)),
      partial,
      after: Array.from({ length: rounds.length - firstAfter }, (_, i) =>
        i === 0
          ? partial.words.map((weights, word) =>
              weights.with(width, reduce(weights[width]! + rounds[firstAfter]![word]!)),
            )
          : maps(firstAfter + i),
      ),
      last: matrix.map((row) => [...row, reduce(0n)]),
    };
    roundsByWidth.set(width, found);
  }
  return found;
}

/** Runs the rounds on every unit vector in the place of (z, 1, s): the words of an S-box's own round are 0. */
function partialRounds(
  matrix: readonly (readonly FieldElement[])[],
  rounds: readonly (readonly FieldElement[])[],
): PartialRounds {
  const width = matrix.length;
  const zero = reduce(0n);
  const run = (
    start: readonly FieldElement[],
    constants: boolean,
  ): { heads: FieldElement[]; words: FieldElement[][] } => {
    const heads: FieldElement[] = [];
    const words: FieldElement[][] = [];
    let state = times(matrix, start);
    for (const round of rounds) {
      words.push(state);
      const sums = constants ? state.map((word, i) => reduce(word + round[i]!)) : state;
      heads.push(sums[0]!);
      state = times(matrix, sums.with(0, zero));
    }
    words.push(state);
    return { heads, words };
  };
  const units = matrix.map((_, i) =>
    run(
      matrix.map((_row, j) => reduce(i === j ? 1n : 0n)),
      false,
    ),
  );
  const ofOne = run(new Array<FieldElement>(width).fill(zero), true);
  // An S-box of round q moves the words of round q + d as the unit of word 0 moves those of round d - 1.
  const ofBox = units[0]!;
  const last = rounds.length;
  return {
    inputs: rounds.map((_, q) => [
      ...units.map(({ heads }) => heads[q]!),
      ofOne.heads[q]!,
      ...Array.from({ length: q }, (_box, p) => ofBox.heads[q - p - 1]!),
    ]),
    words: matrix.map((_, word) => [
      ...units.map(({ words }) => words[last]![word]!),
      ofOne.words[last]![word]!,
      ...rounds.map((_round, p) => ofBox.words[last - p - 1]![word]!),
    ]),
  };
}

function times(matrix: readonly (readonly FieldElement[])[], vector: readonly FieldElement[]): FieldElement[] {
  return matrix.map((row) => dot(row, vector));
}

function dot(left: readonly FieldElement[], right: readonly FieldElement[]): FieldElement {
  let sum = 0n;
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
  return reduce(sum);
}

/** One permutation in plain BigInt; for those that need another one's output. */
export function tracePermutation(state: readonly FieldElement[]): PermutationTrace {
  const { before, partial, after, last } = linearRounds(state.length);
  const one = reduce(1n);
  const boxInputs: FieldElement[][] = [];
  const boxes: FieldElement[][] = [];
  const box = (input: FieldElement): FieldElement => {
    const square = multiply(input, input);
    const output = multiply(multiply(square, square), input);
    boxInputs.push([input]);
    boxes.push([output]);
    return output;
  };
  let known: FieldElement[] = [...state, one];
  for (const maps of before) known = [...maps.map((weights) => box(dot(weights, known))), one];
  for (const weights of partial.inputs) known.push(box(dot(weights, known)));
  for (const maps of after) known = [...maps.map((weights) => box(dot(weights, known))), one];
  return { boxInputs, boxes, outputs: last.map((weights) => [dot(weights, known)]) };
}

/**
 * Many permutations of one width at once.
 * @param states one input state for each copy
 */
export function tracePermutations(
  kernels: Kernels,
  width: number,
  states: readonly (readonly FieldElement[])[],
): PermutationTrace {
  const { before, partial, after, last } = linearRounds(width);
  const copies = states.length;
  const boxInputs: FieldElement[][] = [];
  const boxes: FieldElement[][] = [];
  return kernels.scope(() => {
    // Row by row what is known of all copies: words, then 1, then the S-boxes of partial rounds.
    const known = kernels.zeros((width + 1 + partial.inputs.length) * copies);
    const set = (row: number, values: readonly FieldElement[]): void => kernels.write(known, row * copies, 1, values);
    const combine = (weights: readonly FieldElement[]): FieldVector =>
      kernels.combineRows(kernels.view(known, 0, weights.length * copies), copies, kernels.fromField(weights));
    const box = (weights: readonly FieldElement[]): FieldElement[] =>
      kernels.scope(() => {
        const inputs = combine(weights);
        const square = kernels.multiply(inputs, inputs);
        const outputs = kernels.toField(kernels.multiply(kernels.multiply(square, square), inputs));
        boxInputs.push(kernels.toField(inputs));
        boxes.push(outputs);
        return outputs;
      });
    const full = (maps: readonly (readonly FieldElement[])[]): void => {
      maps.map(box).forEach((outputs, word) => set(word, outputs));
    };

    for (let word = 0; word < width; word++)
      set(
        word,
        states.map((state) => state[word]!),
      );
    set(width, new Array<FieldElement>(copies).fill(reduce(1n)));
    before.forEach(full);
    partial.inputs.forEach((weights, round) => set(width + 1 + round, box(weights)));
    after.forEach(full);
    return { boxInputs, boxes, outputs: last.map((weights) => kernels.scope(() => kernels.toField(combine(weights)))) };
  });
}
