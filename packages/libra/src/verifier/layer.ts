import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { type AffineForm, combine, known, scale, subtract } from "../affine-form.ts";
import type { VerifierChannel } from "../channel.ts";
import type { CircuitLayer } from "../circuit/layered-circuit.ts";
import { equalityVector, extensionAt, usedAt } from "../multilinear.ts";
import { variablesOf } from "../table.ts";
import { receiveRound, roundAt, verifyProductSumcheck } from "./sumcheck.ts";

const ONE = reduce(1n);

/**
 * sum over copies c and slots z of eq(copyPoint, c) slotWeights[z] V(c, z) = value, V being a layer's values: a random
 * combination of claims V~(copyPoint, z-point) in the notation of GKR.
 */
export interface LayerClaim<Value = AffineForm, SlotWeights = readonly FieldElement[]> {
  /** variablesOf(copies) entries. */
  readonly copyPoint: readonly FieldElement[];
  /** By slot; zero beyond its end. */
  readonly slotWeights: SlotWeights;
  readonly value: Value;
}

/** V~(copyPoint, leftPoint) = left and V~(copyPoint, rightPoint) = right, V being the values of the layer below. */
export interface LayerReduction<Value = AffineForm> {
  readonly copyPoint: readonly FieldElement[];
  readonly leftPoint: readonly FieldElement[];
  readonly rightPoint: readonly FieldElement[];
  readonly left: Value;
  readonly right: Value;
}

/** A layer without products: a claim about it is a claim about the layer below, without any message. */
export function isLinear(layer: CircuitLayer): boolean {
  return layer.products.length === 0;
}

/** The claim without the layer's constants: value - (sum over z of w_z constant_z) used~(copyPoint). */
export function withoutConstants(layer: CircuitLayer, copies: number, claim: LayerClaim): AffineForm {
  let sum = 0n;
  for (const { out, value } of layer.constants) sum += (claim.slotWeights[out] ?? 0n) * value;
  return subtract(claim.value, known(multiply(reduce(sum), usedAt(copies, claim.copyPoint))));
}

/** lambda: by slot of the layer below, the sum over linear gates g that read it of w_out(g) coefficient_g. */
export function linearWeights(
  layer: CircuitLayer,
  inputSlots: number,
  slotWeights: readonly FieldElement[],
): FieldElement[] {
  const sums = new Array<bigint>(inputSlots).fill(0n);
  for (const { out, input, coefficient } of layer.linear) sums[input]! += (slotWeights[out] ?? 0n) * coefficient;
  return sums.map(reduce);
}

/** A claim about a layer without products, as a claim about the layer below. */
export function verifyLinearLayer(
  layer: CircuitLayer,
  inputSlots: number,
  copies: number,
  claim: LayerClaim,
): LayerClaim {
  return {
    copyPoint: claim.copyPoint,
    slotWeights: linearWeights(layer, inputSlots, claim.slotWeights),
    value: withoutConstants(layer, copies, claim),
  };
}

/**
 * One layer of GKR for a data-parallel circuit: from a claim about the layer's output to two about the layer below, V. Without
 * constants, the claim is, with weights w of output slots, omega_g = w_out(g) coefficient_g and lambda = {@link linearWeights},
 *
 *   claim = sum over copies c of eq(tau, c) gate(V(c, .)),
 *   gate(V) = sum over x of lambda_x V(x) + sum over product gates g of omega_g V(left_g) V(right_g).
 *
 * Copy variables first (Giraffe, section 3; Hyrax, section 3): round j's q_j(t) = sum over c of eq(tau_{>j}, c) gate(V(r_{<j}, t, c)) has degree
 * 2, because eq's factors for the bound variables are left out and the one for the round's stands in the check:
 *
 *   (1 - tau_j) q_j(0) + tau_j q_j(1) = claim, next claim = q_j(r_j)
 *
 * Then one copy is left, and Libra's two phases (eprint 2019/317, section 3.3) follow on it:
 *
 *   phase 1: claim = sum over x of V(x) H(x), H(x) = lambda_x + sum over g with left_g = x of omega_g V(right_g);
 *            at its end, u, a = V~(u) and h = H~(u) are sent and a h = claim
 *   phase 2: h - lambda~(u) = sum over y of F(y) V(y), F(y) = sum over g with right_g = y of omega_g eq(u, left_g);
 *            at its end, v, b = V~(v) is sent and F~(v) b = claim
 *
 * @param inputSlots slots of the layer below
 */
export function verifyLayer(
  channel: VerifierChannel,
  layer: CircuitLayer,
  inputSlots: number,
  copies: number,
  claim: LayerClaim,
  name: string,
): LayerReduction {
  if (claim.copyPoint.length !== variablesOf(copies)) {
    throw new RangeError(`${name}: a copy point of ${claim.copyPoint.length} variables for ${copies} copies`);
  }
  const copyPoint: FieldElement[] = [];
  let current = withoutConstants(layer, copies, claim);
  claim.copyPoint.forEach((tau, round) => {
    const coefficients = receiveRound(channel, `${name} copies round ${round}`);
    const [constant, linear, square] = coefficients;
    channel.requireZero(
      combine([
        [ONE, constant],
        [tau, linear],
        [tau, square],
        [reduce(-1n), current],
      ]),
      `${name} copies round ${round}`,
    );
    const r = channel.challenge(`${name} copies round ${round}`);
    copyPoint.push(r);
    current = roundAt(coefficients, r);
  });

  const variables = variablesOf(inputSlots);
  const left = verifyProductSumcheck(channel, variables, current, `${name} left`);
  const [leftValue, leftFactor] = channel.receive(2, `${name} left end`);
  channel.requireProduct(leftValue!, leftFactor!, left.final, `${name} left end`);

  const lambda = linearWeights(layer, inputSlots, claim.slotWeights);
  const rightClaim = subtract(leftFactor!, known(extensionAt(lambda, left.point)));
  const right = verifyProductSumcheck(channel, variables, rightClaim, `${name} right`);
  const [rightValue] = channel.receive(1, `${name} right end`);
  const factor = productWeight(layer, claim.slotWeights, left.point, right.point);
  channel.requireZero(subtract(right.final, scale(factor, rightValue!)), `${name} right end`);

  return { copyPoint, leftPoint: left.point, rightPoint: right.point, left: leftValue!, right: rightValue! };
}

/** F~(v): the sum over product gates of w_out coefficient eq(u, left) eq(v, right). */
function productWeight(
  layer: CircuitLayer,
  slotWeights: readonly FieldElement[],
  leftPoint: readonly FieldElement[],
  rightPoint: readonly FieldElement[],
): FieldElement {
  const ofLeft = equalityVector(leftPoint);
  const ofRight = equalityVector(rightPoint);
  let sum = 0n;
  for (const { out, left, right, coefficient } of layer.products) {
    const weight = multiply(slotWeights[out] ?? reduce(0n), coefficient);
    sum += multiply(weight, ofLeft[left]!) * ofRight[right]!;
  }
  return reduce(sum);
}
