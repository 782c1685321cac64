import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels, SmallVector } from "@zkcmp/field/kernels/kernels";
import type { ProverChannel } from "../channel.ts";
import type { LayeredCircuit } from "../circuit/layered-circuit.ts";
import { uploadGates, uploadWiring } from "../circuit/wiring.ts";
import { isLinear, type LayerClaim } from "../verifier/layer.ts";
import { claimsOfReduction, type InputClaim, inputClaim, layerName } from "../verifier/layered-circuit.ts";
import { asField, linearWeights, proveLayer, type ProverLayerClaim, withoutConstants } from "./layer.ts";

/**
 * The prover of `verifyLayeredCircuit`: evaluates the circuit upwards, then proves its layers downwards.
 * @param input the input table, copies x inputSlots; overwritten if it is of field elements
 * @param claim about the top layer
 */
export function proveLayeredCircuit(
  kernels: Kernels,
  channel: ProverChannel,
  circuit: LayeredCircuit,
  input: FieldVector | SmallVector,
  copies: number,
  claim: LayerClaim<FieldElement>,
): readonly InputClaim<FieldElement>[] {
  return kernels.scope(() => {
    const slotsBelow = (index: number): number => circuit.layers[index - 1]?.slots ?? circuit.inputSlots;
    const below = [input];
    circuit.layers.slice(0, -1).forEach((layer, index) => {
      const values = asField(kernels, below[index]!);
      below[index] = values;
      below.push(kernels.applyLayer(values, slotsBelow(index), uploadWiring(kernels, layer)));
    });

    const topSlots = circuit.layers.at(-1)!.slots;
    const zeros = new Array<FieldElement>(topSlots - claim.slotWeights.length).fill(reduce(0n));
    let current: ProverLayerClaim = { ...claim, slotWeights: kernels.fromField([...claim.slotWeights, ...zeros]) };
    for (let index = circuit.layers.length - 1; index >= 0; index--) {
      const layer = circuit.layers[index]!;
      const gates = uploadGates(kernels, layer, slotsBelow(index));
      if (isLinear(layer)) {
        current = {
          copyPoint: current.copyPoint,
          slotWeights: linearWeights(kernels, gates, current.slotWeights),
          value: withoutConstants(kernels, gates, copies, current),
        };
        continue;
      }
      const name = layerName(circuit, index);
      const reduction = proveLayer(kernels, channel, gates, below[index]!, copies, current, name);
      if (index === 0) return claimsOfReduction(reduction);
      const alpha = channel.challenge(`${name} merge`);
      const slotWeights = kernels.equality(reduction.leftPoint);
      kernels.addScaled(slotWeights, reduce(1n), kernels.equality(reduction.rightPoint, alpha));
      current = {
        copyPoint: reduction.copyPoint,
        slotWeights,
        value: reduce(reduction.left + alpha * reduction.right),
      };
    }
    const values = kernels.toField(current.slotWeights);
    return [inputClaim(current.copyPoint, { kind: "vector", values }, current.value)];
  });
}
