import { type FieldElement, invert, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import type { ProverChannel } from "../channel.ts";
import type { LayerGates, SortedGates } from "../circuit/wiring.ts";
import { usedAt } from "../multilinear.ts";
import { variablesOf } from "../table.ts";
import type { LayerClaim, LayerReduction } from "../verifier/layer.ts";
import { proveProductSumcheck, quadraticAt } from "./sumcheck.ts";

/** A claim whose slot weights, one for each slot of the layer, are in the kernels' memory. */
export type ProverLayerClaim = LayerClaim<FieldElement, FieldVector>;

/** lambda of the verifier's layer: by slot of the layer below, the weights of the linear gates that read it. */
export function linearWeights(kernels: Kernels, gates: LayerGates, slotWeights: FieldVector): FieldVector {
  return kernels.sparseProduct(gates.linear.pattern, gates.linear.coefficients, slotWeights);
}

/** The claim's value without the layer's constants. */
export function withoutConstants(
  kernels: Kernels,
  { layer }: LayerGates,
  copies: number,
  { copyPoint, slotWeights, value }: ProverLayerClaim,
): FieldElement {
  if (layer.constants.length === 0) return value;
  const weights = kernels.toField(slotWeights);
  let sum = 0n;
  for (const constant of layer.constants) sum += weights[constant.out]! * constant.value;
  return reduce(value - multiply(reduce(sum), usedAt(copies, copyPoint)));
}

/**
 * The prover of `verifyLayer`. Its rounds over the copies take time linear in copies x gates together, because the table
 * halves with every round; the two phases on the one copy that is left take time linear in gates and slots.
 * @param below the values of the layer below, copies x inputSlots; overwritten
 */
export function proveLayer(
  kernels: Kernels,
  channel: ProverChannel,
  gates: LayerGates,
  below: FieldVector,
  copies: number,
  claim: ProverLayerClaim,
  name: string,
): LayerReduction<FieldElement> {
  return kernels.scope(() => {
    const { inputSlots } = gates;
    const lambda = linearWeights(kernels, gates, claim.slotWeights);
    const omega = gateWeights(kernels, gates.byLeft, claim.slotWeights);
    const pattern = gates.byLeft.pattern;

    const copyPoint: FieldElement[] = [];
    let current = withoutConstants(kernels, gates, copies, claim);
    let table = below;
    claim.copyPoint.forEach((tau, round) => {
      const half = 2 ** (claim.copyPoint.length - 1 - round);
      const at = (part: FieldVector) =>
        kernels.scope(() => {
          const equality = kernels.equality(claim.copyPoint.slice(round + 1));
          return kernels.layerRound(part, inputSlots, half, equality, lambda, pattern, omega);
        });
      const { atZero, atInfinity } = at(table);
      const atOne =
        tau === 0n
          ? at(kernels.view(table, half * inputSlots, table.length - half * inputSlots)).atZero
          : multiply(reduce(current - multiply(reduce(1n - tau), atZero)), invert(tau));
      const linear = reduce(atOne - atZero - atInfinity);
      channel.send([atZero, linear, atInfinity], `${name} copies round ${round}`);
      const r = channel.challenge(`${name} copies round ${round}`);
      copyPoint.push(r);
      current = quadraticAt(atZero, linear, atInfinity, r);
      table = kernels.fold(table, half * inputSlots, r);
    });

    const variables = variablesOf(inputSlots);
    const factor = kernels.sparseProduct(pattern, omega, table);
    kernels.addScaled(factor, reduce(1n), lambda);
    const left = proveProductSumcheck(
      kernels,
      channel,
      kernels.copy(table),
      factor,
      variables,
      current,
      `${name} left`,
    );
    channel.send([left.f, left.g], `${name} left end`);

    const ofLeft = kernels.equality(left.point);
    const weights = gateWeights(kernels, gates.byRight, claim.slotWeights);
    const rightFactor = kernels.sparseProduct(gates.byRight.pattern, weights, ofLeft);
    const rightClaim = reduce(left.g - kernels.innerProduct(lambda, ofLeft));
    const right = proveProductSumcheck(kernels, channel, rightFactor, table, variables, rightClaim, `${name} right`);
    channel.send([right.g], `${name} right end`);
    return { copyPoint, leftPoint: left.point, rightPoint: right.point, left: left.f, right: right.g };
  });
}

/** omega_g = w_out(g) coefficient_g in the order of the sorted gates. */
function gateWeights(kernels: Kernels, gates: SortedGates, slotWeights: FieldVector): FieldVector {
  return kernels.gatherMultiply(gates.coefficients, slotWeights, gates.outs);
}
