import { reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import fc from "fast-check";
import { evaluateCircuit } from "../../src/circuit/evaluation.ts";
import { uploadGates, uploadWiring } from "../../src/circuit/wiring.ts";
import { anyCircuit, elements } from "../random.ts";

const kernels = createReferenceKernels();

describe("wiring", () => {
  it("makes the kernels evaluate a circuit in all copies as it is evaluated gate by gate", () => {
    fc.assert(
      fc.property(anyCircuit, fc.integer({ min: 1, max: 3 }), (circuit, copies) => {
        const inputs = Array.from({ length: copies }, (_, copy) => elements(`copy ${copy}`, circuit.inputSlots));
        const expected = inputs.map((input) => evaluateCircuit(circuit, input));
        let slots = circuit.inputSlots;
        let table = kernels.fromField(inputs.flat());
        circuit.layers.forEach((layer, index) => {
          table = kernels.applyLayer(table, slots, uploadWiring(kernels, layer));
          slots = layer.slots;
          expect(kernels.toField(table)).to.deep.equal(expected.flatMap((values) => values[index + 1]!));
        });
      }),
      { numRuns: 40 },
    );
  });

  it("gives each gate the weight of the slot it writes, whichever way the gates are sorted", () => {
    fc.assert(
      fc.property(anyCircuit, (circuit) => {
        const layer = circuit.layers[0]!;
        const values = elements("values", circuit.inputSlots);
        const weights = elements("weights", layer.slots);
        const gates = uploadGates(kernels, layer, circuit.inputSlots);
        const vector = kernels.fromField(values);
        const outputs = kernels.fromField(weights);
        const expected = new Map([
          [gates.byLeft, layer.products.map(({ left, right, ...gate }) => ({ row: left, column: right, ...gate }))],
          [gates.byRight, layer.products.map(({ left, right, ...gate }) => ({ row: right, column: left, ...gate }))],
        ]);
        for (const [sorted, entries] of expected) {
          const omega = kernels.gatherMultiply(sorted.coefficients, outputs, sorted.outs);
          const sums = new Array<bigint>(circuit.inputSlots).fill(0n);
          for (const { row, column, out, coefficient } of entries) {
            sums[row]! += coefficient * weights[out]! * values[column]!;
          }
          expect(kernels.toField(kernels.sparseProduct(sorted.pattern, omega, vector))).to.deep.equal(
            sums.map((sum) => reduce(sum)),
          );
        }
        const lambda = new Array<bigint>(circuit.inputSlots).fill(0n);
        for (const { out, input, coefficient } of layer.linear) lambda[input]! += coefficient * weights[out]!;
        expect(
          kernels.toField(kernels.sparseProduct(gates.linear.pattern, gates.linear.coefficients, outputs)),
        ).to.deep.equal(lambda.map((sum) => reduce(sum)));
      }),
      { numRuns: 40 },
    );
  });
});
