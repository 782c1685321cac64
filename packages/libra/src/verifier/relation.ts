import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import type { AffineForm } from "../affine-form.ts";
import { type Argument, columnsOf, rowsOf } from "../argument.ts";
import { type OpeningSizes, openingSizes } from "../linear-form.ts";
import { powers } from "../multilinear.ts";
import type { Transcript } from "../transcript.ts";
import type { VerifierMessages } from "./messages.ts";
import type { TableOpening } from "./table-claims.ts";

/** All constraints and openings as one linear form of one commitment. */
export interface Relation {
  readonly sizes: OpeningSizes;
  /** Of the row commitments of all tables, then of the chunks. */
  readonly weights: FieldVector;
  /** Of the messages, the padding, the columns. */
  readonly form: FieldVector;
  readonly value: FieldElement;
}

/**
 * Draws what combines the constraints, when all messages are committed and all shown numbers absorbed:
 *
 * - delta: the zero constraints and, last, the tables' openings become one linear form by its powers.
 * - gamma: Q = sum over opened tables k of gamma^k sum over rows of eq(row variables, row) * (row commitment) is a
 *   commitment to one row v, and <eq(column variables, .), v> = sum of gamma^k y_k stands for all openings, as in Hyrax
 *   (eprint 2017/1132, section 6.1). The values y_k are committed before.
 * - kappa, the weights of chunks: the linear form is to be proven for the sum of all chunks P_j and Q. But a chunk may
 *   hold multiples of other chunks' generators. In a plain sum a late chunk could so change a message of an early one
 *   when its challenges are known. With x_(j,i) the component of P_j on the generator of message i, which is in chunk
 *   j(i), and x_(J,.) those of Q, the opened commitment is P = sum of kappa^j P_j + kappa^J Q, its components are
 *   sum over j of kappa^j x_(j,i), and the form's coefficients are a_i kappa^(J - j(i)) for messages, b_c for columns,
 *   its value kappa^J s. Both sides are polynomials in kappa of degree at most 2J, fixed before kappa is drawn; where
 *   they agree at a random kappa, their coefficients of kappa^J agree but for a probability of 2J / r. That coefficient is
 *   sum of a_i x_(j(i),i) + sum of b_c x_(J,c) = s: only what a message's own chunk says of it counts.
 *
 * The row commitments of Q hold nothing of other rows: Q is a random combination of them, so extracting it for many
 * challenges gives every row's own entries, which are fixed before all challenges.
 */
export function combineConstraints(
  kernels: Kernels,
  transcript: Transcript,
  argument: Argument,
  messages: VerifierMessages,
  openings: readonly TableOpening[],
): Relation {
  const columns = columnsOf(argument);
  const columnVariables = Math.log2(columns);
  const sizes = openingSizes(messages.messages, columns);
  const delta = transcript.challenge("constraints");
  const gamma = transcript.challenge("openings");
  const kappa = transcript.challenge("chunks");
  const chunkWeights = powers(kappa, messages.counts.length + 1);
  const rowWeight = chunkWeights.pop()!;

  const coefficients = new Array<bigint>(sizes.messages).fill(0n);
  let constant = 0n;
  const addForm = (factor: FieldElement, { constant: own, terms }: AffineForm) => {
    constant += factor * own;
    for (const [position, coefficient] of terms) coefficients[position]! += factor * coefficient;
  };
  const constraintWeights = powers(delta, messages.zeros.length + 1);
  const openingWeight = constraintWeights.pop()!;
  constraintWeights.forEach((weight, i) => addForm(weight, messages.zeros[i]!.form));

  const rowCounts = argument.tables.map((shape) => rowsOf(shape, columns));
  const rows = rowCounts.reduce((sum, count) => sum + count, 0);
  const weights = kernels.zeros(rows + chunkWeights.length);
  const form = kernels.zeros(sizes.length);
  powers(gamma, openings.length).forEach((power, i) => {
    const { table, point, value } = openings[i]!;
    addForm(reduce(-multiply(openingWeight, power)), value);
    const rowEquality = kernels.equality(point.slice(0, -columnVariables), multiply(rowWeight, power));
    const start = rowCounts.slice(0, table).reduce((sum, count) => sum + count, 0);
    const own = kernels.view(weights, start, rowCounts[table]!);
    kernels.addScaled(own, reduce(1n), kernels.view(rowEquality, 0, own.length));
  });
  if (openings.length > 0) {
    const columnEquality = kernels.equality(openings[0]!.point.slice(-columnVariables), openingWeight);
    kernels.addScaled(kernels.view(form, sizes.messages, columns), reduce(1n), columnEquality);
  }

  let position = 0;
  messages.counts.forEach((count, chunk) => {
    // kappa^(J - chunk): read backwards, the powers from kappa^J down to kappa.
    const weight = chunk === 0 ? rowWeight : chunkWeights[chunkWeights.length - chunk]!;
    const own = coefficients.slice(position, position + count).map((value) => multiply(reduce(value), weight));
    kernels.write(form, position, 1, own);
    position += count;
  });
  kernels.write(weights, rows, 1, chunkWeights);
  return { sizes, weights, form, value: reduce(-constant * rowWeight) };
}
