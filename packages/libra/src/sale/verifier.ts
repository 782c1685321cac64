import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { type AffineForm, combine, known, subtract } from "../affine-form.ts";
import { challenges, type VerifierChannel } from "../channel.ts";
import { equalityVector, extensionAt, usedAt } from "../multilinear.ts";
import { type TableClaim, variablesOf } from "../table.ts";
import { verifyDenseRelation } from "../verifier/dense-relation.ts";
import { verifyLayeredCircuit } from "../verifier/layered-circuit.ts";
import { verifyMatrixProduct } from "../verifier/matrix-product.ts";
import { activationOutputWeights } from "./activation-circuit.ts";
import {
  boxClaim,
  claimAt,
  drawActivationWeights,
  drawParameterPoints,
  type LayerClaims,
  scaled,
  sourcesOfLayer,
  splitLayers,
  termClaim,
  topWeights,
} from "./claims.ts";
import { digitMatrix, digitOffset, digitWeights } from "./digit-weights.ts";
import { combinedInputs, type SalePublicData } from "./public-data.ts";
import { saleRelations } from "./relations.ts";
import type { PermutationGroup, SaleSystem } from "./sale-system.ts";
import { labelWeights, scoreMatrix } from "./score-circuit.ts";

const ONE = reduce(1n);

/**
 * The verifier of a sale, from the tables' commitments on. The prover in sale/prover.ts answers in the same order.
 * @returns all claims about tables
 */
export function verifySale(
  kernels: Kernels,
  system: SaleSystem,
  data: SalePublicData,
  channel: VerifierChannel,
): readonly TableClaim[] {
  const tau = challenges(channel, variablesOf(system.rows), "rows");
  const claims: TableClaim[] = [];
  const layers = verifyLayers(kernels, system, data, channel, tau, claims);
  verifyActivations(system, channel, tau, layers, claims);
  verifyScores(kernels, system, data, channel, tau, claims);
  verifyBits(channel, system, claims);
  for (const group of system.permutations) verifyPermutations(channel, group, claims);
  verifyParameters(kernels, system, channel, layers, claims);
  verifyRelations(system, data, channel, claims);
  return claims;
}

/** Z = W H + b 2^biasShift for every layer, from the last one down: each leaves claims about parameters and about its inputs. */
function verifyLayers(
  kernels: Kernels,
  system: SaleSystem,
  data: SalePublicData,
  channel: VerifierChannel,
  tau: readonly FieldElement[],
  claims: TableClaim[],
): LayerClaims[] {
  const used = usedAt(system.rows, tau);
  const publicInputs = (point: readonly FieldElement[]): FieldElement =>
    extensionAt(kernels.toField(combinedInputs(kernels, system, data, tau)), point);
  const verified: LayerClaims[] = [];
  for (let layer = system.shape.layers.length - 1; layer >= 0; layer--) {
    const { inputs, outputs, biasShift } = system.shape.layers[layer]!;
    const name = `layer ${layer}`;
    const rowPoint = challenges(channel, variablesOf(outputs), `${name} neurons`);
    const neuronWeights = equalityVector(rowPoint).slice(0, outputs);
    const sources = sourcesOfLayer(system, data, layer, tau, neuronWeights);
    const [biases, ...values] = channel.receive(1 + sources.length, `${name} values`) as [AffineForm, ...AffineForm[]];
    sources.forEach(({ table, slotWeights }, i) => {
      claims.push({ ...claimAt(table, tau, slotWeights), value: values[i]! });
    });
    const offset = reduce(sources.reduce((sum, source) => sum + source.offset, 0n));
    const product = combine([
      ...values.map((value) => [ONE, value] as const),
      [reduce(-1n), known(offset)],
      [reduce(-(used << BigInt(biasShift))), biases],
    ]);
    const result = verifyMatrixProduct(channel, inputs, product, layer > 0 ? "private" : publicInputs, name);
    verified[layer] = { rowPoint, columnPoint: result.point, weights: result.left, biases, inputs: result.right };
  }
  return verified;
}

/** Bits are bits, and what the matrix products took as inputs are the activations of the pre-activations. */
function verifyActivations(
  system: SaleSystem,
  channel: VerifierChannel,
  tau: readonly FieldElement[],
  layers: readonly LayerClaims[],
  claims: TableClaim[],
): void {
  const byRange = system.activations.map(({ ranges }) => ranges.map(() => known(reduce(0n))));
  splitLayers(system).forEach(({ layer, parts }) => {
    const total = layers[layer + 1]!.inputs;
    const values = parts.length === 1 ? [total] : channel.receive(parts.length, `layer ${layer} activations`);
    if (parts.length > 1) {
      const sum = combine(values.map((value) => [ONE, value] as const));
      channel.requireZero(subtract(sum, total), `layer ${layer} activations`);
    }
    parts.forEach(({ group, place }, i) => (byRange[group]![place] = values[i]!));
  });
  system.activations.forEach((group, table) => {
    const draw = drawActivationWeights(channel, group);
    const slotWeights = activationOutputWeights(
      group,
      draw.zeros,
      group.ranges.map((range, i) => scaled(draw.factors[i]!, equalityVector(layers[range.layer + 1]!.columnPoint))),
    );
    const value = combine(byRange[table]!.map((form, i) => [draw.factors[i]!, form] as const));
    const claim = { copyPoint: tau, slotWeights, value };
    for (const input of verifyLayeredCircuit(channel, group.circuit, system.rows, claim))
      claims.push({ table, ...input });
  });
}

/** The score circuit's outputs are zero, and y_L is the label's score. */
function verifyScores(
  kernels: Kernels,
  { scores, rows }: SaleSystem,
  { judged }: SalePublicData,
  channel: VerifierChannel,
  tau: readonly FieldElement[],
  claims: TableClaim[],
): void {
  const { table, slots, circuit } = scores;
  const slotWeights = equalityVector(challenges(channel, variablesOf(slots), "score outputs"));
  const claim = { copyPoint: tau, slotWeights, value: known(reduce(0n)) };
  for (const input of verifyLayeredCircuit(channel, circuit, rows, claim)) claims.push({ table, ...input });
  if (scores.kind !== "accuracy" || judged.kind !== "accuracy") return;

  const [top] = channel.receive(1, "label scores") as [AffineForm];
  claims.push({ ...claimAt(table, tau, topWeights(scores)), value: top });
  const matrix = scoreMatrix(scores, rows);
  const weights = labelWeights(kernels, matrix, judged.labels, tau);
  claims.push({ table, ...verifyDenseRelation(kernels, channel, matrix, weights, top, "label scores") });
}

/** Every used bit of words and surplus is one. */
function verifyBits(channel: VerifierChannel, { words, surplus }: SaleSystem, claims: TableClaim[]): void {
  for (const { table, circuit, copies } of [
    { ...words, copies: words.words },
    { ...surplus, copies: 1 },
  ]) {
    const copyPoint = challenges(channel, variablesOf(copies), `${circuit.name} copies`);
    const slotWeights = equalityVector(challenges(channel, variablesOf(circuit.inputSlots), `${circuit.name} outputs`));
    const claim = { copyPoint, slotWeights, value: known(reduce(0n)) };
    for (const input of verifyLayeredCircuit(channel, circuit, copies, claim)) claims.push({ table, ...input });
  }
}

/** S-boxes' outputs are the fifth powers of their inputs. */
function verifyPermutations(
  channel: VerifierChannel,
  { table, permutation, copies }: PermutationGroup,
  claims: TableClaim[],
): void {
  const { circuit, boxes } = permutation;
  const copyPoint = challenges(channel, variablesOf(copies), `${circuit.name} copies`);
  const slotWeights = equalityVector(challenges(channel, variablesOf(circuit.inputSlots), `${circuit.name} boxes`));
  const [value] = channel.receive(1, `${circuit.name} boxes`) as [AffineForm];
  claims.push({ ...claimAt(table, copyPoint, slotWeights.slice(0, boxes)), value });
  const claim = { copyPoint, slotWeights, value };
  for (const input of verifyLayeredCircuit(channel, circuit, copies, claim)) {
    claims.push(boxClaim({ table, permutation, copies }, input));
  }
}

/** All claims about weights and biases, in one about the digits. */
function verifyParameters(
  kernels: Kernels,
  system: SaleSystem,
  channel: VerifierChannel,
  layers: readonly LayerClaims[],
  claims: TableClaim[],
): void {
  const points = drawParameterPoints(channel, layers);
  const claim = combine([
    ...points.flatMap(({ weightsFactor, biasesFactor }, layer) => [
      [weightsFactor, layers[layer]!.weights] as const,
      [biasesFactor, layers[layer]!.biases] as const,
    ]),
    [ONE, known(digitOffset(system, points))],
  ]);
  const weights = digitWeights(kernels, system, points);
  const input = verifyDenseRelation(kernels, channel, digitMatrix(system.words), weights, claim, "parameters");
  claims.push({ table: system.words.table, ...input });
}

function verifyRelations(
  system: SaleSystem,
  data: SalePublicData,
  channel: VerifierChannel,
  claims: TableClaim[],
): void {
  for (const { name, terms, constant } of saleRelations(channel, system, data)) {
    const values = channel.receive(terms.length, name);
    channel.requireZero(combine([[ONE, known(constant)], ...values.map((value) => [ONE, value] as const)]), name);
    terms.forEach((term, i) => claims.push(termClaim(term, values[i]!)));
  }
}
