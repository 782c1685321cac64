import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { packDigits } from "@zkcmp/field/packing";
import { POSEIDON_RATE } from "@zkcmp/field/poseidon";
import { type Network, parametersInSealingOrder } from "@zkcmp/network/network";
import { DOMAIN } from "@zkcmp/sale/domains";
import type { SaleWitness } from "@zkcmp/sale/proof-system";
import { cipherKeyOf } from "@zkcmp/sale/seal";
import { ErrorBoundError, ModelCommitmentError, ThresholdError } from "@zkcmp/sale/witness-check";
import type { TableShape, TableValues } from "../table.ts";
import type { ActivationGroup } from "./activation-circuit.ts";
import { type BatchLayer, inferRows, type Integers } from "./batch-inference.ts";
import { digitMatrix } from "./digit-weights.ts";
import { type PermutationTrace, tracePermutation, tracePermutations } from "./permutation-trace.ts";
import type { SalePublicData } from "./public-data.ts";
import type { PermutationUse, SaleSystem } from "./sale-system.ts";
import { marginSlot } from "./score-circuit.ts";

/** What the prover of a sale works on. */
export interface SaleTables {
  /** In the order of the argument's tables. */
  readonly tables: readonly TableValues[];
  readonly network: Network;
  /** h of every hidden layer, rows x neurons. */
  readonly activations: readonly Integers[];
  /** words x columns of `digitMatrix`. */
  readonly digits: Uint16Array;
  /** By permutation group and S-box, its input in every copy. */
  readonly boxInputs: readonly (readonly (readonly FieldElement[])[])[];
}

/**
 * The tables of a statement and its witness.
 * @throws ThresholdError, ErrorBoundError, ModelCommitmentError where there is nothing to prove
 */
export function saleTables(
  kernels: Kernels,
  system: SaleSystem,
  data: SalePublicData,
  witness: SaleWitness,
): SaleTables {
  const { network } = witness;
  const sealed = sealedWords(system, network);
  const permutations = tracePermutationsOf(kernels, system, witness, sealed.words);
  if (system.committed && permutations.modelCommitment !== data.core.modelCommitment) throw new ModelCommitmentError();
  const layers = inferRows(network, system.rows, data.inputs);
  const judged = judgeRows(system, data, layers.at(-1)!);
  return {
    tables: [
      ...system.activations.map((group) => activationTable(system, group, layers)),
      judged.scores,
      sealed.table,
      ...permutations.tables,
      surplusTable(system, judged.surplus),
    ],
    network,
    activations: layers.slice(0, -1).map(({ h }) => h),
    digits: sealed.digits,
    boxInputs: permutations.boxInputs,
  };
}

function activationTable(system: SaleSystem, group: ActivationGroup, layers: readonly BatchLayer[]): TableValues {
  const { rows, shape } = system;
  const bits = new Uint8Array(rows * group.slots);
  const wide: FieldElement[][] = [];
  for (const { layer, firstNeuron, neurons, bits: width, firstSlot } of group.ranges) {
    const { z } = layers[layer]!;
    const { outputs } = shape.layers[layer]!;
    for (let neuron = 0; neuron < neurons; neuron++) {
      if (width === 0)
        wide.push(Array.from({ length: rows }, (_, row) => valueAt(z, row * outputs + firstNeuron + neuron)));
      for (let row = 0; row < rows && width > 0; row++) {
        const at = row * group.slots + firstSlot + neuron * width;
        writeSigned(bits, at, width - 1, z[row * outputs + firstNeuron + neuron]!);
      }
    }
  }
  return { bits, wide };
}

interface JudgedTable {
  readonly scores: TableValues;
  readonly surplus: bigint;
}

function judgeRows({ rows, scores }: SaleSystem, { judged }: SalePublicData, { z }: BatchLayer): JudgedTable {
  if (judged.kind === "squared-error" || scores.kind === "squared-error") {
    if (judged.kind !== scores.kind) throw new RangeError("the statement has another predicate than the system");
    return judgeErrors(z, judged as Extract<typeof judged, { kind: "squared-error" }>);
  }
  const { labels, threshold } = judged;
  const { classes, marginBits, slots, okSlot, wide: wideSlots } = scores;
  const bits = new Uint8Array(rows * slots);
  const wide = wideSlots.map(() => new Array<FieldElement>(rows));
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!;
    const own = Array.from({ length: classes }, (_, j) => BigInt(z[row * classes + j]!) + (j < label ? 1n : 0n));
    const top = own[label]!;
    own.forEach((score, j) => (wide[j]![row] = reduce(score)));
    wide[classes]![row] = reduce(top);
    if (own.some((score) => top < score)) continue;
    count++;
    bits[row * slots + okSlot] = 1;
    own.forEach((score, j) => {
      writeBits(bits, row * slots + marginSlot({ okSlot, marginBits }, j, 0), marginBits, top - score);
    });
  }
  if (count < threshold) throw new ThresholdError(rows, threshold);
  return { scores: { bits, wide }, surplus: BigInt(count - threshold) };
}

function judgeErrors(
  z: Integers,
  { targets, allowed }: { readonly targets: readonly bigint[]; readonly allowed: bigint },
): JudgedTable {
  const errors = targets.map((target, row) => BigInt(z[row]!) - target);
  const squares = errors.map((error) => error * error);
  const surplus = squares.reduce((left, square) => left - square, allowed);
  if (surplus < 0n) throw new ErrorBoundError();
  const bits = new Uint8Array(2 * targets.length);
  return { scores: { bits, wide: [errors.map(reduce), squares.map(reduce)] }, surplus };
}

function sealedWords({ words }: SaleSystem, network: Network) {
  const { digitBits, digitsPerWord, slots } = words;
  const { columns } = digitMatrix(words);
  const bits = new Uint8Array(words.words * slots);
  const digits = new Uint16Array(words.words * columns);
  const offset = 2 ** (digitBits - 1);
  const sealed = Array.from(parametersInSealingOrder(network), (parameter) => parameter + offset);
  sealed.forEach((digit, i) => {
    const word = Math.floor(i / digitsPerWord);
    const place = i % digitsPerWord;
    digits[word * columns + place] = digit;
    const at = word * slots + place * digitBits;
    for (let bit = 0; bit < digitBits; bit++) bits[at + bit] = (digit >> bit) & 1;
  });
  return { table: { bits, wide: [] } satisfies TableValues, digits, words: packDigits(sealed, digitBits) };
}

interface TracedPermutations {
  readonly tables: TableValues[];
  readonly boxInputs: FieldElement[][][];
  /** Of the words with the salt; undefined without a salt. */
  readonly modelCommitment: FieldElement | undefined;
}

function tracePermutationsOf(
  kernels: Kernels,
  { uses, permutations }: SaleSystem,
  { secrets, modelSalt }: SaleWitness,
  words: readonly FieldElement[],
): TracedPermutations {
  const { key, opening, secret } = secrets;
  const placed = permutations.map(({ permutation, copies }) => ({
    boxes: Array.from({ length: permutation.boxes }, () => new Array<FieldElement>(copies)),
    boxInputs: Array.from({ length: permutation.boxes }, () => new Array<FieldElement>(copies)),
    inputs: Array.from({ length: permutation.width }, () => new Array<FieldElement>(copies)),
  }));
  const place = (
    { group, firstCopy }: Pick<PermutationUse, "group" | "firstCopy">,
    states: readonly (readonly FieldElement[])[],
    trace: PermutationTrace,
  ): void => {
    const { boxes, boxInputs, inputs } = placed[group]!;
    states.forEach((state, copy) => state.forEach((word, i) => (inputs[i]![firstCopy + copy] = word)));
    for (let copy = 0; copy < states.length; copy++) {
      trace.boxes.forEach((values, box) => (boxes[box]![firstCopy + copy] = values[copy]!));
      trace.boxInputs.forEach((values, box) => (boxInputs[box]![firstCopy + copy] = values[copy]!));
    }
  };
  const placeOne = (use: Pick<PermutationUse, "group" | "firstCopy">, state: readonly FieldElement[]): FieldElement => {
    const trace = tracePermutation(state);
    place(use, [state], trace);
    return trace.outputs[0]![0]!;
  };

  placeOne(uses.key, [DOMAIN.keyCommitment, key, opening]);
  placeOne(uses.cipherKey, [DOMAIN.cipherKey, key, secret]);
  placeOne(uses.binding, [DOMAIN.binding, secret]);
  const cipherKey = cipherKeyOf(key, secret);
  const blocks = Array.from({ length: uses.keystream.copies }, (_, block) => {
    const state = new Array<FieldElement>(POSEIDON_RATE + 1).fill(reduce(0n));
    return state
      .with(0, DOMAIN.keystream)
      .with(1, cipherKey)
      .with(2, reduce(BigInt(block)));
  });
  place(uses.keystream, blocks, tracePermutations(kernels, POSEIDON_RATE + 1, blocks));

  // Without the salt the sponge has no M to open to; the caller refuses.
  const message = [modelSalt ?? reduce(0n), ...words];
  let capacity: FieldElement = DOMAIN.model;
  for (let block = 0; block < uses.model.copies; block++) {
    const own = message.slice(block * POSEIDON_RATE, (block + 1) * POSEIDON_RATE);
    capacity = placeOne({ ...uses.model, firstCopy: uses.model.firstCopy + block }, [capacity, ...own]);
  }
  if (uses.modelEnd !== null) {
    capacity = placeOne(uses.modelEnd, [capacity, ...message.slice(uses.model.copies * POSEIDON_RATE)]);
  }
  return {
    tables: permutations.map(({ permutation, copies }, group) => ({
      bits: new Uint8Array(copies * permutation.slots),
      wide: [...placed[group]!.boxes, ...placed[group]!.inputs],
    })),
    boxInputs: placed.map(({ boxInputs }) => boxInputs),
    modelCommitment: modelSalt === undefined ? undefined : capacity,
  };
}

function surplusTable({ surplus, argument }: SaleSystem, value: bigint): TableValues {
  const { slots }: TableShape = argument.tables[surplus.table]!;
  const bits = new Uint8Array(slots);
  writeBits(bits, 0, surplus.bits, value);
  return { bits, wide: [] };
}

function valueAt(values: Integers, index: number): FieldElement {
  return reduce(BigInt(values[index]!));
}

const TWO_32 = 2 ** 32;

/** The bits of value + 2^magnitudeBits. As a double, that sum may not be exact; the sign and the rest are. */
function writeSigned(target: Uint8Array, at: number, magnitudeBits: number, value: number | bigint): void {
  const isNegative = value < 0;
  target[at + magnitudeBits] = isNegative ? 0 : 1;
  if (typeof value === "bigint") {
    writeBits(target, at, magnitudeBits, isNegative ? value + (1n << BigInt(magnitudeBits)) : value);
    return;
  }
  const rest = isNegative ? value + 2 ** magnitudeBits : value;
  const low = rest >>> 0;
  const high = Math.floor(rest / TWO_32);
  for (let bit = 0; bit < magnitudeBits; bit++)
    target[at + bit] = bit < 32 ? (low >>> bit) & 1 : (high >>> (bit - 32)) & 1;
}

/** The low bits of a non-negative integer. */
function writeBits(target: Uint8Array, at: number, bits: number, value: bigint): void {
  let rest = value;
  for (let start = 0; start < bits; start += 32) {
    const part = Number(BigInt.asUintN(32, rest));
    rest >>= 32n;
    for (let bit = start; bit < Math.min(bits, start + 32); bit++) target[at + bit] = (part >>> (bit - start)) & 1;
  }
}
