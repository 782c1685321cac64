import { expect } from "chai";
import { claimLines } from "../src/claim-lines.ts";

describe("claim lines", () => {
  it("say nothing where all rows are proven", () => {
    expect(claimLines([], 100, 0)).to.deep.equal([]);
  });

  it("state T' with its error, in per cent and as a power of two, and never T", () => {
    const lines = claimLines(
      [
        { atLeast: 1800, error: 0.01 },
        { atLeast: 1400, error: 2 ** -40 },
      ],
      2000,
      86,
    );
    expect(lines.join("\n")).to.contain("86 are drawn");
    expect(lines[1]).to.contain("at least 1800 of 2000 right (90.00 %)").and.to.contain("at most 1 %");
    expect(lines[2]).to.contain("at least 1400 of 2000 right (70.00 %)").and.to.contain("at most 2^-40");
  });
});
