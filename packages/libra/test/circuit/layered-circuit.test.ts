import { bytesToHex } from "@noble/hashes/utils.js";
import { reduce } from "@zkcmp/field/element";
import { expect } from "chai";
import { circuitDigest, LayeredCircuitBuilder, LayeredCircuitError } from "../../src/circuit/layered-circuit.ts";

const two = reduce(2n);

describe("layered circuit", () => {
  it("sorts gates, adds up equal ones and drops those that cancel", () => {
    const builder = new LayeredCircuitBuilder("gates", 4);
    builder
      .layer(2)
      .product(1, 3, 0)
      .product(0, 2, 1, two)
      .product(1, 0, 3, two)
      .product(0, 1, 1)
      .product(0, 1, 1, reduce(-1n))
      .linear(1, 2)
      .linear(0, 3)
      .linear(1, 2)
      .constant(1, two)
      .constant(1, two);
    expect(builder.build().layers).to.deep.equal([
      {
        slots: 2,
        products: [
          { out: 0, left: 1, right: 2, coefficient: 2n },
          { out: 1, left: 0, right: 3, coefficient: 3n },
        ],
        linear: [
          { out: 0, input: 3, coefficient: 1n },
          { out: 1, input: 2, coefficient: 2n },
        ],
        constants: [{ out: 1, value: 4n }],
      },
    ]);
  });

  it("reads the layer below, not the input", () => {
    const builder = new LayeredCircuitBuilder("depth", 2);
    builder.layer(8).linear(7, 1);
    expect(() => builder.layer(1).linear(0, 7)).not.to.throw();
    expect(() => builder.layer(1).linear(0, 1)).to.throw(LayeredCircuitError);
  });

  it("refuses slots out of range, sizes that are no powers of two, and empty circuits and layers", () => {
    const builder = () => new LayeredCircuitBuilder("refused", 4);
    for (const slot of [-1, 4, 0.5, Number.NaN]) {
      expect(() => builder().layer(4).product(slot, 0, 0)).to.throw(LayeredCircuitError);
      expect(() => builder().layer(4).product(0, slot, 0)).to.throw(LayeredCircuitError);
      expect(() => builder().layer(4).product(0, 0, slot)).to.throw(LayeredCircuitError);
      expect(() => builder().layer(4).linear(slot, 0)).to.throw(LayeredCircuitError);
      expect(() => builder().layer(4).linear(0, slot)).to.throw(LayeredCircuitError);
      expect(() => builder().layer(4).constant(slot, two)).to.throw(LayeredCircuitError);
    }
    for (const slots of [0, 3, -4, 1.5, 2 ** 17]) {
      expect(() => new LayeredCircuitBuilder("refused", slots)).to.throw(LayeredCircuitError);
      expect(() => builder().layer(slots)).to.throw(LayeredCircuitError);
    }
    expect(() => builder().build()).to.throw(LayeredCircuitError, "no layers");
    const cancelled = builder();
    cancelled.layer(1).linear(0, 0).linear(0, 0, reduce(-1n));
    expect(() => cancelled.build()).to.throw(LayeredCircuitError, "without gates");
  });

  it("has a digest that depends on everything, but not on the order of the description", () => {
    const digest = (describe: (builder: LayeredCircuitBuilder) => void, name = "digest", slots = 4) => {
      const builder = new LayeredCircuitBuilder(name, slots);
      describe(builder);
      return bytesToHex(circuitDigest(builder.build()));
    };
    const base = digest((b) => b.layer(2).product(0, 1, 2).linear(1, 3).constant(0, two));
    expect(digest((b) => b.layer(2).constant(0, two).linear(1, 3).product(0, 2, 1))).to.equal(base);
    const others = [
      digest((b) => b.layer(2).product(0, 1, 2).linear(1, 3).constant(0, two), "other"),
      digest((b) => b.layer(2).product(0, 1, 2).linear(1, 3).constant(0, two), "digest", 8),
      digest((b) => b.layer(4).product(0, 1, 2).linear(1, 3).constant(0, two)),
      digest((b) => b.layer(2).product(1, 1, 2).linear(1, 3).constant(0, two)),
      digest((b) => b.layer(2).product(0, 1, 2, two).linear(1, 3).constant(0, two)),
      digest((b) => b.layer(2).product(0, 1, 2).linear(1, 2).constant(0, two)),
      digest((b) => b.layer(2).product(0, 1, 2).linear(1, 3, two).constant(0, two)),
      digest((b) => b.layer(2).product(0, 1, 2).linear(1, 3).constant(1, two)),
      digest((b) => b.layer(2).product(0, 1, 2).linear(1, 3).constant(0, reduce(3n))),
      digest((b) => {
        b.layer(2).product(0, 1, 2).linear(1, 3).constant(0, two);
        b.layer(1).linear(0, 0);
      }),
    ];
    expect(new Set([base, ...others]).size).to.equal(others.length + 1);
  });
});
