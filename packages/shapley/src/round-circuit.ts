import { digitsPerWord, packedLength } from "@zkcmp/field/packing";
import { MODEL_BITS, roundBounds, VALUE_BITS } from "./bounds.ts";
import {
  SHAPLEY_ROUND_PUBLIC_INPUTS,
  SHAPLEY_ROUND_PUBLIC_OUTPUTS,
  TRAINING_PUBLIC_INPUTS,
  TRAINING_PUBLIC_OUTPUTS,
} from "./public-signals.ts";
import { type RoundShape, roundShapeId } from "./round-shape.ts";

/**
 * Part of every circuit's name, by which trusted keys are found: a key for an older version of the circuit, which may
 * have proven less, must not be taken for one of this version. A test asks for a new number when a source changes.
 */
export const ROUND_CIRCUIT_VERSION = 1;

/** The circuit of a round's shape. One setup serves every round of it. */
export interface RoundCircuit {
  readonly name: string;
  readonly shape: RoundShape;
  /** Public signals, outputs and inputs. */
  readonly publicCount: number;
  /** The main component, circom source. */
  readonly source: string;
}

/**
 * Describes the circuit of a shape: training alone where it has no validation rows, otherwise training and Shapley values.
 * @param shape as `parseRoundShape` returns it: its bounds keep every sum of the circuit below 2^250
 */
export function roundCircuit(shape: RoundShape): RoundCircuit {
  const { providers, rows, features, outputs, dataBits, fractionBits, validationRows } = shape;
  const { coefficientBits, residualBits, biasDroppedBits, valueShift } = roundBounds(shape);
  const common = [providers, rows, features, outputs, dataBits, fractionBits, coefficientBits];
  const kind =
    validationRows === 0
      ? {
          name: "training",
          template: "Training",
          parameters: [...common, residualBits(providers), biasDroppedBits],
          publicInputs: TRAINING_PUBLIC_INPUTS,
          publicOutputs: TRAINING_PUBLIC_OUTPUTS,
          valueSignals: 0,
        }
      : {
          name: "shapley-round",
          template: "ShapleyRound",
          parameters: [
            ...common,
            validationRows,
            `[${Array.from({ length: providers }, (_, i) => residualBits(i + 1)).join(", ")}]`,
            biasDroppedBits,
            valueShift,
          ],
          publicInputs: SHAPLEY_ROUND_PUBLIC_INPUTS,
          publicOutputs: SHAPLEY_ROUND_PUBLIC_OUTPUTS,
          valueSignals: 2,
        };
  return {
    name: `${kind.name}-v${ROUND_CIRCUIT_VERSION}-${roundShapeId(shape).replaceAll(".", "_")}`,
    shape,
    // The values are one output of three words.
    publicCount: kind.publicInputs.length + kind.publicOutputs.length + kind.valueSignals,
    source: [
      "// SPDX-License-Identifier: GPL-3.0-or-later",
      "pragma circom 2.2.3;",
      "",
      `include "${kind.name}.circom";`,
      "",
      `component main {public [${kind.publicInputs.join(", ")}]} = ${kind.template}(${kind.parameters.join(", ")});`,
      "",
    ].join("\n"),
  };
}

/** Partial rounds of Poseidon by the number of inputs, from 1. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

/** A permutation with a constant capacity; `carried` where it is a signal. */
function permutation(inputs: number, carried = false): number {
  return 3 * (8 * (inputs + 1) + PARTIAL_ROUNDS[inputs - 1]!) - (carried ? 0 : 3);
}

/** circuits/hashing/sponge.circom */
function sponge(words: number): number {
  let total = 0;
  for (let start = 0; start < words; start += 16) total += permutation(Math.min(16, words - start), start > 0);
  return total;
}

/** R1CS constraints of a round's circuit by part, as circom --O2 counts them. A test holds the formula to the compiler. */
export function roundConstraints(shape: RoundShape): {
  /** Rows, commitments and registry of all slots, and the context. */
  readonly providers: number;
  /** The model of all rows, its commitment and loss. */
  readonly training: number;
  readonly validation: number;
  /** Models and utilities of the other coalitions. */
  readonly coalitions: number;
  readonly values: number;
  readonly total: number;
} {
  const { features, outputs, dataBits, validationRows } = shape;
  const { coefficients: d, coefficientBits, residualBits, biasDroppedBits, valueShift } = roundBounds(shape);
  const slots = shape.providers;
  const width = features + outputs;
  const words = (rows: number): number => packedLength(rows * width, dataBits);
  const row = dataBits * width + 2 + (features * (features + 1)) / 2 + features * outputs;

  // A registry step is 261 for the permutation, whose chain is the constant 0 in the first slot, and 2 for the slot's switch.
  const registration = sponge(4 + words(shape.rows)) + permutation(3) + 2;
  const providers = 175 + slots * (shape.rows * (row + outputs) + registration) - 3 + 2 * slots - 1;

  const solution = (size: number): number => d * outputs * (d + residualBits(size));
  const utility = (outputs * d * (d + 3)) / 2;
  const parameterWords = Math.ceil((d * outputs) / digitsPerWord(MODEL_BITS));
  const model = outputs * ((d + 1) * coefficientBits + biasDroppedBits) + sponge(1 + parameterWords);
  const training = solution(slots) + utility + model;
  if (validationRows === 0) {
    return { providers, training, validation: 0, coalitions: 0, values: 0, total: providers + training };
  }

  const validation = validationRows * row + sponge(2 + words(validationRows));
  let coalitions = utility;
  let ofSize = 1;
  for (let size = 1; size < slots; size++) {
    ofSize = (ofSize * (slots - size + 1)) / size;
    coalitions += ofSize * (solution(size) + utility + d * outputs * coefficientBits);
  }
  // Three words of four values; a word without a slot is a constant, which takes a constraint as a public signal.
  const values = slots * (VALUE_BITS + valueShift) + 3 - Math.ceil(slots / 4);
  return {
    providers,
    training,
    validation,
    coalitions,
    values,
    total: providers + training + validation + coalitions + values,
  };
}
