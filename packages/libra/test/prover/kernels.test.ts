import { type FieldElement, reduce } from "@zkcmp/field/element";
import { createKernels } from "@zkcmp/field/kernels/create-kernels";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import fc from "fast-check";
import { type LayeredCircuit, LayeredCircuitBuilder } from "../../src/circuit/layered-circuit.ts";
import { proveDenseRelation } from "../../src/prover/dense-relation.ts";
import { proveLayeredCircuit } from "../../src/prover/layered-circuit.ts";
import { proveMatrixProduct } from "../../src/prover/matrix-product.ts";
import { proveTableClaims } from "../../src/prover/table-claims.ts";
import { createProverTable } from "../../src/prover/table.ts";
import { type TableShape, variablesOf } from "../../src/table.ts";
import { PlainProver } from "../plain-channel.ts";
import { randomValues } from "../plain-table.ts";
import { anyCircuit, elements } from "../random.ts";

const reference = createReferenceKernels();
const zero = reduce(0n);

/** Everything sent in a circuit's proof and in that of the claims in which it ends. */
function proveCircuit(kernels: Kernels, circuit: LayeredCircuit, shape: TableShape): PlainProver {
  const channel = new PlainProver("kernels");
  const copyPoint = elements("copy point", variablesOf(shape.copies));
  const slotWeights = elements("slot weights", circuit.layers.at(-1)!.slots);
  kernels.scope(() => {
    const table = createProverTable(kernels, shape, randomValues("kernels", shape));
    const claim = { copyPoint, slotWeights, value: zero };
    const claims = proveLayeredCircuit(kernels, channel, circuit, table.input(), shape.copies, claim);
    const extra = { copyWeights: { kind: "vector", values: elements("copies", shape.copies) } as const };
    const all = [...claims, { ...extra, slotWeights: claims[0]!.slotWeights, value: zero }];
    proveTableClaims(
      kernels,
      channel,
      [table],
      16,
      all.map((own) => ({ ...own, table: 0 })),
    );
  });
  return channel;
}

describe("provers with WebAssembly kernels", () => {
  let kernels: Kernels;
  before(async () => {
    kernels = await createKernels({ threads: 2 });
  });
  after(() => kernels.dispose());

  it("send for random circuits what they send with the reference kernels", () => {
    fc.assert(
      fc.property(anyCircuit, fc.integer({ min: 1, max: 9 }), fc.nat({ max: 3 }), (circuit, copies, wideSlots) => {
        const wide = Array.from({ length: Math.min(wideSlots, circuit.inputSlots) }, (_, slot) => slot);
        const shape = { name: "input", copies, slots: circuit.inputSlots, wide };
        expect(proveCircuit(kernels, circuit, shape)).to.deep.equal(proveCircuit(reference, circuit, shape));
      }),
      { numRuns: 40 },
    );
  });

  it("send so for a circuit that is worth several threads", () => {
    const builder = new LayeredCircuitBuilder("large", 64);
    const bottom = builder.layer(64);
    for (let slot = 0; slot < 50; slot++) bottom.product(slot, slot, slot).linear(slot, slot, reduce(-1n));
    for (let slot = 0; slot < 40; slot++) bottom.product(50 + (slot % 8), 60, slot, reduce(1n << BigInt(slot)));
    const top = builder.layer(16);
    for (let slot = 0; slot < 60; slot++) top.product(slot % 16, slot, 63 - slot).constant(slot % 16, reduce(3n));
    const circuit = builder.build();
    const shape = { name: "input", copies: 37, slots: 64, wide: [60, 61] };
    expect(proveCircuit(kernels, circuit, shape)).to.deep.equal(proveCircuit(reference, circuit, shape));
  });

  it("send so for matrix products and dense relations", () => {
    const [weights, values] = [elements("weights", 300), elements("values", 300)];
    const run = (own: Kernels): PlainProver => {
      const channel = new PlainProver("kernels");
      const vectors = (count: number) =>
        [weights, values].map((vector: readonly FieldElement[]) => own.fromField(vector.slice(0, count)));
      const [left, right] = vectors(300);
      proveMatrixProduct(own, channel, left!, right!, zero, "private", "product");
      const [a, d] = vectors(8 * 37);
      proveDenseRelation(own, channel, { copies: 37, columns: 8 }, a!, d!, zero, "dense");
      return channel;
    };
    expect(run(kernels)).to.deep.equal(run(reference));
  });
});
