import { forward } from "@zkcmp/network/inference";
import { expect } from "chai";
import fc from "fast-check";
import { networks, rowsFor } from "../../../network/test/arbitrary.ts";
import { inferRows } from "../../src/sale/batch-inference.ts";

describe("batch inference", () => {
  it("gives the integers of the inference row by row, in doubles and beyond", () => {
    const cases = networks().chain((network) =>
      fc.tuple(fc.constant(network), fc.array(rowsFor(network), { minLength: 1, maxLength: 4 })),
    );
    let beyond = 0;
    fc.assert(
      fc.property(cases, ([network, rows]) => {
        const features = rows[0]!.length;
        const inputs = new Uint16Array(rows.length * features);
        rows.forEach((row, i) => inputs.set(row, i * features));
        const layers = inferRows(network, rows.length, inputs);
        if (!(layers[0]!.z instanceof Float64Array)) beyond++;
        rows.forEach((row, i) => {
          forward(network, row).forEach(({ z, h }, layer) => {
            const take = (values: ArrayLike<number | bigint>) =>
              z.map((_, neuron) => BigInt(values[i * z.length + neuron]!));
            expect(take(layers[layer]!.z)).to.deep.equal(z);
            expect(take(layers[layer]!.h)).to.deep.equal(h);
          });
        });
      }),
    );
    expect(beyond).to.be.above(0);
  });
});
