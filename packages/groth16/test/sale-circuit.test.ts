import { ShapeError, type NetworkShape } from "@zkcmp/network/shape";
import { layerBounds } from "@zkcmp/network/bounds";
import { expect } from "chai";
import fc from "fast-check";
import { REGRESSION_SALE_PUBLIC_INPUTS, SALE_PUBLIC_INPUTS } from "../src/public-signals.ts";
import { saleCircuit, SaleCircuitError, saleConstraints } from "../src/sale-circuit.ts";
import { saleShapes } from "./sale-fixture.ts";

/** A dense classifier with relu layers, 8-bit inputs and weights, as the project's figures are for. */
function classifier(widths: readonly number[]): NetworkShape {
  return {
    inputBits: 8,
    weightBits: 8,
    layers: widths.slice(1).map((outputs, l) => {
      const last = l === widths.length - 2;
      return { inputs: widths[l]!, outputs, activation: last ? "none" : "relu", shift: last ? 0 : 8, biasShift: 8 };
    }),
  };
}

describe("sale-circuit", function () {
  this.timeout(60_000);
  it("lists the public signals with their lengths", () => {
    const circuit = saleCircuit(classifier([4, 3, 2]), 32);
    // 3 * 5 + 2 * 4 = 23 parameters of 8 bits fit one word of 31; 32 labels take two words.
    expect(circuit.publicLengths).to.deep.equal({
      keyCommitment: 1,
      secretCommitment: 1,
      core: 1,
      dealId: 1,
      rowsDigest: 1,
      modelCommitment: 1,
      threshold: 1,
      labels: 2,
      ciphertext: 1,
      combined: 4,
    });
    expect(circuit.publicCount).to.equal(15);
    expect(circuit.hiddenCount).to.equal(3);
    expect(circuit.source).to.include(`{public [${SALE_PUBLIC_INPUTS.join(", ")}]}`);
    expect(circuit.source).to.include("Sale(32, 2, [4, 3, 2], 8, [0, 0], [8, 0], [8, 8], [");
  });

  it("takes slots that no value of the shape can leave, from the shape alone", () => {
    fc.assert(
      fc.property(saleShapes, fc.integer({ min: 1, max: 100 }), (shape, rows) => {
        const { slots } = saleCircuit(shape, rows);
        layerBounds(shape).forEach(({ zMax }, l) => {
          const { magnitudeBits, slotBits, words } = slots[l]!;
          const last = l === shape.layers.length - 1;
          // Hidden values lie in [-2^B, 2^B); outputs of uncounted rows may reach -3 * 2^B.
          const limit = 2n ** BigInt(magnitudeBits);
          expect(zMax + (last ? 1n : 0n) < limit).to.be.true;
          expect((last ? 4n : 2n) * limit === 2n ** BigInt(slotBits)).to.be.true;
          expect(slotBits).to.be.at.most(253);
          expect(words * Math.floor(253 / slotBits)).to.be.at.least(shape.layers[l]!.outputs);
        });
      }),
    );
  });

  it("has one name for one circuit", () => {
    const names = new Map<string, string>();
    for (const shape of fc.sample(saleShapes, { numRuns: 200, seed: 1 })) {
      for (const rows of [1, 2, 12]) {
        const { name, source } = saleCircuit(shape, rows);
        expect(name).to.match(/^[\w-]+$/);
        const key = JSON.stringify([shape, rows]);
        expect(names.get(name) ?? key).to.equal(key);
        names.set(name, key);
        expect(source).to.include(`Sale(${rows}, `);
      }
    }
  });

  it("refuses rows and classes that it cannot carry", () => {
    for (const rows of [0, -1, 1.5, NaN, Infinity]) {
      expect(() => saleCircuit(classifier([4, 2]), rows)).to.throw(SaleCircuitError, "proven rows");
    }
    expect(() => saleCircuit(classifier([4, 257]), 2)).to.throw(SaleCircuitError, "257 classes");
    expect(saleCircuit(classifier([4, 256]), 2).publicLengths.labels).to.equal(1);
    const squares = classifier([4, 4, 4, 4, 2]);
    const layers = squares.layers.map((layer, l) =>
      l < 3 ? { ...layer, activation: "square" as const, shift: 0 } : layer,
    );
    expect(() => saleCircuit({ ...squares, weightBits: 16, layers }, 2)).to.throw(ShapeError, "2^250");
  });

  it("has another name, source and public signals for squared errors, and for M", () => {
    const shape = classifier([4, 3, 1]);
    const regression = saleCircuit(shape, 32, { predicate: "squared-error" });
    const committed = saleCircuit(shape, 32, { predicate: "squared-error", committed: true });
    expect(regression.publicInputs).to.deep.equal(REGRESSION_SALE_PUBLIC_INPUTS);
    expect(regression.publicLengths).to.include({ targets: 32, allowedError: 1, modelCommitment: 1 });
    expect(regression.publicCount).to.equal(1 + 7 + 32 + 1 + 4);
    expect(regression.source).to.match(/RegressionSale\(32, .*, 0\);/);
    expect(committed.source).to.match(/RegressionSale\(32, .*, 1\);/);
    expect(saleCircuit(shape, 32, { committed: true }).source).to.match(/ Sale\(32, .*, 1\);/);
    const names = [regression, committed, saleCircuit(shape, 32), saleCircuit(shape, 32, { committed: true })];
    expect(new Set(names.map(({ name }) => name)).size).to.equal(4);
    for (const { name } of names) expect(name).to.match(/^[\w-]+$/);
    // The slot holds outputs in [-2^B, 2^B), the sum of n squares of differences below 2^(B+1).
    const { magnitudeBits, slotBits } = regression.slots.at(-1)!;
    expect(slotBits).to.equal(magnitudeBits + 1);
    expect(32n * 2n ** BigInt(2 * magnitudeBits + 2) < 2n ** BigInt(regression.errorBits)).to.be.true;
  });

  it("refuses squared errors of several outputs, and sums that pass 2^250", () => {
    const predicate = "squared-error";
    expect(() => saleCircuit(classifier([4, 2]), 2, { predicate })).to.throw(SaleCircuitError, "2 outputs");
    const deep: NetworkShape = {
      inputBits: 16,
      weightBits: 16,
      layers: [
        { inputs: 4, outputs: 4, activation: "square", shift: 0, biasShift: 0 },
        { inputs: 4, outputs: 1, activation: "square", shift: 0, biasShift: 0 },
        { inputs: 1, outputs: 1, activation: "none", shift: 0, biasShift: 0 },
      ],
    };
    const { magnitudeBits } = layerBounds(deep).at(-1)!;
    expect(2 * magnitudeBits).to.be.greaterThan(250);
    expect(() => saleCircuit(deep, 2, { predicate })).to.throw(SaleCircuitError, "2^250");
    saleCircuit(deep, 2);
  });

  it("keeps the bars of the project's figures", () => {
    const mnist = saleConstraints(saleCircuit(classifier([784, 32, 10]), 86));
    expect(mnist.total).to.be.at.most(400_000);
    expect(saleConstraints(saleCircuit(classifier([196, 25, 10]), 100)).perRow).to.be.at.most(1250);
    // Decryption and range check: 8 bits and 564 constraints for 16 words of 31 weights.
    const large = saleCircuit(classifier([784, 128, 10]), 2);
    const weights = 784 * 128 + 128 * 10;
    expect((8 * weights + 564 * Math.ceil(large.publicLengths.ciphertext! / 16)) / weights).to.be.at.most(9.6);
  });
});
