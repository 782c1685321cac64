import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { evaluateLayer } from "../../src/circuit/evaluation.ts";
import { type CircuitLayer, LayeredCircuitBuilder } from "../../src/circuit/layered-circuit.ts";
import { uploadGates } from "../../src/circuit/wiring.ts";
import { innerProduct } from "../../src/multilinear.ts";
import { proveLayer } from "../../src/prover/layer.ts";
import { variablesOf } from "../../src/table.ts";
import { bitsOf, hypercube, naiveEquality, naiveExtension, naiveRound } from "../naive-sumcheck.ts";
import { PlainProver } from "../plain-channel.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();
type Point = readonly FieldElement[];

interface Case {
  readonly layer: CircuitLayer;
  readonly inputSlots: number;
  readonly copies: number;
  readonly tau: Point;
}

/** The layer's messages, each a sum over the hypercube of the polynomial in the definition of GKR. */
function naiveMessages({ layer, inputSlots, copies, tau }: Case, table: Point, weights: Point, challenges: Point) {
  const copyVariables = variablesOf(copies);
  const slotVariables = variablesOf(inputSlots);
  const value = (copyPoint: Point, slotPoint: Point) => naiveExtension(table, [...copyPoint, ...slotPoint]);
  const slot = (index: number) => bitsOf(index, slotVariables);
  const wiring = (x: Point, y: Point) =>
    reduce(
      layer.products.reduce((sum, { out, left, right, coefficient }) => {
        const places = multiply(naiveEquality(slot(left), x), naiveEquality(slot(right), y));
        return sum + multiply(weights[out]!, coefficient) * places;
      }, 0n),
    );
  const linear = (x: Point) =>
    reduce(
      layer.linear.reduce((sum, { out, input, coefficient }) => {
        return sum + multiply(weights[out]!, coefficient) * naiveEquality(slot(input), x);
      }, 0n),
    );
  const gate = (copyPoint: Point) => {
    let sum = 0n;
    for (const { out, left, right, coefficient } of layer.products) {
      const operands = multiply(value(copyPoint, slot(left)), value(copyPoint, slot(right)));
      sum += multiply(weights[out]!, coefficient) * operands;
    }
    for (const { out, input, coefficient } of layer.linear) {
      sum += multiply(weights[out]!, coefficient) * value(copyPoint, slot(input));
    }
    return reduce(sum);
  };

  const bound = challenges.slice(0, copyVariables);
  const messages = bound.map((_, round) => {
    const after = tau.slice(round + 1);
    const summed = (point: Point) => multiply(naiveEquality(after, point.slice(round + 1)), gate(point));
    return naiveRound(summed, copyVariables, bound.slice(0, round));
  });
  const left = challenges.slice(copyVariables, copyVariables + slotVariables);
  const inner = (x: Point) =>
    reduce(hypercube(slotVariables).reduce((sum: bigint, y) => sum + wiring(x, y) * value(bound, y), linear(x)));
  left.forEach((_, round) => {
    const summed = (x: Point) => multiply(value(bound, x), inner(x));
    messages.push(naiveRound(summed, slotVariables, left.slice(0, round)));
  });
  messages.push([value(bound, left), inner(left)]);
  const right = challenges.slice(copyVariables + slotVariables);
  right.forEach((_, round) => {
    const summed = (y: Point) => multiply(wiring(left, y), value(bound, y));
    messages.push(naiveRound(summed, slotVariables, right.slice(0, round)));
  });
  messages.push([value(bound, right)]);
  return messages;
}

const builder = new LayeredCircuitBuilder("layer", 4);
const mixed = builder
  .layer(4)
  .product(0, 0, 1)
  .product(0, 2, 3, reduce(-3n))
  .product(0, 1, 1)
  .product(1, 2, 2)
  .linear(1, 2, reduce(-1n))
  .linear(3, 0)
  .constant(0, reduce(9n))
  .constant(3, reduce(4n))
  .build();
const squares = new LayeredCircuitBuilder("squares", 2).layer(1).product(0, 0, 0).product(0, 1, 1).build();
const oneSlot = new LayeredCircuitBuilder("one slot", 1).layer(2).product(1, 0, 0).linear(0, 0).build();

const zero = reduce(0n);
const cases: [string, Case][] = [
  ["one copy", { layer: mixed, inputSlots: 4, copies: 1, tau: [] }],
  ["two copies", { layer: mixed, inputSlots: 4, copies: 2, tau: elements("tau", 1) }],
  ["three copies", { layer: mixed, inputSlots: 4, copies: 3, tau: elements("tau", 2) }],
  ["five copies", { layer: squares, inputSlots: 2, copies: 5, tau: elements("tau", 3) }],
  ["a single slot", { layer: oneSlot, inputSlots: 1, copies: 3, tau: elements("tau", 2) }],
  ["a copy point with zeros", { layer: mixed, inputSlots: 4, copies: 3, tau: [zero, zero] }],
  ["a copy point with a zero last", { layer: mixed, inputSlots: 4, copies: 4, tau: [...elements("tau", 1), zero] }],
];

function claimOf({ layer, inputSlots, copies, tau }: Case, table: Point, weights: Point) {
  let value = 0n;
  for (let copy = 0; copy < copies; copy++) {
    const outputs = evaluateLayer(layer, table.slice(copy * inputSlots, (copy + 1) * inputSlots));
    value += naiveEquality(tau, bitsOf(copy, tau.length)) * innerProduct(outputs, weights);
  }
  return { copyPoint: tau, slotWeights: kernels.fromField(weights), value: reduce(value) };
}

describe("layer, prover", () => {
  for (const [name, tested] of cases) {
    const { layer, inputSlots, copies } = tested;
    const weights = elements("weights", layer.slots);
    const gates = uploadGates(kernels, layer, inputSlots);

    it(`sends for ${name} what the sums over the hypercube are`, () => {
      const table = elements("table", copies * inputSlots);
      const channel = new PlainProver(name);
      const claim = claimOf(tested, table, weights);
      const reduction = proveLayer(kernels, channel, gates, kernels.fromField(table), copies, claim, "layer");
      expect(channel.messages.map(({ values }) => values)).to.deep.equal(
        naiveMessages(tested, table, weights, channel.challenges),
      );
      const { copyPoint, leftPoint, rightPoint, left, right } = reduction;
      expect([...copyPoint, ...leftPoint, ...rightPoint]).to.deep.equal(channel.challenges);
      expect(left).to.equal(naiveExtension(table, [...copyPoint, ...leftPoint]));
      expect(right).to.equal(naiveExtension(table, [...copyPoint, ...rightPoint]));
    });

    it(`sends for ${name} the same if the table is of small integers, and leaves them as they are`, () => {
      const integers = Uint8Array.from({ length: copies * inputSlots }, (_, i) => (7 * i) % 256);
      const table = Array.from(integers, (value) => reduce(BigInt(value)));
      const claim = claimOf(tested, table, weights);
      const [small, field] = [new PlainProver(name), new PlainProver(name)];
      const vector = kernels.fromSmall(integers);
      proveLayer(kernels, small, gates, vector, copies, claim, "layer");
      proveLayer(kernels, field, gates, kernels.fromField(table), copies, claim, "layer");
      expect(small).to.deep.equal(field);
      expect(kernels.toField(kernels.expand(vector))).to.deep.equal(table);
    });
  }
});
