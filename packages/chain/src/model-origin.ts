import type { FieldElement } from "@zkcmp/field/element";
import { type NetworkShape, shapeId } from "@zkcmp/network/shape";
import type { OutputReading } from "@zkcmp/network/output-reading";
import type { Core } from "@zkcmp/sale/core";
import { encodingDigest } from "@zkcmp/sale/encoding-digest";
import type { Hex } from "@zkcmp/sale/hex";
import { type Order, ZERO_DIGEST } from "@zkcmp/sale/order";
import { networkEncodingOf, targetScale } from "@zkcmp/shapley/sample-encoding";
import { trainedReading, trainedScale, trainedShape } from "@zkcmp/shapley/trained-model";
import type { Connection } from "./network-connection.ts";
import { checkRound } from "./rounds/rewards-check.ts";
import { nameOfRound, type RoundFile } from "./rounds/round-file.ts";
import { roundHistory } from "./rounds/round-history.ts";
import { resultDigest } from "./rounds/submit.ts";

/** What a sale says of its model. M commits to parameters, not to what they are parameters of: that is the rest. */
export interface SoldModel {
  readonly modelCommitment: FieldElement;
  readonly shape: NetworkShape;
  /** How an output reads as a target digit; null for classes. */
  readonly reading: OutputReading | null;
  /** Real units of each layer's output. */
  readonly scales: readonly number[];
  /** Of the rule that turns raw rows into digits; zero if the order names none. */
  readonly encodingDigest: Hex;
}

/** A model whose training a rewards round has proven on chain. All but M follows from the round's shape and encoding. */
export interface TrainedModel extends SoldModel {
  /** The round, in words. */
  readonly name: string;
}

/** The model that a core and its order name. */
export function soldModel(
  { modelCommitment, shape, reading, scales }: Core,
  order: Pick<Order, "encodingDigest">,
): SoldModel {
  return { modelCommitment, shape, reading, scales, encodingDigest: order.encodingDigest };
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
  return modelOfRound(round, submission.result.modelCommitment);
}

/** What the file of a round says of a model with the commitment M. */
export function modelOfRound(round: RoundFile, modelCommitment: FieldElement): TrainedModel {
  const { shape, encoding } = round;
  return {
    name: nameOfRound(round),
    modelCommitment,
    shape: trainedShape(shape),
    reading: trainedReading(shape),
    scales: [trainedScale(shape, targetScale(encoding))],
    encodingDigest: encodingDigest(networkEncodingOf(encoding)),
  };
}

/**
 * Says that the model sold is the one that a round trained, if that is so. A verified sale shows that the sealed parameters are those
 * that M commits to; the round's proof shows the same of its model. With the shape, the reading and the scales, equal
 * parameters are one model; with another rule for raw rows its inputs would mean something else.
 * @returns null unless all of them are equal and M is not 0; an order that names no rule for raw rows contradicts none
 */
export function modelOrigin(sold: SoldModel, trained: TrainedModel | null): string | null {
  const isSame =
    trained !== null &&
    sold.modelCommitment !== 0n &&
    sold.modelCommitment === trained.modelCommitment &&
    shapeId(sold.shape) === shapeId(trained.shape) &&
    sold.reading?.multiplier === trained.reading?.multiplier &&
    sold.reading?.offset === trained.reading?.offset &&
    sold.scales.length === trained.scales.length &&
    sold.scales.every((scale, layer) => scale === trained.scales[layer]) &&
    (sold.encodingDigest === ZERO_DIGEST || sold.encodingDigest === trained.encodingDigest);
  return isSame ? `the model sold is the model trained in the ${trained.name}` : null;
}
