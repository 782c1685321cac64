import { expect } from "chai";
import { largestClassShare } from "../src/largest-class.ts";
import { createTestSet } from "../src/testset.ts";

const rows = (labels: number[]) => createTestSet({ inputBits: 4, classes: 3, rows: labels.map(() => [1]), labels });

describe("largest class", () => {
  it("is the share of the most frequent label", () => {
    expect(largestClassShare(rows([2, 0, 2, 1]))).to.equal(0.5);
    expect(largestClassShare(rows([1]))).to.equal(1);
    expect(largestClassShare(rows([0, 1, 2]))).to.equal(1 / 3);
  });
});
