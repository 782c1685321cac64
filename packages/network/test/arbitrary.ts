import fc from "fast-check";
import { createNetwork, type Network } from "../src/network.ts";
import type { Activation, LayerShape, NetworkShape } from "../src/shape.ts";

interface ShapeLimits {
  readonly maxWidth?: number;
  readonly maxHidden?: number;
  readonly maxBiasShift?: number;
}

/** Valid shapes of one to three layers; a relu shift never takes more than the weights' bits, so no layer dies. */
export function shapes({
  maxWidth = 6,
  maxHidden = 2,
  maxBiasShift = 12,
}: ShapeLimits = {}): fc.Arbitrary<NetworkShape> {
  const hidden = fc.record({
    width: fc.integer({ min: 1, max: maxWidth }),
    activation: fc.constantFrom<Activation>("relu", "square"),
    shift: fc.integer({ min: 0, max: 6 }),
    biasShift: fc.integer({ min: 0, max: maxBiasShift }),
  });
  return fc
    .record({
      inputBits: fc.integer({ min: 1, max: 16 }),
      weightBits: fc.integer({ min: 2, max: 16 }),
      inputs: fc.integer({ min: 1, max: maxWidth }),
      outputs: fc.integer({ min: 1, max: maxWidth }),
      biasShift: fc.integer({ min: 0, max: maxBiasShift }),
      hidden: fc.array(hidden, { maxLength: maxHidden }),
    })
    .map(({ inputBits, weightBits, inputs, outputs, biasShift, hidden: hiddenLayers }) => {
      const layers: LayerShape[] = [];
      let width = inputs;
      for (const layer of hiddenLayers) {
        const shift = layer.activation === "relu" ? Math.min(layer.shift, weightBits - 1) : 0;
        layers.push({
          inputs: width,
          outputs: layer.width,
          activation: layer.activation,
          shift,
          biasShift: layer.biasShift,
        });
        width = layer.width;
      }
      layers.push({ inputs: width, outputs, activation: "none", shift: 0, biasShift });
      return { inputBits, weightBits, layers };
    });
}

function integers(count: number, bits: number): fc.Arbitrary<number[]> {
  const limit = 2 ** (bits - 1);
  return fc.array(fc.integer({ min: -limit, max: limit - 1 }), { minLength: count, maxLength: count });
}

/** Networks with any weights that their shape allows. */
export function networks(limits: ShapeLimits = {}): fc.Arbitrary<Network> {
  return shapes(limits).chain((shape) => {
    const layers = shape.layers.map((layer) =>
      fc.record({
        weights: integers(layer.inputs * layer.outputs, shape.weightBits),
        biases: integers(layer.outputs, shape.weightBits),
      }),
    );
    const scales = shape.layers.map(() => fc.double({ min: 1e-9, max: 1e3, noNaN: true }));
    return fc
      .tuple(fc.tuple(...layers), fc.tuple(...scales))
      .map(([all, factors]) => createNetwork(shape, all, factors));
  });
}

/** A row inside the network's input bits; the largest inputs come up often. */
export function rowsFor(network: Network): fc.Arbitrary<Uint16Array> {
  const width = network.shape.layers[0]?.inputs ?? 0;
  const largest = 2 ** network.shape.inputBits - 1;
  const input = fc.oneof(fc.integer({ min: 0, max: largest }), fc.constantFrom(0, largest));
  return fc.array(input, { minLength: width, maxLength: width }).map((values) => Uint16Array.from(values));
}
