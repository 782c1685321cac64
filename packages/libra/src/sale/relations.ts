import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { POSEIDON_RATE } from "@zkcmp/field/poseidon";
import { DOMAIN } from "@zkcmp/sale/domains";
import { challenges, type VerifierChannel } from "../channel.ts";
import { equalityVector, innerProduct, powers } from "../multilinear.ts";
import { variablesOf } from "../table.ts";
import { type AffineWeights, inputSlot, outputWeights } from "./permutation-circuit.ts";
import type { SalePublicData } from "./public-data.ts";
import type { PermutationUse, SaleSystem } from "./sale-system.ts";

/** sum over copies c and slots s of copyWeights[c] slotWeights[s] V(c, s) of one table. */
export interface RelationTerm {
  readonly table: number;
  /** Zero beyond its end, which is not beyond the used copies. */
  readonly copyWeights: readonly FieldElement[];
  readonly slotWeights: readonly FieldElement[];
}

/** sum of terms + constant = 0. */
export interface Relation {
  readonly name: string;
  readonly terms: readonly RelationTerm[];
  readonly constant: FieldElement;
}

const ONE = reduce(1n);
const MINUS_ONE = reduce(-1n);

/**
 * All linear equations between tables and public values. Where one stands for many, they are weighed by challenges that are
 * drawn here, when all tables are committed.
 */
export function saleRelations(
  channel: Pick<VerifierChannel, "challenge">,
  system: SaleSystem,
  data: SalePublicData,
): Relation[] {
  return [
    countRelation(system, data),
    ...unusedBits(channel, system),
    ciphertextWords(channel, system, data),
    keystreamInputs(channel, system),
    keyPermutations(channel, system, data),
    ...(system.committed ? [modelWords(channel, system, data), modelChain(channel, system, data)] : []),
  ];
}

/** count - T = surplus, or allowed - sum of squares = surplus, over the used rows alone. */
function countRelation({ scores, surplus, rows }: SaleSystem, { judged }: SalePublicData): Relation {
  const counted = scores.kind === "accuracy" ? scores.okSlot : scores.squareSlot;
  const sign = scores.kind === "accuracy" ? ONE : MINUS_ONE;
  return {
    name: scores.kind === "accuracy" ? "number of right rows" : "sum of squared errors",
    terms: [
      {
        table: scores.table,
        copyWeights: new Array<FieldElement>(rows).fill(ONE),
        slotWeights: atSlots(scores.slots, [[counted, sign]]),
      },
      {
        table: surplus.table,
        copyWeights: [ONE],
        slotWeights: binaryWeights(surplus.circuit.inputSlots, surplus.bits, MINUS_ONE),
      },
    ],
    constant: reduce(judged.kind === "accuracy" ? BigInt(-judged.threshold) : judged.allowed),
  };
}

/** The last word's bits beyond its digits are 0: else a ciphertext that does not decode would pass. */
function unusedBits(channel: Pick<VerifierChannel, "challenge">, { words }: SaleSystem): Relation[] {
  const { table, slots, digits, digitBits, digitsPerWord } = words;
  const end = digitsPerWord * digitBits;
  const used = (digits - (words.words - 1) * digitsPerWord) * digitBits;
  if (used === end) return [];
  const weights = powers(channel.challenge("unused bits"), end - used);
  const slotWeights = atSlots(
    slots,
    weights.map((weight, i) => [used + i, weight]),
  );
  const copyWeights = atSlots(words.words, [[words.words - 1, ONE]]);
  return [{ name: "unused bits of the last word", terms: [{ table, copyWeights, slotWeights }], constant: reduce(0n) }];
}

/** For every word w: c_w - pad_w - (the word of its bits) = 0. */
function ciphertextWords(
  channel: Pick<VerifierChannel, "challenge">,
  system: SaleSystem,
  { ciphertext }: SalePublicData,
): Relation {
  const { words } = system.words;
  const { keystream } = system.uses;
  const ofBlocks = equalityVector(challenges(channel, variablesOf(keystream.copies), "word blocks"));
  const ofPlaces = equalityVector(challenges(channel, variablesOf(POSEIDON_RATE), "word places"));
  const weights = ciphertext.map((_, word) =>
    multiply(ofBlocks[Math.floor(word / POSEIDON_RATE)]!, ofPlaces[word % POSEIDON_RATE]!),
  );
  const full = Math.floor(words / POSEIDON_RATE);
  const rest = words % POSEIDON_RATE;
  const sum = new RelationSum("words of the ciphertext", system);
  sum.constant(innerProduct(weights, ciphertext));
  sum.words(weights, MINUS_ONE);
  if (full > 0) sum.outputs(keystream, ofBlocks.slice(0, full), ofPlaces.map(negative));
  if (rest > 0)
    sum.outputs(keystream, atSlots(full + 1, [[full, ofBlocks[full]!]]), ofPlaces.slice(0, rest).map(negative));
  return sum.relation();
}

/** The input of keystream block j is (tag, K, j, 0, ..., 0). */
function keystreamInputs(channel: Pick<VerifierChannel, "challenge">, system: SaleSystem): Relation {
  const { keystream, cipherKey } = system.uses;
  const ofBlocks = equalityVector(challenges(channel, variablesOf(keystream.copies), "keystream blocks")).slice(
    0,
    keystream.copies,
  );
  const ofInputs = powers(channel.challenge("keystream inputs"), POSEIDON_RATE + 1);
  const total = reduce(ofBlocks.reduce((sum, weight) => sum + weight, 0n));
  const counted = reduce(ofBlocks.reduce((sum, weight, block) => sum + weight * BigInt(block), 0n));
  const sum = new RelationSum("inputs of the keystream", system);
  sum.inputs(keystream, ofBlocks, ofInputs);
  sum.constant(reduce(-multiply(total, ofInputs[0]!) * DOMAIN.keystream));
  sum.outputs(cipherKey, [ONE], [reduce(-multiply(total, ofInputs[1]!))]);
  sum.constant(reduce(-counted * ofInputs[2]!));
  return sum.relation();
}

/** E = Poseidon(k, d), K = Poseidon(k, s), S = Poseidon(s), each with its tag. */
function keyPermutations(
  channel: Pick<VerifierChannel, "challenge">,
  system: SaleSystem,
  { core }: SalePublicData,
): Relation {
  const { key, cipherKey, binding } = system.uses;
  const [keyTag, keyOut, keyTwice, cipherTag, secretTwice, bindingTag, bindingOut] = powers(
    channel.challenge("keys"),
    7,
  ) as [FieldElement, FieldElement, FieldElement, FieldElement, FieldElement, FieldElement, FieldElement];
  const zero = reduce(0n);
  const sum = new RelationSum("keys", system);
  sum.inputs(key, [ONE], [keyTag, keyTwice]);
  sum.inputs(cipherKey, [ONE], [cipherTag, negative(keyTwice), secretTwice]);
  sum.inputs(binding, [ONE], [bindingTag, negative(secretTwice)]);
  sum.constant(reduce(-keyTag * DOMAIN.keyCommitment - cipherTag * DOMAIN.cipherKey - bindingTag * DOMAIN.binding));
  sum.outputs(key, [ONE], [keyOut, zero]);
  sum.outputs(binding, [ONE], [bindingOut, zero]);
  sum.constant(reduce(-keyOut * core.keyCommitment - bindingOut * core.bindingCommitment));
  return sum.relation();
}

/** Word q - 1 of the sealed words is input q of M's sponge, q = 1, 2, ...; input 0 is the salt, which is free. */
function modelWords(
  channel: Pick<VerifierChannel, "challenge">,
  system: SaleSystem,
  { ciphertext }: SalePublicData,
): Relation {
  const { model, modelEnd } = system.uses;
  const blocks = model.copies + (modelEnd === null ? 0 : 1);
  const ofBlocks = equalityVector(challenges(channel, variablesOf(blocks), "model blocks"));
  const ofPlaces = equalityVector(challenges(channel, variablesOf(POSEIDON_RATE), "model places"));
  // The rate lies in words 1 to 16 of the state. The first input of the first block is the salt.
  const ofInputs = [reduce(0n), ...ofPlaces];
  const withoutSalt = ofInputs.with(1, reduce(0n));
  const sum = new RelationSum("words of the model", system);
  if (model.copies > 0) sum.inputs(model, [ofBlocks[0]!], withoutSalt);
  if (model.copies > 1) sum.inputs(model, ofBlocks.slice(0, model.copies).with(0, reduce(0n)), ofInputs);
  if (modelEnd !== null) {
    const own = model.copies === 0 ? withoutSalt : ofInputs;
    sum.inputs(modelEnd, [ofBlocks[model.copies]!], own.slice(0, 1 + ((1 + ciphertext.length) % POSEIDON_RATE)));
  }
  const weights = ciphertext.map((_, word) =>
    multiply(ofBlocks[Math.floor((1 + word) / POSEIDON_RATE)]!, ofPlaces[(1 + word) % POSEIDON_RATE]!),
  );
  sum.words(weights, MINUS_ONE);
  return sum.relation();
}

/** Word 0 of M's sponge: the tag, then the output of the block before; the last output is M. */
function modelChain(
  channel: Pick<VerifierChannel, "challenge">,
  system: SaleSystem,
  { core }: SalePublicData,
): Relation {
  const { model, modelEnd } = system.uses;
  const full = model.copies;
  const blocks = full + (modelEnd === null ? 0 : 1);
  const weights = powers(channel.challenge("model chain"), blocks + 1);
  const sum = new RelationSum("chain of the model's blocks", system);
  sum.constant(negative(DOMAIN.model));
  if (full > 0) {
    sum.inputs(model, weights.slice(0, full), [ONE]);
    sum.outputs(model, weights.slice(1, full + 1), [MINUS_ONE]);
  }
  if (modelEnd !== null) {
    sum.inputs(modelEnd, [weights[full]!], [ONE]);
    sum.outputs(modelEnd, [weights[full + 1]!], [MINUS_ONE]);
  }
  sum.constant(multiply(weights[blocks]!, core.modelCommitment));
  return sum.relation();
}

/** A relation in the making. */
class RelationSum {
  readonly #name: string;
  readonly #system: SaleSystem;
  readonly #terms: RelationTerm[] = [];
  #constant = 0n;

  constructor(name: string, system: SaleSystem) {
    this.#name = name;
    this.#system = system;
  }

  constant(value: FieldElement): void {
    this.#constant += value;
  }

  /** Adds factor * weights[w] * (the packed digits of word w) over all w. */
  words(weights: readonly FieldElement[], factor: FieldElement): void {
    const { table, slots, digitBits, digitsPerWord } = this.#system.words;
    const slotWeights = binaryWeights(slots, digitBits * digitsPerWord, factor);
    this.#terms.push({ table, copyWeights: weights, slotWeights });
  }

  /** Adds copyWeights[c] * inputWeights[i] * (word i of the state that goes into copy c of a use). */
  inputs(use: PermutationUse, copyWeights: readonly FieldElement[], inputWeights: readonly FieldElement[]): void {
    const { permutation } = this.#system.permutations[use.group]!;
    const slots = inputWeights.map((weight, word) => [inputSlot(permutation, word), weight] as const);
    this.#add(use, copyWeights, { slots: atSlots(permutation.slots, slots), constant: reduce(0n) });
  }

  /** The same of the state that comes out. */
  outputs(use: PermutationUse, copyWeights: readonly FieldElement[], wordWeights: readonly FieldElement[]): void {
    const { permutation } = this.#system.permutations[use.group]!;
    this.#add(use, copyWeights, outputWeights(permutation, wordWeights));
  }

  relation(): Relation {
    return { name: this.#name, terms: this.#terms, constant: reduce(this.#constant) };
  }

  #add(use: PermutationUse, copyWeights: readonly FieldElement[], { slots, constant }: AffineWeights): void {
    if (copyWeights.length > use.copies) throw new RangeError(`${this.#name}: weights for copies of another use`);
    const before = new Array<FieldElement>(use.firstCopy).fill(reduce(0n));
    const { table } = this.#system.permutations[use.group]!;
    this.#terms.push({ table, copyWeights: [...before, ...copyWeights], slotWeights: slots });
    this.#constant += copyWeights.reduce((sum, weight) => sum + weight * constant, 0n);
  }
}

function atSlots(slots: number, entries: readonly (readonly [number, FieldElement])[]): FieldElement[] {
  const weights = new Array<FieldElement>(slots).fill(reduce(0n));
  for (const [slot, weight] of entries) weights[slot] = weight;
  return weights;
}

/** factor * 2^i for the first slots. */
function binaryWeights(slots: number, bits: number, factor: FieldElement): FieldElement[] {
  return atSlots(
    slots,
    Array.from({ length: bits }, (_, bit) => [bit, reduce(factor << BigInt(bit))] as const),
  );
}

function negative(value: FieldElement): FieldElement {
  return reduce(-value);
}
