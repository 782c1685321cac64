import { type FieldElement, reduce } from "@zkcmp/field/element";
import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { BLINDING_LABEL, COLUMN_LABEL } from "@zkcmp/libra/generators";
import { RowCommitter } from "@zkcmp/libra/prover/row-commitments";
import { systemRandomness } from "@zkcmp/libra/prover/random-source";
import type { TableShape } from "@zkcmp/libra/table";
import { expect } from "chai";
import { elements } from "../random.ts";

const COLUMNS = 8;

describe("RowCommitter", function () {
  this.timeout(20_000);
  const kernels = createReferenceKernels();
  const points = kernels.concatPoints([
    kernels.generators(COLUMN_LABEL, COLUMNS),
    kernels.generators(BLINDING_LABEL, 1),
  ]);

  const shapes: readonly TableShape[] = [
    { name: "bits alone", copies: 3, slots: 16, wide: [] },
    { name: "last row cut short", copies: 5, slots: 4, wide: [2] },
    { name: "smaller than a row", copies: 1, slots: 2, wide: [1] },
    { name: "wide alone", copies: 9, slots: 2, wide: [0, 1] },
  ];
  for (const shape of shapes) {
    it(`commits to the rows of copy * slots + slot: ${shape.name}`, () => {
      const { copies, slots, wide } = shape;
      const entries = elements(shape.name, copies * slots).map((value, i) =>
        wide.includes(i % slots) ? value : reduce(value & 1n),
      );
      const { rows, blindings } = new RowCommitter(kernels, systemRandomness, COLUMNS).commit(shape, {
        bits: Uint8Array.from(entries, (value, i) => (wide.includes(i % slots) ? 0 : Number(value))),
        wide: wide.map((slot) => entries.filter((_, i) => i % slots === slot)),
      });
      const expected = blindings.map((blinding, row) => {
        const own: FieldElement[] = entries.slice(COLUMNS * row, COLUMNS * (row + 1));
        while (own.length < COLUMNS) own.push(reduce(0n));
        return kernels.multiScalar(points, kernels.fromField([...own, blinding]));
      });
      expect(blindings.length).to.equal(Math.ceil((copies * slots) / COLUMNS));
      expect(new Set(blindings).size).to.equal(blindings.length);
      expect(rows).to.deep.equal(kernels.compress(kernels.fromPoints(expected)));
    });
  }
});
