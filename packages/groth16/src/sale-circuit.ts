import { ZkcmpError } from "@zkcmp/field/error";
import { digitsPerWord } from "@zkcmp/field/packing";
import { permutationConstraints, POSEIDON_RATE } from "@zkcmp/field/poseidon";
import { layerBounds, MAX_BOUND_BITS } from "@zkcmp/network/bounds";
import { inputCount, type NetworkShape, outputCount, parameterCount, shapeId } from "@zkcmp/network/shape";
import { ciphertextLength } from "@zkcmp/sale/ciphertext";
import type { Core } from "@zkcmp/sale/core";
import type { Predicate } from "@zkcmp/sale/predicate";
import { squaredErrorBits } from "@zkcmp/sale/statement-check";
import {
  REGRESSION_SALE_PUBLIC_INPUTS,
  REGRESSION_SALE_PUBLIC_OUTPUTS,
  SALE_PUBLIC_INPUTS,
  SALE_PUBLIC_OUTPUTS,
} from "./public-signals.ts";

/** Bits of a label in the public signals. */
export const LABEL_BITS = 8;

/** Labels that share a public signal. */
export const LABELS_PER_WORD = digitsPerWord(LABEL_BITS);

/** A network or a number of rows for which there is no sale circuit. */
export class SaleCircuitError extends ZkcmpError {}

/**
 * Part of every circuit's name, by which trusted keys are found: a key for an older version of the circuit, which may
 * have proven less, must not be taken for one of this version. A test asks for a new number when a source changes.
 */
export const SALE_CIRCUIT_VERSION = 2;

/** Words of the challenge's transcript before the rows: K, E, S, core, dealId, rowsDigest. */
export const TRANSCRIPT_HEADER_WORDS = 6;

/** What is proven about a network, besides its shape and the rows. */
export interface SaleVariant {
  /** Accuracy if not given. */
  readonly predicate?: Predicate;
  /** Whether the core names an M and the circuit opens it; not, if not given. */
  readonly committed?: boolean;
}

/** How one layer's values are packed for the challenge and the product check. */
export interface LayerSlots {
  /** B of circuits/sale.circom. */
  readonly magnitudeBits: number;
  /** Bits of a slot. */
  readonly slotBits: number;
  /** Field elements that a row's values of this layer take. */
  readonly words: number;
}

/** The sale circuit for one shape, number of rows and variant. One setup serves every test set and every deal of it. */
export interface SaleCircuit {
  readonly name: string;
  readonly shape: NetworkShape;
  /** Proven rows, exactly this many. */
  readonly rows: number;
  readonly predicate: Predicate;
  readonly committed: boolean;
  readonly slots: readonly LayerSlots[];
  /** Neurons of all hidden layers. */
  readonly hiddenCount: number;
  /** The public inputs in their order. */
  readonly publicInputs: readonly string[];
  /** Lengths of the public inputs. */
  readonly publicLengths: Readonly<Record<string, number>>;
  /** Public signals, the challenge among them. */
  readonly publicCount: number;
  /** S of circuits/network/squared-error.circom: sums of squared errors lie below 2^S. 0 for accuracy. */
  readonly errorBits: number;
  /** The main component, circom source. */
  readonly source: string;
}

const MAINS = {
  accuracy: {
    file: "sale.circom",
    template: "Sale",
    prefix: "sale",
    inputs: SALE_PUBLIC_INPUTS,
    outputs: SALE_PUBLIC_OUTPUTS,
  },
  "squared-error": {
    file: "regression-sale.circom",
    template: "RegressionSale",
    prefix: "regression-sale",
    inputs: REGRESSION_SALE_PUBLIC_INPUTS,
    outputs: REGRESSION_SALE_PUBLIC_OUTPUTS,
  },
} as const;

/**
 * Describes the circuit of a shape.
 * @param rows proven rows n, or m where rows are sampled
 * @throws ShapeError if a bound of the shape passes 2^250
 * @throws {SaleCircuitError} unless there is a row, and 1 to 256 classes (labels of more bits would run into each other) or,
 * for squared errors, one output with room for their sum below 2^250
 */
export function saleCircuit(shape: NetworkShape, rows: number, variant: SaleVariant = {}): SaleCircuit {
  const { predicate = "accuracy", committed = false } = variant;
  if (!Number.isSafeInteger(rows) || rows < 1) {
    throw new SaleCircuitError(`a sale of ${rows} proven rows has no circuit`, "Prove at least one row.");
  }
  const isRegression = predicate === "squared-error";
  const outputs = outputCount(shape);
  if (isRegression && outputs !== 1) {
    throw new SaleCircuitError(
      `the network has ${outputs} outputs, squared errors are of one`,
      "Use a network with one output, or the predicate accuracy.",
    );
  }
  if (outputs > 2 ** LABEL_BITS) {
    throw new SaleCircuitError(
      `the network has ${outputs} classes, labels take ${LABEL_BITS} bits`,
      `Use a network of at most ${2 ** LABEL_BITS} classes.`,
    );
  }
  const slots = slotsOf(shape, isRegression);
  const errorBits = isRegression ? squaredErrorBits(shape, rows) : 0;
  if (errorBits > MAX_BOUND_BITS) {
    throw new SaleCircuitError(
      `the sum of the squared errors can reach 2^${errorBits}, above the limit 2^${MAX_BOUND_BITS}`,
      "Use fewer or narrower layers, fewer bits, larger shifts, or relu in the place of square.",
    );
  }
  const main = MAINS[predicate];
  const lengths: Readonly<Record<string, number>> = {
    labels: Math.ceil(rows / LABELS_PER_WORD),
    targets: rows,
    ciphertext: ciphertextLength(shape),
    combined: inputCount(shape),
  };
  const publicLengths = Object.fromEntries(main.inputs.map((name) => [name, lengths[name] ?? 1]));
  const list = (values: readonly number[]): string => `[${values.join(", ")}]`;
  const parameters = [
    rows,
    shape.layers.length,
    list([inputCount(shape), ...shape.layers.map((layer) => layer.outputs)]),
    shape.weightBits,
    list(shape.layers.map((layer) => (layer.activation === "square" ? 1 : 0))),
    list(shape.layers.map((layer) => layer.shift)),
    list(shape.layers.map((layer) => layer.biasShift)),
    list(slots.map((slot) => slot.magnitudeBits)),
    committed ? 1 : 0,
  ];
  const committedSuffix = committed ? "-m" : "";
  return {
    name: `${main.prefix}-v${SALE_CIRCUIT_VERSION}-${shapeId(shape).replaceAll(".", "_")}-n${rows}${committedSuffix}`,
    shape,
    rows,
    predicate,
    committed,
    slots,
    hiddenCount: shape.layers.slice(0, -1).reduce((sum, layer) => sum + layer.outputs, 0),
    publicInputs: main.inputs,
    publicLengths,
    publicCount: main.outputs.length + Object.values(publicLengths).reduce((sum, length) => sum + length, 0),
    errorBits,
    source: [
      "// SPDX-License-Identifier: GPL-3.0-or-later",
      "pragma circom 2.2.3;",
      "",
      `include "${main.file}";`,
      "",
      `component main {public [${main.inputs.join(", ")}]} = ${main.template}(${parameters.join(", ")});`,
      "",
    ].join("\n"),
  };
}

/**
 * The circuit of a deal, as its core says.
 * @throws what {@link saleCircuit} throws
 */
export function saleCircuitOf(
  core: Pick<Core, "shape" | "rows" | "sampledRows" | "predicate" | "modelCommitment">,
): SaleCircuit {
  const { shape, rows, sampledRows, predicate, modelCommitment } = core;
  return saleCircuit(shape, sampledRows === 0 ? rows : sampledRows, { predicate, committed: modelCommitment !== 0n });
}

function slotsOf(shape: NetworkShape, isRegression: boolean): LayerSlots[] {
  const bounds = layerBounds(shape);
  return bounds.map(({ zMax, magnitudeBits }, index) => {
    const classScores = index === bounds.length - 1 && !isRegression;
    // Scores leave room for the 1 that the tie rule adds, and their slots for the ceilings of uncounted rows.
    const bits = classScores ? (zMax + 1n).toString(2).length : magnitudeBits;
    const slotBits = bits + (classScores ? 2 : 1);
    return { magnitudeBits: bits, slotBits, words: Math.ceil(shape.layers[index]!.outputs / digitsPerWord(slotBits)) };
  });
}

/** Constraints of a sponge: its first capacity word, the tag, is a constant and costs no S-box in the first round. */
function spongeConstraints(words: number): number {
  const rest = words % POSEIDON_RATE;
  return (
    Math.floor(words / POSEIDON_RATE) * permutationConstraints(POSEIDON_RATE + 1) +
    (rest === 0 ? 0 : permutationConstraints(rest + 1)) -
    3
  );
}

/** R1CS constraints of the sale circuit, as circom --O2 counts them. A test holds the formula to the compiler. */
export function saleConstraints(circuit: SaleCircuit): {
  /** Keys, decryption and range checks, the opening of M, what a product check costs once, the comparison. */
  readonly once: number;
  readonly perRow: number;
  readonly total: number;
} {
  const { shape, rows, slots } = circuit;
  const classes = outputCount(shape);
  const ciphertextWords = ciphertextLength(shape);
  const wordsOfRow = slots.reduce((sum, slot) => sum + slot.words, 0);
  const challenge = spongeConstraints(TRANSCRIPT_HEADER_WORDS + rows * wordsOfRow);

  const keys = 240 + 213 + 240;
  const decryption = shape.weightBits * parameterCount(shape) + 564 * Math.ceil(ciphertextWords / POSEIDON_RATE);
  // Where there is no M, the public input is compared with 0.
  const commitment = circuit.committed ? spongeConstraints(1 + ciphertextWords) : 1;
  // Weights times combined rows, and biases times the sum of the powers, which is the constant 1 for a single row.
  const biasFactor = rows > 1 ? 1 : 0;
  const products = slots.reduce((sum, slot, l) => sum + slot.words * (shape.layers[l]!.inputs + biasFactor), 0);
  const isRegression = circuit.predicate === "squared-error";
  const comparison = isRegression ? circuit.errorBits : rows.toString(2).length;

  const activations = shape.layers
    .slice(0, -1)
    .reduce((sum, layer, l) => sum + layer.outputs * (slots[l]!.magnitudeBits + 2), 0);
  const outputRange = slots.at(-1)!.magnitudeBits + 1;
  const judged = isRegression ? outputRange + 1 : 2 * classes + 2 + outputRange * (classes + 1);
  // Every value that a row contributes to a combination is multiplied by the row's power of the challenge; the first
  // power is 1, the second the challenge itself.
  const powers = Math.max(rows - 2, 0) + (rows - 1) * (wordsOfRow + circuit.hiddenCount);

  const once = keys + decryption + commitment + products + comparison;
  const total = once + challenge + rows * (activations + judged) + powers;
  return { once, perRow: (total - once) / rows, total };
}
