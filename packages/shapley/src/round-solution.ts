import { type FieldElement, toFieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Network } from "@zkcmp/network/network";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { fixesModel, roundBounds } from "./bounds.ts";
import { solveCoalitions } from "./coalitions.ts";
import { addGrams, emptyGram, type Gram, gramOf } from "./gram.ts";
import { solveRidge } from "./ridge.ts";
import type { RoundShape } from "./round-shape.ts";
import { commitSamples, commitValidation, contextWord, registryOf } from "./sample-commitment.ts";
import { checkSamples, type Samples } from "./samples.ts";
import { shapleyNumerators, valuesOf, valueWords } from "./shapley-values.ts";
import { modelOf } from "./trained-model.ts";
import { type Coefficients, lossOf, utilityOf } from "./utility.ts";

/** One provider of a round, in the order of registration. */
export interface RoundProvider {
  /** Address, 160 bits. */
  readonly payee: bigint;
  readonly salt: FieldElement;
  readonly samples: Samples;
}

export interface TrainingInput {
  readonly roundId: bigint;
  /** l, the ridge being 2^l. */
  readonly ridgeBits: number;
  readonly providers: readonly RoundProvider[];
  readonly modelSalt: FieldElement;
  /** Digits to one real unit of the target; 1 if left out. It enters the network's scale, not what is proven. */
  readonly targetScale?: number;
}

export interface RoundInput extends TrainingInput {
  readonly validation: { readonly salt: FieldElement; readonly samples: Samples };
}

/** What a proof of training alone shows, and its witness. */
export interface TrainingSolution {
  readonly commitments: readonly FieldElement[];
  readonly registry: FieldElement;
  /** Gram matrices of all slots; those without a provider are zero. */
  readonly grams: readonly Gram[];
  readonly grandGram: Gram;
  readonly grandTheta: Coefficients;
  /** J, the sum of squared training errors of the grand coalition, in units of 2^-2f squared digits. */
  readonly loss: bigint;
  readonly network: Network;
  readonly modelCommitment: FieldElement;
  readonly context: FieldElement;
  /** registry, modelCommitment, loss, context */
  readonly publicSignals: readonly FieldElement[];
}

/** Everything that a round's proof shows, and its witness. */
export interface RoundSolution extends TrainingSolution {
  readonly validationCommitment: FieldElement;
  readonly validationGram: Gram;
  /** Coefficients by bit mask over all slots, 2^P entries. */
  readonly thetas: readonly Coefficients[];
  /** v by bit mask over all slots, 2^P entries. */
  readonly utilities: readonly bigint[];
  /** P! phi of every slot. */
  readonly numerators: readonly bigint[];
  /** Published values of the providers; slots without a provider have the value 0 and are left out. */
  readonly values: readonly bigint[];
  readonly valueWords: readonly FieldElement[];
  /** three words of values, registry, modelCommitment, validationCommitment, loss, context */
  readonly publicSignals: readonly FieldElement[];
}

/** The inputs of a round do not fit its shape. */
export class RoundInputError extends ZkcmpError {}

/** With this ridge the proof of a training would leave too much room for other models. */
export class TrainingSlackError extends ZkcmpError {}

/**
 * Trains on the rows of all providers.
 * @throws TrainingSlackError, RoundInputError, SamplesError, RoundWordError
 */
export function solveTraining(shape: RoundShape, input: TrainingInput): TrainingSolution {
  const grams = gramsOf(shape, input);
  if (!fixesModel(shape, input.ridgeBits)) {
    throw new TrainingSlackError(
      `With the ridge 2^${input.ridgeBits} a proof would also accept models whose coefficients are more than 1/1000 off`,
      "Choose a larger exponent, or a shape with more fraction bits.",
    );
  }
  const grandGram = grams.reduce(addGrams);
  return describe(shape, input, grams, grandGram, solveRidge(grandGram, input.ridgeBits, shape.fractionBits));
}

/**
 * Trains on every coalition and computes all that the round's proof shows.
 * @throws RoundInputError, SamplesError, RoundWordError
 */
export function solveRound(shape: RoundShape, input: RoundInput): RoundSolution {
  const grams = gramsOf(shape, input);
  const { validation, ridgeBits, providers } = input;
  checkSamples(shape, validation.samples, shape.validationRows);
  if (validation.samples.rows.length === 0) {
    throw new RoundInputError("The validation set is empty", "Without it every value is 0; give at least one row.");
  }
  const thetas = solveCoalitions(shape, ridgeBits, grams.slice(0, providers.length));
  const validationGram = gramOf(shape, validation.samples);
  const utilities = thetas.map((theta) => utilityOf(validationGram, theta, shape.fractionBits));
  const numerators = shapleyNumerators(utilities, shape.providers);
  const values = valuesOf(shape, numerators).slice(0, providers.length);
  const words = valueWords(values).map((word) => toFieldElement(word));
  const validationCommitment = commitValidation(shape, validation);
  const training = describe(shape, input, grams, grams.reduce(addGrams), thetas.at(-1)!);
  const { registry, modelCommitment, loss, context } = training;
  return {
    ...training,
    validationCommitment,
    validationGram,
    thetas,
    utilities,
    numerators,
    values,
    valueWords: words,
    publicSignals: [...words, registry, modelCommitment, validationCommitment, toFieldElement(loss), context],
  };
}

function gramsOf(shape: RoundShape, { providers, ridgeBits }: TrainingInput): Gram[] {
  if (providers.length < 1 || providers.length > shape.providers) {
    throw new RoundInputError(
      `The round has ${providers.length} providers`,
      `Its circuit takes 1 to ${shape.providers}.`,
    );
  }
  const { minRidgeBits, maxRidgeBits } = roundBounds(shape);
  if (!Number.isInteger(ridgeBits) || ridgeBits < minRidgeBits || ridgeBits > maxRidgeBits) {
    throw new RoundInputError(
      `The ridge 2^${ridgeBits} is outside the limits of the round's shape`,
      `Choose an exponent from ${minRidgeBits} to ${maxRidgeBits}; beyond them an honest proof might not exist.`,
    );
  }
  return Array.from({ length: shape.providers }, (_, slot) => {
    const provider = providers[slot];
    if (provider === undefined) return emptyGram(shape);
    checkSamples(shape, provider.samples, shape.rows);
    return gramOf(shape, provider.samples);
  });
}

function describe(
  shape: RoundShape,
  input: TrainingInput,
  grams: readonly Gram[],
  grandGram: Gram,
  grandTheta: Coefficients,
): TrainingSolution {
  const { roundId, providers, modelSalt, ridgeBits, targetScale } = input;
  const commitments = providers.map((provider) => commitSamples(shape, { roundId, ...provider }));
  const registry = registryOf(providers.map(({ payee }, slot) => ({ payee, commitment: commitments[slot]! })));
  const network = modelOf(shape, grandTheta, targetScale);
  const modelCommitment = commitModel(network, modelSalt);
  const loss = lossOf(grandGram, grandTheta, shape.fractionBits);
  const context = contextWord(roundId, providers.length, ridgeBits);
  return {
    commitments,
    registry,
    grams,
    grandGram,
    grandTheta,
    loss,
    network,
    modelCommitment,
    context,
    publicSignals: [registry, modelCommitment, toFieldElement(loss), context],
  };
}
