import { createReferenceKernels } from "@zkcmp/field/kernels/reference-kernels";
import { BLINDING_LABEL, COLUMN_LABEL, FORM_LABEL, MESSAGE_LABEL, openingGenerators } from "@zkcmp/libra/generators";
import { expect } from "chai";

describe("openingGenerators", () => {
  const kernels = createReferenceKernels();

  it("puts messages before columns, and all generators are different points", () => {
    const { vector, blinding, form } = openingGenerators(kernels, 5, 8);
    const points = kernels.toPoints(vector);
    expect(points.slice(0, 5)).to.deep.equal(kernels.toPoints(kernels.generators(MESSAGE_LABEL, 5)));
    expect(points.slice(5)).to.deep.equal(kernels.toPoints(kernels.generators(COLUMN_LABEL, 8)));
    const all = [...points, ...kernels.toPoints(blinding), ...kernels.toPoints(form)];
    expect(new Set(all.map(({ x }) => x)).size).to.equal(15);
    expect(new Set([BLINDING_LABEL, COLUMN_LABEL, FORM_LABEL, MESSAGE_LABEL]).size).to.equal(4);
  });

  it("gives a message the same generator however many there are", () => {
    const few = kernels.toPoints(openingGenerators(kernels, 3, 2).vector).slice(0, 3);
    expect(kernels.toPoints(openingGenerators(kernels, 9, 2).vector).slice(0, 3)).to.deep.equal(few);
  });
});
