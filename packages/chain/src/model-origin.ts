import type { FieldElement } from "@zkcmp/field/element";
import { type NetworkShape, shapeId } from "@zkcmp/network/shape";
import type { Core } from "@zkcmp/sale/core";
import { trainedShape } from "@zkcmp/shapley/trained-model";
import type { Connection } from "./network-connection.ts";
import { checkRound } from "./rounds/rewards-check.ts";
import { nameOfRound, type RoundFile } from "./rounds/round-file.ts";
import { roundHistory } from "./rounds/round-history.ts";
import { resultDigest } from "./rounds/submit.ts";

/** A model whose training a rewards round has proven on chain. */
export interface TrainedModel {
  /** The round, in words. */
  readonly name: string;
  /** M, as the round's proof shows it. */
  readonly modelCommitment: FieldElement;
  /** The round's own shape of a model: M commits to parameters, not to what they are parameters of. */
  readonly shape: NetworkShape;
}

/**
 * The model that a round has proven, once its contract and verifier are known to be right.
 * @returns null while nothing was submitted
 * @throws {WrongChainError}, {CircuitKeyMissingError}, {RewardsCodeError}, {RoundError} if the round's contract, or what a node says
 * of it, is not to be believed
 */
export async function trainedModel(
  connection: Connection,
  round: RoundFile,
  trustStore: string,
): Promise<TrainedModel | null> {
  const { stored } = await checkRound(connection, round, trustStore);
  const { submission } = await roundHistory(connection, round, round.roundId);
  if (submission === null || resultDigest(submission.result) !== stored.resultDigest) return null;
  const { modelCommitment } = submission.result;
  return { name: nameOfRound(round), modelCommitment, shape: trainedShape(round.shape) };
}

/**
 * Says that the model sold is the one that a round trained, if that is so. A verified sale shows that the sealed parameters are those
 * that M commits to; the round's proof shows the same of its model. Equal commitments and equal shapes: one model.
 * @returns null unless both are equal and M is not 0
 */
export function modelOrigin(
  { modelCommitment, shape }: Pick<Core, "modelCommitment" | "shape">,
  trained: TrainedModel | null,
): string | null {
  const isSame =
    trained !== null &&
    modelCommitment !== 0n &&
    modelCommitment === trained.modelCommitment &&
    shapeId(shape) === shapeId(trained.shape);
  return isSame ? `the model sold is the model trained in the ${trained.name}` : null;
}
