import type { SaleVariant } from "@zkcmp/libra/sale/sale-system";
import { expect } from "chai";
import { type BrowserHost, forecastProof, thisBrowser } from "../../src/worker/proof-forecast.ts";

const SALE: SaleVariant = {
  shape: {
    inputBits: 8,
    weightBits: 8,
    layers: [
      { inputs: 20, outputs: 8, activation: "relu", shift: 4, biasShift: 0 },
      { inputs: 8, outputs: 3, activation: "none", shift: 0, biasShift: 0 },
    ],
  },
  rows: 200,
  predicate: "accuracy",
  committed: false,
};
const HOST: BrowserHost = { cores: 4, isolated: true, memoryBytes: 8 * 2 ** 30 };

describe("the forecast of a proof", () => {
  it("counts on threads only where the page is isolated, and on eight at the most", () => {
    expect(forecastProof(SALE, HOST)).to.include({ fits: true, problem: null, threads: 4, cores: 4 });
    expect(forecastProof(SALE, { ...HOST, isolated: false }).threads).to.equal(1);
    expect(forecastProof(SALE, { ...HOST, cores: 64 }).threads).to.equal(8);
    const large = { ...SALE, rows: 20_000 };
    expect(forecastProof(large, HOST).seconds).to.be.lessThan(
      forecastProof(large, { ...HOST, isolated: false }).seconds,
    );
  });

  it("says how much memory is missing, and still what the proof takes", () => {
    const small = forecastProof(SALE, { ...HOST, memoryBytes: 2 ** 28 });
    expect(small.fits).to.equal(false);
    expect(small.problem).to.match(/memory, and 0\.13 GiB can be used/);
    expect(small.proofBytes).to.equal(forecastProof(SALE, HOST).proofBytes);
    expect(forecastProof(SALE, { ...HOST, memoryBytes: null }).fits).to.equal(true);
  });

  it("sends proofs of hours to the command line", () => {
    const wide = {
      ...SALE.shape,
      layers: [
        { ...SALE.shape.layers[0]!, outputs: 64 },
        { ...SALE.shape.layers[1]!, inputs: 64 },
      ],
    };
    const forecast = forecastProof({ ...SALE, shape: wide, rows: 400_000 }, { ...HOST, memoryBytes: null });
    expect(forecast.fits).to.equal(false);
  });

  it("asks the browser", () => {
    const { cores, isolated } = thisBrowser();
    expect(cores).to.be.at.least(1);
    expect(isolated).to.equal(false);
  });
});
