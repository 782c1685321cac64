import { type FieldElement, invert, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels, SmallVector } from "@zkcmp/field/kernels/kernels";
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
 * @param below the values of the layer below, copies x inputSlots: small integers, which make the first and longest round
 * short, or field elements, which are overwritten
 */
export function proveLayer(
  kernels: Kernels,
  channel: ProverChannel,
  gates: LayerGates,
  below: FieldVector | SmallVector,
  copies: number,
  claim: ProverLayerClaim,
  name: string,
): LayerReduction<FieldElement> {
  return kernels.scope(() => {
    const weights: GateWeights = {
      lambda: linearWeights(kernels, gates, claim.slotWeights),
      omega: gateWeights(kernels, gates.byLeft, claim.slotWeights),
    };
    const value = withoutConstants(kernels, gates, copies, claim);
    const bound = proveCopyRounds(kernels, channel, gates, weights, below, claim.copyPoint, value, name);
    const { copyPoint, copy } = bound;

    const variables = variablesOf(gates.inputSlots);
    const leftFactor = kernels.sparseProduct(gates.byLeft.pattern, weights.omega, copy);
    kernels.addScaled(leftFactor, reduce(1n), weights.lambda);
    const phase = `${name} left`;
    const left = proveProductSumcheck(kernels, channel, kernels.copy(copy), leftFactor, variables, bound.claim, phase);
    channel.send([left.f, left.g], `${phase} end`);

    const ofLeft = kernels.equality(left.point);
    const omegaByRight = gateWeights(kernels, gates.byRight, claim.slotWeights);
    const rightFactor = kernels.sparseProduct(gates.byRight.pattern, omegaByRight, ofLeft);
    const rightClaim = reduce(left.g - kernels.innerProduct(weights.lambda, ofLeft));
    const right = proveProductSumcheck(kernels, channel, rightFactor, copy, variables, rightClaim, `${name} right`);
    channel.send([right.g], `${name} right end`);
    return { copyPoint, leftPoint: left.point, rightPoint: right.point, left: left.f, right: right.g };
  });
}

/** lambda by slot of the layer below, omega by product gate as sorted by left operand. */
interface GateWeights {
  readonly lambda: FieldVector;
  readonly omega: FieldVector;
}

/** @returns the point of the challenges, the table's one copy V(copyPoint, .) that is left, and the claim gate(copy) */
function proveCopyRounds(
  kernels: Kernels,
  channel: ProverChannel,
  { inputSlots, byLeft }: LayerGates,
  { lambda, omega }: GateWeights,
  below: FieldVector | SmallVector,
  tauPoint: readonly FieldElement[],
  value: FieldElement,
  name: string,
): { copyPoint: readonly FieldElement[]; copy: FieldVector; claim: FieldElement } {
  const copyPoint: FieldElement[] = [];
  let claim = value;
  let table = below;
  tauPoint.forEach((tau, round) => {
    const half = 2 ** (tauPoint.length - 1 - round);
    const entries = half * inputSlots;
    const after = tauPoint.slice(round + 1);
    const messageOf = (part: FieldVector | SmallVector) =>
      kernels.scope(() =>
        kernels.layerRound(part, inputSlots, half, kernels.equality(after), lambda, byLeft.pattern, omega),
      );
    const { atZero, atInfinity } = messageOf(table);
    // q(1) follows from the claim (1 - tau) q(0) + tau q(1), unless it does not count there.
    const atOne =
      tau === 0n
        ? messageOf(secondHalf(kernels, table, entries)).atZero
        : multiply(reduce(claim - multiply(reduce(1n - tau), atZero)), invert(tau));
    const linear = reduce(atOne - atZero - atInfinity);
    channel.send([atZero, linear, atInfinity], `${name} copies round ${round}`);
    const r = channel.challenge(`${name} copies round ${round}`);
    copyPoint.push(r);
    claim = quadraticAt(atZero, linear, atInfinity, r);
    table = table.kind === "field" ? kernels.fold(table, entries, r) : kernels.foldSmall(table, entries, r);
  });
  return { copyPoint, copy: asField(kernels, table), claim };
}

function secondHalf(kernels: Kernels, table: FieldVector | SmallVector, start: number): FieldVector {
  return kernels.view(asField(kernels, table), start, table.length - start);
}

/** Small integers as field elements; field elements as they are, not copied. */
export function asField(kernels: Kernels, table: FieldVector | SmallVector): FieldVector {
  return table.kind === "field" ? table : kernels.expand(table);
}

/** omega_g = w_out(g) coefficient_g in the order of the sorted gates. */
function gateWeights(kernels: Kernels, gates: SortedGates, slotWeights: FieldVector): FieldVector {
  return kernels.gatherMultiply(gates.coefficients, slotWeights, gates.outs);
}
