import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { LayerBounds } from "@zkcmp/network/bounds";
import type { NetworkShape } from "@zkcmp/network/shape";
import { type LayeredCircuit, LayeredCircuitBuilder } from "../circuit/layered-circuit.ts";
import { variablesOf } from "../table.ts";
import { testBit } from "./bit-tests.ts";

/** Neurons of one hidden layer that lie in one table. */
export interface NeuronRange {
  /** The layer's place in the network. */
  readonly layer: number;
  readonly firstNeuron: number;
  readonly neurons: number;
  /** B + 1 for ReLU, whose pre-activation z lies there as the bits of z + 2^B; 0 for the square, where z itself lies in one slot. */
  readonly bits: number;
  /** Slot of the first neuron; each takes max(bits, 1). */
  readonly firstSlot: number;
  /** The circuit's output with the first neuron's activation. */
  readonly firstOutput: number;
}

/** Hidden neurons of one table, a row of the test set in every copy, with the circuit of their activations. */
export interface ActivationGroup {
  readonly slots: number;
  readonly wide: readonly number[];
  readonly ranges: readonly NeuronRange[];
  /** Outputs 0 to zeroOutputs - 1 are zero: every bit is one. The others are the activations. */
  readonly zeroOutputs: number;
  readonly circuit: LayeredCircuit;
}

/** More slots make a circuit that gates cannot name; fewer would leave more tables. */
const SLOTS_AT_MOST = 2 ** 16;

/** All hidden neurons, in one group unless they are too many for one table. */
export function activationGroups(shape: NetworkShape, bounds: readonly LayerBounds[]): ActivationGroup[] {
  const groups: NeuronRange[][] = [];
  let used = SLOTS_AT_MOST;
  shape.layers.slice(0, -1).forEach(({ activation, outputs }, layer) => {
    const bits = activation === "square" ? 0 : bounds[layer]!.magnitudeBits + 1;
    // The circuit's outputs are the bits and the activations: the table's slots and at most one more for each neuron.
    const size = bits + 1;
    for (let firstNeuron = 0; firstNeuron < outputs;) {
      if (used + size > SLOTS_AT_MOST) {
        groups.push([]);
        used = 0;
      }
      const neurons = Math.min(outputs - firstNeuron, Math.floor((SLOTS_AT_MOST - used) / size));
      groups.at(-1)!.push({ layer, firstNeuron, neurons, bits, firstSlot: 0, firstOutput: 0 });
      firstNeuron += neurons;
      used += neurons * size;
    }
  });
  return groups.map((ranges, index) => activationGroup(shape, bounds, ranges, index));
}

function activationGroup(
  shape: NetworkShape,
  bounds: readonly LayerBounds[],
  unplaced: readonly NeuronRange[],
  index: number,
): ActivationGroup {
  const zeroOutputs = unplaced.reduce((sum, { neurons, bits }) => sum + neurons * bits, 0);
  let [firstSlot, firstOutput] = [0, zeroOutputs];
  const ranges = unplaced.map((range) => {
    const placed = { ...range, firstSlot, firstOutput };
    firstSlot += range.neurons * Math.max(range.bits, 1);
    firstOutput += range.neurons;
    return placed;
  });
  const slots = 2 ** variablesOf(firstSlot);
  const builder = new LayeredCircuitBuilder(`activations-${index}`, slots);
  const layer = builder.layer(2 ** variablesOf(firstOutput));
  let zeroOutput = 0;
  const wide: number[] = [];
  for (const range of ranges) {
    const { shift } = shape.layers[range.layer]!;
    const { magnitudeBits } = bounds[range.layer]!;
    for (let neuron = 0; neuron < range.neurons; neuron++) {
      const first = range.firstSlot + neuron * Math.max(range.bits, 1);
      const output = range.firstOutput + neuron;
      if (range.bits === 0) {
        wide.push(first);
        layer.product(output, first, first);
        continue;
      }
      for (let bit = 0; bit < range.bits; bit++) testBit(layer, zeroOutput++, first + bit);
      for (let bit = shift; bit < magnitudeBits; bit++) {
        layer.product(output, first + magnitudeBits, first + bit, reduce(1n << BigInt(bit - shift)));
      }
    }
  }
  return { slots, wide, ranges, zeroOutputs, circuit: builder.build() };
}

/**
 * Weights of a range's pre-activations as weights of the table's slots. With bits, sum over slots of weight * V is the
 * weighted sum of z + 2^B.
 * @param weights by neuron of the layer
 */
export function preActivationWeights(
  group: ActivationGroup,
  range: NeuronRange,
  weights: readonly FieldElement[],
): FieldElement[] {
  const slotWeights = new Array<FieldElement>(group.slots).fill(reduce(0n));
  for (let neuron = 0; neuron < range.neurons; neuron++) {
    const weight = weights[range.firstNeuron + neuron]!;
    const first = range.firstSlot + neuron * Math.max(range.bits, 1);
    slotWeights[first] = weight;
    for (let bit = 1; bit < range.bits; bit++) slotWeights[first + bit] = reduce(weight << BigInt(bit));
  }
  return slotWeights;
}

/** By how much the weighted sum of what {@link preActivationWeights} reads exceeds that of z, in a used copy. */
export function preActivationOffset(range: NeuronRange, weights: readonly FieldElement[]): FieldElement {
  if (range.bits === 0) return reduce(0n);
  const own = weights.slice(range.firstNeuron, range.firstNeuron + range.neurons);
  return reduce(own.reduce((sum, weight) => sum + weight, 0n) << BigInt(range.bits - 1));
}

/**
 * Weights of the circuit's outputs.
 * @param zeros by zero output
 * @param activations by neuron of the layer, for each range
 */
export function activationOutputWeights(
  group: ActivationGroup,
  zeros: readonly FieldElement[],
  activations: readonly (readonly FieldElement[])[],
): FieldElement[] {
  return [
    ...zeros.slice(0, group.zeroOutputs),
    ...group.ranges.flatMap(({ firstNeuron, neurons }, i) => activations[i]!.slice(firstNeuron, firstNeuron + neurons)),
  ];
}
