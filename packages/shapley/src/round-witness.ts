import { reduce } from "@zkcmp/field/element";
import type { RoundInput, RoundSolution, TrainingInput, TrainingSolution } from "./round-solution.ts";
import type { RoundShape } from "./round-shape.ts";
import { rowWidth, type Samples } from "./samples.ts";
import type { Coefficients } from "./utility.ts";

/** A signal's value, or nested arrays of values for a signal with dimensions. */
export type RoundSignal = bigint | readonly RoundSignal[];

/** Values of all signals that a round's circuit takes from outside, by name. They hold everybody's rows: keep them secret. */
export type RoundCircuitInput = Readonly<Record<string, RoundSignal>>;

/** The input of the circuit `Training` (circuits/training.circom) for a solved training. */
export function trainingCircuitInput(
  shape: RoundShape,
  input: TrainingInput,
  solution: TrainingSolution,
): RoundCircuitInput {
  return { ...commonInput(shape, input, solution), theta: coefficients(solution.grandTheta) };
}

/** The input of the circuit `ShapleyRound` (circuits/shapley-round.circom) for a solved round. */
export function roundCircuitInput(shape: RoundShape, input: RoundInput, solution: RoundSolution): RoundCircuitInput {
  const { salt, samples } = input.validation;
  return {
    ...commonInput(shape, input, solution),
    validationSalt: salt,
    validationDigits: digits(shape, samples, shape.validationRows),
    validationUsed: used(samples, shape.validationRows),
    // The empty coalition's coefficients are the constant 0 and no input.
    theta: solution.thetas.slice(1).map(coefficients),
  };
}

function commonInput(shape: RoundShape, input: TrainingInput, solution: TrainingSolution): RoundCircuitInput {
  const slots = Array.from({ length: shape.providers }, (_, slot) => input.providers[slot]);
  const none: Samples = { rows: [] };
  return {
    context: solution.context,
    active: slots.map((provider) => (provider === undefined ? 0n : 1n)),
    payees: slots.map((provider) => provider?.payee ?? 0n),
    salts: slots.map((provider) => provider?.salt ?? 0n),
    digits: slots.map((provider) => digits(shape, provider?.samples ?? none, shape.rows)),
    used: slots.map((provider) => used(provider?.samples ?? none, shape.rows)),
    modelSalt: input.modelSalt,
  };
}

/** maxRows x (features + outputs), unused rows zero. */
function digits(shape: RoundShape, { rows }: Samples, maxRows: number): bigint[][] {
  return Array.from({ length: maxRows }, (_, i) =>
    Array.from({ length: rowWidth(shape) }, (_, j) => BigInt(rows[i]?.[j] ?? 0)),
  );
}

function used({ rows }: Samples, maxRows: number): bigint[] {
  return Array.from({ length: maxRows }, (_, i) => (i < rows.length ? 1n : 0n));
}

function coefficients(theta: Coefficients): bigint[][] {
  return theta.map((row) => row.map(reduce));
}
