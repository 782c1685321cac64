import { describeProof, SaleTooLargeError } from "@zkcmp/libra/preflight";
import type { SaleVariant } from "@zkcmp/libra/sale/sale-system";
import { expect } from "chai";
import { foreseenLibra } from "../src/libra-size.ts";

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

describe("size of a libra proof", () => {
  it("is foreseen, its seconds for the cores that there are", () => {
    const [one, four] = [1, 4].map((cores) =>
      foreseenLibra({ ...SALE, rows: 20_000 }, { memoryBytes: 2 ** 32, cores }),
    );
    expect(four!.proofSeconds).to.be.lessThan(one!.proofSeconds);
    expect(foreseenLibra(SALE).proofSeconds).to.be.lessThan(one!.proofSeconds);
    expect(describeProof(one!))
      .to.contain(`${one!.proofBytes.toLocaleString("en-US")} bytes`)
      .and.to.contain("no setup");
  });

  it("is refused where it passes the memory that can be used", () => {
    const { memoryBytes } = foreseenLibra(SALE);
    expect(() => foreseenLibra(SALE, { memoryBytes })).to.not.throw();
    expect(() => foreseenLibra(SALE, { memoryBytes: memoryBytes - 1 })).to.throw(SaleTooLargeError, "memory");
  });
});
