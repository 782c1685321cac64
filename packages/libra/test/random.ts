import { sha256 } from "@noble/hashes/sha2.js";
import { FIELD_ORDER, type FieldElement, fieldFromBytes, reduce } from "@zkcmp/field/element";
import fc from "fast-check";
import { type LayeredCircuit, LayeredCircuitBuilder } from "../src/circuit/layered-circuit.ts";

/** `count` field elements that follow from a seed. */
export function elements(seed: string, count: number): FieldElement[] {
  return Array.from({ length: count }, (_, i) => fieldFromBytes(sha256(new TextEncoder().encode(`${seed}/${i}`))));
}

/** Field elements, 0, 1 and -1 among them often. */
export const anyElement: fc.Arbitrary<FieldElement> = fc.oneof(
  fc.constantFrom(0n, 1n, FIELD_ORDER - 1n),
  fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }),
) as fc.Arbitrary<FieldElement>;

const width = fc.constantFrom(1, 2, 4, 8, 16);

interface Gates {
  slots: number;
  products: [number, number, number, FieldElement][];
  linear: [number, number, FieldElement][];
  constants: [number, FieldElement][];
}

const layer: fc.Arbitrary<Gates> = width.chain((slots) =>
  fc.record({
    slots: fc.constant(slots),
    products: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), anyElement), { maxLength: 12 }),
    linear: fc.array(fc.tuple(fc.nat(), fc.nat(), anyElement), { maxLength: 6 }),
    constants: fc.array(fc.tuple(fc.nat(), anyElement), { maxLength: 3 }),
  }),
);

/** Circuits of depth 1 to 4 and widths 1 to 16: squares, constants, unused slots, linear layers and outputs of several products among them. */
export const anyCircuit: fc.Arbitrary<LayeredCircuit> = fc
  .tuple(width, fc.array(layer, { minLength: 1, maxLength: 4 }))
  .map(([inputSlots, layers]) => {
    const builder = new LayeredCircuitBuilder("random", inputSlots);
    let below: number = inputSlots;
    for (const { slots, products, linear, constants } of layers) {
      const gates = builder.layer(slots);
      gates.product(0, 0, 0).linear(slots - 1, below - 1);
      if (products.length === 0) gates.product(0, 0, 0, reduce(-1n));
      for (const [out, left, right, coefficient] of products) {
        gates.product(out % slots, left % below, right % below, coefficient);
      }
      for (const [out, input, coefficient] of linear) gates.linear(out % slots, input % below, coefficient);
      for (const [out, value] of constants) gates.constant(out % slots, value);
      below = slots;
    }
    return builder.build();
  });
