import { type FieldElement, reduce } from "@zkcmp/field/element";
import { type AffineForm, combine } from "../affine-form.ts";
import type { VerifierChannel } from "../channel.ts";
import type { LayeredCircuit } from "../circuit/layered-circuit.ts";
import { equalityVector } from "../multilinear.ts";
import type { TableClaim } from "../table.ts";
import { isLinear, type LayerClaim, type LayerReduction, verifyLayer, verifyLinearLayer } from "./layer.ts";

/** A claim about the circuit's input table; the caller adds which table of the argument that is. */
export type InputClaim<Value = AffineForm> = Omit<TableClaim<Value>, "table">;

/**
 * GKR (Goldwasser, Kalai, Rothblum) down a data-parallel layered circuit: from a claim about its output to one or two about its input
 * table, layer by layer ({@link verifyLayer}). The two claims of a layer share their copy point and become one by a random
 * combination (Libra, eprint 2019/317, section 3.4): V~(u) + alpha V~(v) is a claim with the slot weights eq(u, .) + alpha eq(v, .).
 *
 * @param copies the input table's
 * @param claim about the top layer; several claims with one copy point can be one, their weights and values added
 */
export function verifyLayeredCircuit(
  channel: VerifierChannel,
  circuit: LayeredCircuit,
  copies: number,
  claim: LayerClaim,
): readonly InputClaim[] {
  let current = claim;
  for (let index = circuit.layers.length - 1; index >= 0; index--) {
    const layer = circuit.layers[index]!;
    const below = circuit.layers[index - 1]?.slots ?? circuit.inputSlots;
    const name = layerName(circuit, index);
    if (isLinear(layer)) {
      current = verifyLinearLayer(layer, below, copies, current);
      continue;
    }
    const reduction = verifyLayer(channel, layer, below, copies, current, name);
    if (index === 0) return claimsOfReduction(reduction);
    const alpha = channel.challenge(`${name} merge`);
    current = {
      copyPoint: reduction.copyPoint,
      slotWeights: mergedWeights(reduction, alpha),
      value: combine([
        [reduce(1n), reduction.left],
        [alpha, reduction.right],
      ]),
    };
  }
  return [inputClaim(current.copyPoint, { kind: "vector", values: current.slotWeights }, current.value)];
}

/** What the layer's messages, challenges and constraints are called. */
export function layerName(circuit: LayeredCircuit, index: number): string {
  return `${circuit.name} layer ${index}`;
}

/** The two claims in which a circuit ends whose lowest layer has products. */
export function claimsOfReduction<Value>(reduction: LayerReduction<Value>): InputClaim<Value>[] {
  const { copyPoint, leftPoint, rightPoint, left, right } = reduction;
  return [
    inputClaim(copyPoint, { kind: "equality", point: leftPoint }, left),
    inputClaim(copyPoint, { kind: "equality", point: rightPoint }, right),
  ];
}

/** A claim about the input table whose copy weights are eq(copyPoint, .). */
export function inputClaim<Value>(
  copyPoint: readonly FieldElement[],
  slotWeights: InputClaim["slotWeights"],
  value: Value,
): InputClaim<Value> {
  return { copyWeights: { kind: "equality", point: copyPoint }, slotWeights, value };
}

function mergedWeights({ leftPoint, rightPoint }: LayerReduction, alpha: FieldElement): FieldElement[] {
  const ofRight = equalityVector(rightPoint);
  return equalityVector(leftPoint).map((weight, slot) => reduce(weight + alpha * ofRight[slot]!));
}
