import { ZkcmpError } from "@zkcmp/field/error";
import { digitsPerWord } from "@zkcmp/field/packing";
import { layerBounds } from "@zkcmp/network/bounds";
import { inputCount, type NetworkShape, outputCount, shapeId } from "@zkcmp/network/shape";
import { ciphertextLength } from "@zkcmp/sale/ciphertext";
import { SALE_PUBLIC_INPUTS, SALE_PUBLIC_OUTPUTS } from "./public-signals.ts";

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
export const SALE_CIRCUIT_VERSION = 1;

/** Words of the challenge's transcript before the rows: K, E, S, core, dealId, rowsDigest. */
export const TRANSCRIPT_HEADER_WORDS = 6;

/** How one layer's values are packed for the challenge and the product check. */
export interface LayerSlots {
  /** B of circuits/sale.circom. */
  readonly magnitudeBits: number;
  /** Bits of a slot. */
  readonly slotBits: number;
  /** Field elements that a row's values of this layer take. */
  readonly words: number;
}

/** The sale circuit for one shape and number of rows. One setup serves every test set and every deal of it. */
export interface SaleCircuit {
  readonly name: string;
  readonly shape: NetworkShape;
  /** Proven rows, exactly this many. */
  readonly rows: number;
  readonly slots: readonly LayerSlots[];
  /** Neurons of all hidden layers. */
  readonly hiddenCount: number;
  /** Lengths of the public inputs, in their order. */
  readonly publicLengths: Readonly<Record<(typeof SALE_PUBLIC_INPUTS)[number], number>>;
  /** Public signals, the challenge among them. */
  readonly publicCount: number;
  /** The main component, circom source. */
  readonly source: string;
}

/**
 * Describes the circuit of a shape.
 * @param rows proven rows n, or m where rows are sampled
 * @throws ShapeError if a bound of the shape passes 2^250
 * @throws {SaleCircuitError} unless there is a row, and 1 to 256 classes: labels of more bits would run into each other
 */
export function saleCircuit(shape: NetworkShape, rows: number): SaleCircuit {
  if (!Number.isSafeInteger(rows) || rows < 1) {
    throw new SaleCircuitError(`a sale of ${rows} proven rows has no circuit`, "Prove at least one row.");
  }
  if (outputCount(shape) > 2 ** LABEL_BITS) {
    throw new SaleCircuitError(
      `the network has ${outputCount(shape)} classes, labels take ${LABEL_BITS} bits`,
      `Use a network of at most ${2 ** LABEL_BITS} classes.`,
    );
  }
  const bounds = layerBounds(shape);
  const slots = bounds.map(({ zMax, magnitudeBits }, index): LayerSlots => {
    const last = index === bounds.length - 1;
    // The last layer leaves room for the 1 that the tie rule adds, and its slots for the ceilings of uncounted rows.
    const bits = last ? (zMax + 1n).toString(2).length : magnitudeBits;
    const slotBits = bits + (last ? 2 : 1);
    return { magnitudeBits: bits, slotBits, words: Math.ceil(shape.layers[index]!.outputs / digitsPerWord(slotBits)) };
  });
  const lengths = {
    labels: Math.ceil(rows / LABELS_PER_WORD),
    ciphertext: ciphertextLength(shape),
    combined: inputCount(shape),
  };
  const publicLengths = Object.fromEntries(
    SALE_PUBLIC_INPUTS.map((name) => [name, name in lengths ? lengths[name as keyof typeof lengths] : 1]),
  ) as SaleCircuit["publicLengths"];
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
  ];
  return {
    name: `sale-v${SALE_CIRCUIT_VERSION}-${shapeId(shape).replaceAll(".", "_")}-n${rows}`,
    shape,
    rows,
    slots,
    hiddenCount: shape.layers.slice(0, -1).reduce((sum, layer) => sum + layer.outputs, 0),
    publicLengths,
    publicCount: SALE_PUBLIC_OUTPUTS.length + Object.values(publicLengths).reduce((sum, length) => sum + length, 0),
    source: [
      "// SPDX-License-Identifier: GPL-3.0-or-later",
      "pragma circom 2.2.3;",
      "",
      'include "sale.circom";',
      "",
      `component main {public [${SALE_PUBLIC_INPUTS.join(", ")}]} = Sale(${parameters.join(", ")});`,
      "",
    ].join("\n"),
  };
}

/** R1CS constraints of the sale circuit, as circom --O2 counts them. A test holds the formula to the compiler. */
export function saleConstraints(circuit: SaleCircuit): {
  /** Keys, decryption and range checks, what a product check costs once. */
  readonly once: number;
  readonly perRow: number;
  readonly total: number;
} {
  const { shape, rows, slots } = circuit;
  const classes = outputCount(shape);
  const ciphertextWords = circuit.publicLengths.ciphertext;
  const parameters = shape.layers.reduce((sum, layer) => sum + (layer.inputs + 1) * layer.outputs, 0);
  const wordsOfRow = slots.reduce((sum, slot) => sum + slot.words, 0);
  const words = TRANSCRIPT_HEADER_WORDS + rows * wordsOfRow;
  const blocks = Math.ceil(words / 16);
  // A constant in the first round costs no S-box: the tag, and the zeros that fill the last block.
  const challenge = 612 * blocks - 3 - 3 * (16 * blocks - words);

  const keys = 240 + 213 + 240;
  const decryption = shape.weightBits * parameters + 564 * Math.ceil(ciphertextWords / 16);
  // Weights times combined rows, and biases times the sum of the powers, which is the constant 1 for a single row.
  const biasFactor = rows > 1 ? 1 : 0;
  const products = slots.reduce((sum, slot, l) => sum + slot.words * (shape.layers[l]!.inputs + biasFactor), 0);
  const countBits = rows.toString(2).length;

  const activations = shape.layers
    .slice(0, -1)
    .reduce((sum, layer, l) => sum + layer.outputs * (slots[l]!.magnitudeBits + 2), 0);
  const top = 2 * classes + 2 + (slots.at(-1)!.magnitudeBits + 1) * (classes + 1);
  // Every value that a row contributes to a combination is multiplied by the row's power of the challenge; the first
  // power is 1, the second the challenge itself.
  const powers = Math.max(rows - 2, 0) + (rows - 1) * (wordsOfRow + circuit.hiddenCount);

  const once = keys + decryption + products + countBits;
  const total = once + challenge + rows * (activations + top) + powers;
  return { once, perRow: (total - once) / rows, total };
}
