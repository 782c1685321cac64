import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { digitsPerWord } from "@zkcmp/field/packing";
import { POSEIDON_RATE } from "@zkcmp/field/poseidon";
import { layerBounds, type LayerBounds, MAX_BOUND_BITS } from "@zkcmp/network/bounds";
import { type NetworkShape, outputCount, parameterCount, parseNetworkShape } from "@zkcmp/network/shape";
import { ciphertextLength } from "@zkcmp/sale/ciphertext";
import type { Predicate } from "@zkcmp/sale/predicate";
import type { SaleStatement } from "@zkcmp/sale/statement";
import { squaredErrorBits, StatementError } from "@zkcmp/sale/statement-check";
import type { Argument } from "../argument.ts";
import { circuitDigest, type LayeredCircuit } from "../circuit/layered-circuit.ts";
import { type TableShape, variablesOf } from "../table.ts";
import { type ActivationGroup, activationGroups, type NeuronRange } from "./activation-circuit.ts";
import { bitTestCircuit } from "./bit-tests.ts";
import { inputSlot, permutationCircuit, type PermutationCircuit } from "./permutation-circuit.ts";
import {
  type AccuracyScores,
  accuracyScores,
  accuracySlots,
  type SquaredErrorScores,
  squaredErrorScores,
} from "./score-circuit.ts";

/** The ciphertext's plain words as bits, a word in every copy: bit b of digit d in slot d * digitBits + b. */
export interface WordsLayout {
  readonly table: number;
  readonly words: number;
  readonly digitBits: number;
  readonly digitsPerWord: number;
  /** Parameters; the last word may have room for more. */
  readonly digits: number;
  readonly slots: number;
  readonly circuit: LayeredCircuit;
}

/** All permutations of one width, one in every copy. */
export interface PermutationGroup {
  readonly table: number;
  readonly permutation: PermutationCircuit;
  readonly copies: number;
}

/** Which copies of a group serve one purpose. */
export interface PermutationUse {
  readonly group: number;
  readonly firstCopy: number;
  readonly copies: number;
}

/** The permutations of a sale. */
export interface PermutationUses {
  /** E = out_0(0, k, d) */
  readonly key: PermutationUse;
  /** K = out_0(tag, k, s) */
  readonly cipherKey: PermutationUse;
  /** S = out_0(tag, s) */
  readonly binding: PermutationUse;
  /** Pads of words 16 j to 16 j + 15: the first 16 words of block j. */
  readonly keystream: PermutationUse;
  /** M's sponge over the salt and the plain words: its blocks of 16 words; no copies without M. */
  readonly model: PermutationUse;
  /** Its shorter last block, if there is one. */
  readonly modelEnd: PermutationUse | null;
}

export interface SurplusLayout {
  readonly table: number;
  readonly bits: number;
  readonly circuit: LayeredCircuit;
}

/** What is public about a sale before its statement: tables, circuits and how they belong together. Follows from `SaleVariant`. */
export interface SaleSystem extends SaleVariant {
  readonly bounds: readonly LayerBounds[];
  readonly argument: Argument;
  /** Group i is table i. */
  readonly activations: readonly ActivationGroup[];
  readonly scores: (AccuracyScores | SquaredErrorScores) & { readonly table: number };
  readonly words: WordsLayout;
  readonly permutations: readonly PermutationGroup[];
  readonly uses: PermutationUses;
  readonly surplus: SurplusLayout;
}

/** Everything that a sale's system depends on. */
export interface SaleVariant {
  readonly shape: NetworkShape;
  /** Proven rows n. */
  readonly rows: number;
  readonly predicate: Predicate;
  /** Whether the core names an M. */
  readonly committed: boolean;
}

/** A table has fewer: indices of entries take 32 bits. */
const TABLE_ENTRIES = 2 ** 32;
const SCORE_SLOTS_AT_MOST = 2 ** 16;
/** Of all hidden neurons of a row: circuits of more take the verifier of a seller's core longer than it should let itself be kept. */
const HIDDEN_SLOTS_AT_MOST = 2 ** 20;

/** @throws ShapeError, StatementError as {@link saleSystem} */
export function saleSystemOf({ core, provenRows }: SaleStatement): SaleSystem {
  return saleSystem({
    shape: core.shape,
    rows: provenRows.rows.length,
    predicate: core.predicate,
    committed: core.modelCommitment !== 0n,
  });
}

/**
 * The system of a sale: the statement that circuits/sale.circom and regression-sale.circom show, as committed tables with
 * circuits and relations over them. c runs over the n used copies, tau, r, sigma stand for points drawn after all tables are
 * committed; an equation that is an identity of multilinear polynomials at such a point holds for every used copy, but
 * for a probability below 2^-200. Copies from n on are padding: the rest of a last commitment row may hold anything there. No
 * equation of a used copy reads padding, and sums over copies weigh used ones only.
 *
 * What pins the slots, by table:
 *
 * | slot | pinned by |
 * | activations, bits of z + 2^B (ReLU) | 0 or 1 by the activation circuit; their sum by the matrix product of the layer |
 * | activations, z (square) | the matrix product of the layer |
 * | scores, g_j = y_j + [j < L], e = y - target | the matrix product of the last layer, with public ties or targets |
 * | scores, top = y_L | the relation top = sum over j of [j = L] g_j |
 * | scores, ok and margins' bits | 0 or 1 and ok (top - g_j) = margin_j by the score circuit |
 * | scores, square | e^2 by the score circuit |
 * | words, used bits | 0 or 1 by the words circuit; their sum by c_w - pad_w |
 * | words, bits beyond the last word's digits | 0 by a relation |
 * | permutations, S-boxes | fifth powers of their inputs by the permutation circuit |
 * | permutations, inputs of E, K, S | tags, the same k in E and K, the same s in K and S; d, k, s are free |
 * | permutations, inputs of the keystream | (tag, K, j, 0, ...), K the output of its permutation |
 * | permutations, inputs of the sponge | the block before or the tag; the words, in place; the salt is free |
 * | permutations, outputs | affine in the slots: E, S and M are public, pads and K are used |
 * | surplus, bits | 0 or 1 by its circuit; their sum is count - T, or allowed - sum of squares |
 * | any other slot | nothing reads it |
 *
 * Where integers are meant, r is never passed. Weights are digits of b bits minus 2^(b-1), inputs checked by the verifier, so
 * by induction over layers |z| <= zMax < 2^B (packages/network/src/bounds.ts), B <= 250:
 * - the bits of z + 2^B, B + 1 <= 251 of them, have one value in [0, 2^(B+1)); so h is the activation of the integer z.
 *   Squares are below 2^(2B) <= 2^250.
 * - |y_L - g_j| <= 2 zMax + 1 < 2^(B+1), and margins lie in [0, 2^(B+1)): equal modulo r > 2^253 is equal.
 * - count and T lie in [0, n], surplus in [0, 2^bits) with n < 2^bits <= 2 n.
 * - |e| <= 2^(B+1), sums of squares and the allowed one lie in [0, 2^S), S <= 250, and so does surplus.
 * - the digits of a word have at most 253 bits, 2^253 < r: one list of digits fits a word.
 *
 * @throws ShapeError if the shape is none, or a bound passes 2^250
 * @throws {StatementError} if squared errors are asked of several outputs or can pass 2^250, or there are too many classes,
 * hidden neurons or rows
 */
export function saleSystem(variant: SaleVariant): SaleSystem {
  const shape = parseNetworkShape(variant.shape);
  const bounds = layerBounds(shape);
  const { rows, predicate, committed } = variant;
  const tables: TableShape[] = [];
  const addTable = (table: TableShape): number => {
    if (table.copies * table.slots >= TABLE_ENTRIES) {
      throw new StatementError(
        `the table ${table.name} would have 2^32 entries or more`,
        "Prove fewer rows, or use a network with fewer hidden neurons or classes.",
      );
    }
    return tables.push(table) - 1;
  };

  checkHiddenNeurons(shape, bounds);
  const activations = activationGroups(shape, bounds);
  activations.forEach(({ slots, wide }, group) =>
    addTable({ name: `activations-${group}`, copies: rows, slots, wide }),
  );
  const scores = scoresOf(shape, bounds, rows, predicate);
  const scoresTable = addTable({ name: "scores", copies: rows, slots: scores.slots, wide: scores.wide });
  const words = wordsOf(shape);
  const wordsTable = addTable({ name: "words", copies: words.words, slots: words.slots, wide: [] });

  const { groups, uses } = permutationsOf(words.words, committed);
  const permutations = groups.map(({ width, copies }): PermutationGroup => {
    const permutation = permutationCircuit(width);
    const wide = Array.from({ length: inputSlot(permutation, width) }, (_, slot) => slot);
    const table = addTable({ name: `permutations-${width}`, copies, slots: permutation.slots, wide });
    return { table, permutation, copies };
  });

  const bits = predicate === "accuracy" ? rows.toString(2).length : squaredErrorBits(shape, rows);
  const surplusSlots = 2 ** variablesOf(bits);
  const surplusTable = addTable({ name: "surplus", copies: 1, slots: surplusSlots, wide: [] });
  const surplus = { table: surplusTable, bits, circuit: bitTestCircuit("surplus", surplusSlots, bits) };

  const circuits = [
    ...activations.map(({ circuit }) => circuit),
    scores.circuit,
    words.circuit,
    ...permutations.map(({ permutation }) => permutation.circuit),
    surplus.circuit,
  ];
  return {
    shape,
    rows,
    predicate,
    committed,
    bounds,
    argument: { name: "zkcmp sale", tables, digest: systemDigest(variant, circuits) },
    activations,
    scores: { ...scores, table: scoresTable },
    words: { ...words, table: wordsTable },
    permutations,
    uses,
    surplus,
  };
}

/** Where a hidden layer's neurons lie; empty for the last layer. */
export function rangesOfLayer(
  { activations }: SaleSystem,
  layer: number,
): readonly { readonly group: number; readonly range: NeuronRange }[] {
  return activations.flatMap(({ ranges }, group) =>
    ranges.filter((range) => range.layer === layer).map((range) => ({ group, range })),
  );
}

function checkHiddenNeurons(shape: NetworkShape, bounds: readonly LayerBounds[]): void {
  const slots = shape.layers
    .slice(0, -1)
    .reduce((sum, { outputs }, layer) => sum + outputs * (bounds[layer]!.magnitudeBits + 2), 0);
  if (slots > HIDDEN_SLOTS_AT_MOST) {
    throw new StatementError(
      "the network has more hidden neurons than a proof has room for",
      "Use a network with fewer hidden neurons or bits.",
    );
  }
}

function scoresOf(
  shape: NetworkShape,
  bounds: readonly LayerBounds[],
  rows: number,
  predicate: Predicate,
): AccuracyScores | SquaredErrorScores {
  const outputs = outputCount(shape);
  const { magnitudeBits } = bounds.at(-1)!;
  const refuse = (problem: string, fix: string): never => {
    throw new StatementError(problem, fix);
  };
  if (predicate === "accuracy") {
    if (accuracySlots(outputs, magnitudeBits) > SCORE_SLOTS_AT_MOST) {
      refuse(`${outputs} classes are more than a proof has room for`, "Use a network with fewer classes or bits.");
    }
    return accuracyScores(outputs, magnitudeBits);
  }
  if (outputs !== 1) {
    refuse(`the network has ${outputs} outputs, squared errors are of one`, "Use a network with one output.");
  }
  if (squaredErrorBits(shape, rows) > MAX_BOUND_BITS) {
    refuse(
      `the sum of the squared errors can pass the limit 2^${MAX_BOUND_BITS}`,
      "Use fewer or narrower layers, fewer bits, larger shifts, or relu in the place of square.",
    );
  }
  return squaredErrorScores();
}

function wordsOf(shape: NetworkShape): Omit<WordsLayout, "table"> {
  const digitBits = shape.weightBits;
  const perWord = digitsPerWord(digitBits);
  const slots = 2 ** variablesOf(perWord * digitBits);
  return {
    words: ciphertextLength(shape),
    digitBits,
    digitsPerWord: perWord,
    digits: parameterCount(shape),
    slots,
    circuit: bitTestCircuit("words", slots, perWord * digitBits),
  };
}

function permutationsOf(words: number, committed: boolean) {
  const groups: { readonly width: number; copies: number }[] = [];
  const use = (width: number, copies: number): PermutationUse => {
    let group = groups.findIndex((candidate) => candidate.width === width);
    if (group < 0) group = groups.push({ width, copies: 0 }) - 1;
    const firstCopy = groups[group]!.copies;
    groups[group]!.copies += copies;
    return { group, firstCopy, copies };
  };
  const message = committed ? 1 + words : 0;
  const rest = message % POSEIDON_RATE;
  const full = POSEIDON_RATE + 1;
  const uses: PermutationUses = {
    key: use(3, 1),
    cipherKey: use(3, 1),
    binding: use(2, 1),
    keystream: use(full, Math.ceil(words / POSEIDON_RATE)),
    model: use(full, Math.floor(message / POSEIDON_RATE)),
    modelEnd: rest === 0 ? null : use(rest + 1, 1),
  };
  return { groups, uses };
}

/** Of everything in the system that the tables' shapes do not tell. */
function systemDigest(
  { shape, rows, predicate, committed }: SaleVariant,
  circuits: readonly LayeredCircuit[],
): Uint8Array {
  const encoder = new CanonicalEncoder("zkcmp/libra/sale-system/v1")
    .unsigned(rows, 4)
    .text(predicate)
    .unsigned(committed ? 1 : 0, 1)
    .unsigned(shape.inputBits, 1)
    .unsigned(shape.weightBits, 1)
    .unsigned(shape.layers.length, 4);
  for (const { inputs, outputs, activation, shift, biasShift } of shape.layers) {
    encoder.unsigned(inputs, 4).unsigned(outputs, 4).text(activation).unsigned(shift, 1).unsigned(biasShift, 1);
  }
  for (const circuit of circuits) encoder.bytes(circuitDigest(circuit));
  return encoder.digest();
}
