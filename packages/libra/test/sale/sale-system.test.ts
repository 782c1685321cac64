import { ShapeError } from "@zkcmp/network/shape";
import { StatementError } from "@zkcmp/sale/statement-check";
import { expect } from "chai";
import { columnsOf } from "../../src/argument.ts";
import { rangesOfLayer, saleSystem, type SaleVariant } from "../../src/sale/sale-system.ts";
import { dense } from "./shapes.ts";

const DIGITS: SaleVariant = {
  shape: { inputBits: 8, weightBits: 8, layers: [dense(784, 128, "relu", 10, 8), dense(128, 10, "none")] },
  rows: 1000,
  predicate: "accuracy",
  committed: false,
};
const REGRESSION: SaleVariant = {
  ...DIGITS,
  shape: { inputBits: 8, weightBits: 8, layers: [dense(3, 1, "none")] },
  predicate: "squared-error",
};

describe("sale system", () => {
  const tablesOf = (variant: SaleVariant) =>
    saleSystem(variant).argument.tables.map(({ name, copies, slots }) => `${name} ${copies} x ${slots}`);

  it("commits to bits of activations and weights, scores, S-boxes and the surplus", () => {
    expect(tablesOf(DIGITS)).to.deep.equal([
      "activations-0 1000 x 4096",
      "scores 1000 x 512",
      "words 3283 x 256",
      "permutations-3 2 x 128",
      "permutations-2 1 x 128",
      "permutations-17 206 x 256",
      "surplus 1 x 16",
    ]);
    expect(columnsOf(saleSystem(DIGITS).argument)).to.equal(4096);
  });

  it("puts M's sponge beside the keystream, and its last block where its width is", () => {
    // 3,284 words with the salt: 205 blocks of 16, and 4 words.
    const tables = tablesOf({ ...DIGITS, committed: true });
    expect(tables).to.include("permutations-17 411 x 256");
    expect(tables).to.include("permutations-5 1 x 128");
    expect(saleSystem({ ...DIGITS, committed: true }).uses.model).to.deep.equal({
      group: 2,
      firstCopy: 206,
      copies: 205,
    });
  });

  it("depends on shape, rows, predicate and M, and on nothing else", () => {
    const digest = (variant: SaleVariant) => Buffer.from(saleSystem(variant).argument.digest).toString("hex");
    const { shape } = DIGITS;
    const [first, last] = shape.layers as [(typeof shape.layers)[0], (typeof shape.layers)[0]];
    const variants: SaleVariant[] = [
      DIGITS,
      { ...DIGITS, rows: 999 },
      { ...DIGITS, committed: true },
      { ...DIGITS, shape: { ...shape, inputBits: 7 } },
      { ...DIGITS, shape: { ...shape, weightBits: 7 } },
      { ...DIGITS, shape: { ...shape, layers: [{ ...first, shift: 11 }, last] } },
      { ...DIGITS, shape: { ...shape, layers: [{ ...first, biasShift: 7 }, last] } },
      { ...DIGITS, shape: { ...shape, layers: [{ ...first, activation: "square", shift: 0 }, last] } },
      REGRESSION,
      { ...REGRESSION, predicate: "accuracy" },
    ];
    expect(new Set(variants.map(digest)).size).to.equal(variants.length);
    expect(digest({ ...DIGITS })).to.equal(digest(DIGITS));
  });

  it("places every hidden neuron once, whatever tables they take", () => {
    const widths = [900, 500, 40];
    const shape = {
      inputBits: 16,
      weightBits: 16,
      layers: [
        dense(4, 900, "relu", 0, 60),
        dense(900, 500, "square"),
        dense(500, 40, "relu", 3),
        dense(40, 2, "none"),
      ],
    };
    const system = saleSystem({ ...DIGITS, shape });
    expect(system.activations.length).to.be.above(1);

    widths.forEach((width, layer) => {
      const neurons = rangesOfLayer(system, layer).flatMap(({ range }) =>
        Array.from({ length: range.neurons }, (_, i) => range.firstNeuron + i),
      );
      expect(neurons).to.deep.equal(Array.from({ length: width }, (_, i) => i));
    });
    for (const { ranges, slots, circuit } of system.activations) {
      const ends = ranges.map(({ firstSlot, neurons, bits }) => firstSlot + neurons * Math.max(bits, 1));
      expect(ranges.slice(1).map(({ firstSlot }) => firstSlot)).to.deep.equal(ends.slice(0, -1));
      expect(ends.at(-1)).to.be.at.most(slots);
      expect(circuit.inputSlots).to.equal(slots);
    }
  });

  it("takes hundreds of classes, and refuses those that no table holds", () => {
    const classes = (outputs: number): SaleVariant => ({
      ...DIGITS,
      shape: { inputBits: 8, weightBits: 8, layers: [dense(2, outputs, "none")] },
    });
    expect(tablesOf(classes(700))).to.include("scores 1000 x 16384");
    expect(() => saleSystem(classes(60_000))).to.throw(StatementError, "60000 classes");
  });

  it("refuses hidden neurons by the hundred thousand before it makes circuits of them", () => {
    const layers = [dense(1, 60_000, "relu"), dense(60_000, 1, "none")];
    const variant = { ...DIGITS, shape: { inputBits: 8, weightBits: 8, layers } };
    expect(() => saleSystem(variant)).to.throw(StatementError, "hidden neurons");
  });

  it("refuses tables of 2^32 entries", () => {
    const shape = { inputBits: 1, weightBits: 2, layers: [dense(1, 250, "relu", 230, 240), dense(250, 2, "none")] };
    const variant = { ...DIGITS, shape };
    expect(tablesOf({ ...variant, rows: 2 ** 16 - 1 })[0]).to.equal("activations-0 65535 x 65536");
    expect(() => saleSystem({ ...variant, rows: 2 ** 16 })).to.throw(StatementError, "2^32 entries");
  });

  it("refuses shapes that are none, squared errors of several outputs, and of sums that pass 2^250", () => {
    expect(() => saleSystem({ ...DIGITS, shape: { ...DIGITS.shape, layers: [] } })).to.throw(ShapeError);
    expect(() => saleSystem({ ...DIGITS, predicate: "squared-error" })).to.throw(StatementError, "10 outputs");
    const large = { ...REGRESSION.shape, layers: [dense(3, 1, "none", 0, 130)] };
    expect(() => saleSystem({ ...REGRESSION, shape: large })).to.throw(StatementError, "2^250");
    saleSystem({ ...REGRESSION, shape: large, predicate: "accuracy" });
  });
});
