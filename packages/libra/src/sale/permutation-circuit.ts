import { type FieldElement, reduce } from "@zkcmp/field/element";
import { poseidonParameters } from "@zkcmp/field/poseidon";
import { type LayeredCircuit, LayeredCircuitBuilder } from "../circuit/layered-circuit.ts";
import { variablesOf } from "../table.ts";

/**
 * Poseidon's permutation, flat: instead of some 70 layers a copy holds the outputs of all S-boxes as witness. Between S-boxes
 * everything is affine, so that a permutation is right exactly if each S-box's output is the fifth power of its input, the input
 * being an affine map of the copy's inputs and of earlier S-boxes' outputs.
 *
 * A copy's slots: outputs of the S-boxes in the order of rounds and words, then the t words of the input state. The circuit
 * works on the S-boxes' inputs, which are no table: claims about them are carried to the table by {@link boxInputWeights}.
 */
export interface PermutationCircuit {
  /** t */
  readonly width: number;
  readonly boxes: number;
  /** Slots of the table, a power of two. */
  readonly slots: number;
  /** From the S-boxes' inputs to their fifth powers, in the same slots. */
  readonly circuit: LayeredCircuit;
}

/** An affine function of a copy's slots: constant + the sum of slots[s] * V(copy, s). The constant counts in used copies. */
export interface AffineWeights {
  readonly slots: FieldElement[];
  readonly constant: FieldElement;
}

const circuits = new Map<number, PermutationCircuit>();

/** @param width t, 2 to 17 */
export function permutationCircuit(width: number): PermutationCircuit {
  let found = circuits.get(width);
  if (found === undefined) {
    const { full } = poseidonParameters(width);
    const boxes = full.reduce((sum, isFull) => sum + (isFull ? width : 1), 0);
    found = { width, boxes, slots: 2 ** variablesOf(boxes + width), circuit: fifthPowers(width, boxes) };
    circuits.set(width, found);
  }
  return found;
}

/** Where word i of the input state lies. */
export function inputSlot({ boxes }: PermutationCircuit, word: number): number {
  return boxes + word;
}

/** x to x^5 in three layers: (x^2, x), (x^4, x), x^4 x. */
function fifthPowers(width: number, boxes: number): LayeredCircuit {
  const slots = 2 ** variablesOf(boxes);
  const builder = new LayeredCircuitBuilder(`permutation-${width}`, slots);
  const layers = [builder.layer(2 * slots), builder.layer(2 * slots), builder.layer(slots)] as const;
  for (let box = 0; box < boxes; box++) {
    layers[0].product(box, box, box).linear(slots + box, box);
    layers[1].product(box, box, box).linear(slots + box, slots + box);
    layers[2].product(box, box, slots + box);
  }
  return builder.build();
}

/** Weights of the S-boxes' inputs as weights of the table's slots. */
export function boxInputWeights(permutation: PermutationCircuit, weights: readonly FieldElement[]): AffineWeights {
  return transposed(permutation, weights, []);
}

/** Weights of the permuted state's words as weights of the table's slots. */
export function outputWeights(permutation: PermutationCircuit, weights: readonly FieldElement[]): AffineWeights {
  return transposed(permutation, [], weights);
}

/**
 * The affine part of the permutation, run backwards on weights: with a the weights of the words after a round, b = M^T a are those
 * of the words before the matrix; where there is an S-box, b belongs to its output and the weight of its input goes on.
 */
function transposed(
  { width, boxes, slots }: PermutationCircuit,
  boxWeights: readonly FieldElement[],
  stateWeights: readonly FieldElement[],
): AffineWeights {
  const { rounds, matrix, full } = poseidonParameters(width);
  const sums = new Array<FieldElement>(slots).fill(reduce(0n));
  let constant = 0n;
  let weights: FieldElement[] = Array.from({ length: width }, (_, word) => stateWeights[word] ?? reduce(0n));
  let box = boxes;
  for (let round = rounds.length - 1; round >= 0; round--) {
    const words = full[round]! ? width : 1;
    box -= words;
    const isZero = weights.every((weight) => weight === 0n);
    const before = isZero ? weights : weights.map((_, column) => columnProduct(matrix, column, weights));
    weights = before.map((weight, word) => {
      if (word >= words) return weight;
      sums[box + word] = weight;
      return boxWeights[box + word] ?? reduce(0n);
    });
    for (let word = 0; word < width; word++) constant += weights[word]! * rounds[round]![word]!;
  }
  weights.forEach((weight, word) => (sums[boxes + word] = weight));
  return { slots: sums, constant: reduce(constant) };
}

function columnProduct(
  matrix: readonly (readonly FieldElement[])[],
  column: number,
  weights: readonly FieldElement[],
): FieldElement {
  let sum = 0n;
  for (let row = 0; row < weights.length; row++) sum += matrix[row]![column]! * weights[row]!;
  return reduce(sum);
}
