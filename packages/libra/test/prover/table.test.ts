import { reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { expect } from "chai";
import { createProverTable } from "../../src/prover/table.ts";
import type { TableShape } from "../../src/table.ts";
import { flatTable, randomValues } from "../plain-table.ts";
import { elements } from "../random.ts";

const kernels = createReferenceKernels();

const shapes: TableShape[] = [
  { name: "bits", copies: 3, slots: 8, wide: [] },
  { name: "a wide slot", copies: 5, slots: 8, wide: [6] },
  { name: "mostly wide", copies: 5, slots: 4, wide: [0, 2, 3] },
  { name: "one copy", copies: 1, slots: 16, wide: [0, 15] },
  { name: "one slot", copies: 6, slots: 1, wide: [0] },
];

describe("prover table", () => {
  for (const shape of shapes) {
    const { name, copies, slots } = shape;
    const values = randomValues(name, shape);
    const flat = flatTable(shape, values);
    const table = createProverTable(kernels, shape, values);

    it(`gives ${name} as field elements, anew each time`, () => {
      const first = table.field();
      expect(kernels.toField(first)).to.deep.equal(flat);
      kernels.write(first, 0, 1, [reduce(77n)]);
      expect(kernels.toField(table.field())).to.deep.equal(flat);
    });

    it(`gives ${name} to circuits as small integers or field elements`, () => {
      const input = table.input();
      expect(input.kind).to.equal(shape.wide.length === 0 ? "small" : "field");
      expect(kernels.toField(input.kind === "field" ? input : kernels.expand(input))).to.deep.equal(flat);
    });

    it(`sums over the copies, the slots and the commitment rows of ${name}`, () => {
      const sums = (length: number, place: (index: number) => number, weightOf: (index: number) => bigint) => {
        const result = new Array<bigint>(length).fill(0n);
        flat.forEach((value, index) => (result[place(index)]! += weightOf(index) * value));
        return result.map(reduce);
      };
      const ofCopies = elements("copies", copies + 2);
      expect(kernels.toField(table.combineCopies(kernels.fromField(ofCopies)))).to.deep.equal(
        sums(
          slots,
          (index) => index % slots,
          (index) => ofCopies[Math.floor(index / slots)]!,
        ),
      );
      const ofSlots = elements("slots", slots);
      expect(kernels.toField(table.combineSlots(kernels.fromField(ofSlots)))).to.deep.equal(
        sums(
          copies,
          (index) => Math.floor(index / slots),
          (index) => ofSlots[index % slots]!,
        ),
      );
      for (const columns of [2, 4, 8, 64]) {
        const ofRows = elements("rows", Math.ceil(flat.length / columns) + 1);
        expect(kernels.toField(table.combineCommitmentRows(columns, kernels.fromField(ofRows)))).to.deep.equal(
          sums(
            columns,
            (index) => index % columns,
            (index) => ofRows[Math.floor(index / columns)]!,
          ),
        );
      }
    });
  }

  it("refuses values of another shape", () => {
    const shape: TableShape = { name: "shape", copies: 2, slots: 4, wide: [1] };
    const values = randomValues("shape", shape);
    for (const wrong of [
      { ...values, bits: values.bits.slice(1) },
      { ...values, wide: [] },
      { ...values, wide: [elements("long", 3)] },
    ]) {
      expect(() => createProverTable(kernels, shape, wrong)).to.throw(RangeError, "table shape");
    }
  });
});
