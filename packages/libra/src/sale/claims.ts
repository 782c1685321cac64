import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { type AffineForm, known, subtract } from "../affine-form.ts";
import { challenges, type VerifierChannel } from "../channel.ts";
import { equalityVector, powers, usedAt } from "../multilinear.ts";
import { type TableClaim, variablesOf, type Weights } from "../table.ts";
import type { InputClaim } from "../verifier/layered-circuit.ts";
import { type ActivationGroup, preActivationOffset, preActivationWeights } from "./activation-circuit.ts";
import type { ParameterPoints } from "./digit-weights.ts";
import { boxInputWeights } from "./permutation-circuit.ts";
import { type SalePublicData, scoreShift } from "./public-data.ts";
import type { RelationTerm } from "./relations.ts";
import { type PermutationGroup, rangesOfLayer, type SaleSystem } from "./sale-system.ts";
import type { AccuracyScores } from "./score-circuit.ts";

/*
 * The public part of a sale's claims, which prover and verifier share: which points and factors are drawn, and which slots a claim
 * weighs by how much.
 */

type Challenger = Pick<VerifierChannel, "challenge">;

/** Claims in which a layer's matrix product ends. */
export interface LayerClaims<Value = AffineForm> {
  readonly rowPoint: readonly FieldElement[];
  readonly columnPoint: readonly FieldElement[];
  /** W~(rowPoint, columnPoint) */
  readonly weights: Value;
  /** b~(rowPoint) */
  readonly biases: Value;
  /** H~(tau, columnPoint), H being the layer's inputs. */
  readonly inputs: Value;
}

/** A claim without its value, with copy weights eq(copyPoint, .). */
export function claimAt(
  table: number,
  copyPoint: readonly FieldElement[],
  slotWeights: readonly FieldElement[],
): Omit<TableClaim, "value"> {
  return {
    table,
    copyWeights: { kind: "equality", point: copyPoint },
    slotWeights: { kind: "vector", values: slotWeights },
  };
}

/** The weighted sum of a layer's z at tau is the sum over all sources of what the table has minus the offset. */
export interface LayerSource {
  readonly table: number;
  readonly slotWeights: readonly FieldElement[];
  readonly offset: FieldElement;
}

/**
 * Where a layer's pre-activations or outputs stand.
 * @param neuronWeights one for each neuron of the layer
 */
export function sourcesOfLayer(
  system: SaleSystem,
  { judged }: SalePublicData,
  layer: number,
  tau: readonly FieldElement[],
  neuronWeights: readonly FieldElement[],
): LayerSource[] {
  if (layer === system.shape.layers.length - 1) {
    const offset = scoreShift(judged, equalityVector(tau), neuronWeights);
    return [{ table: system.scores.table, slotWeights: neuronWeights, offset }];
  }
  const used = usedAt(system.rows, tau);
  return rangesOfLayer(system, layer).map(({ group, range }) => ({
    table: group,
    slotWeights: preActivationWeights(system.activations[group]!, range, neuronWeights),
    offset: multiply(used, preActivationOffset(range, neuronWeights)),
  }));
}

/** By hidden layer, in which groups, and where among a group's ranges, its neurons lie. */
export function splitLayers(
  system: SaleSystem,
): { readonly layer: number; readonly parts: readonly { readonly group: number; readonly place: number }[] }[] {
  return system.shape.layers.slice(0, -1).map((_, layer) => ({
    layer,
    parts: rangesOfLayer(system, layer).map(({ group, range }) => ({
      group,
      place: system.activations[group]!.ranges.indexOf(range),
    })),
  }));
}

/** Weights of an activation circuit's zero outputs, and a factor for each of its ranges. */
export function drawActivationWeights(
  channel: Challenger,
  { zeroOutputs, ranges, circuit }: ActivationGroup,
): { readonly zeros: readonly FieldElement[]; readonly factors: readonly FieldElement[] } {
  const zeros = equalityVector(challenges(channel, variablesOf(zeroOutputs), `${circuit.name} bits`));
  const factor = channel.challenge(`${circuit.name} ranges`);
  return { zeros, factors: powers(factor, ranges.length + 1).slice(1) };
}

/** Factors by which the claims about all parameters become one. */
export function drawParameterPoints(
  channel: Challenger,
  layers: readonly Pick<LayerClaims<unknown>, "rowPoint" | "columnPoint">[],
): ParameterPoints[] {
  const factors = powers(channel.challenge("parameters"), 2 * layers.length);
  return layers.map(({ rowPoint, columnPoint }, layer) => ({
    rowPoint,
    columnPoint,
    weightsFactor: factors[2 * layer]!,
    biasesFactor: factors[2 * layer + 1]!,
  }));
}

/** One claim about S-boxes' inputs as a claim about the table. */
export function boxClaim(group: PermutationGroup, claim: InputClaim): TableClaim {
  const { slots, constant } = boxInputWeights(group.permutation, boxWeights(group, claim.slotWeights));
  if (claim.copyWeights.kind !== "equality") throw new RangeError("claims about S-boxes have a copy point");
  const offset = multiply(constant, usedAt(group.copies, claim.copyWeights.point));
  return {
    table: group.table,
    copyWeights: claim.copyWeights,
    slotWeights: { kind: "vector", values: slots },
    value: subtract(claim.value, known(offset)),
  };
}

/** {@link boxClaim} for the prover. */
export function boxClaimValue(group: PermutationGroup, claim: InputClaim<FieldElement>): TableClaim<FieldElement> {
  const converted = boxClaim(group, { ...claim, value: known(claim.value) });
  return { ...converted, value: converted.value.constant };
}

function boxWeights({ permutation }: PermutationGroup, weights: Weights): readonly FieldElement[] {
  const values = weights.kind === "equality" ? equalityVector(weights.point) : weights.values;
  return values.slice(0, permutation.boxes);
}

/** The slot of y_L. */
export function topWeights({ slots, topSlot }: AccuracyScores): FieldElement[] {
  return new Array<FieldElement>(slots).fill(reduce(0n)).with(topSlot, reduce(1n));
}

export function termClaim<Value>({ table, copyWeights, slotWeights }: RelationTerm, value: Value): TableClaim<Value> {
  return {
    table,
    copyWeights: { kind: "vector", values: copyWeights },
    slotWeights: { kind: "vector", values: slotWeights },
    value,
  };
}

export function scaled(factor: FieldElement, values: readonly FieldElement[]): FieldElement[] {
  return values.map((value) => multiply(factor, value));
}
