import { expect } from "chai";
import { percent, regressionScoreLines, scoreLines } from "../src/score-lines.ts";

describe("score lines", () => {
  it("write a share as a percentage, and a dash where there are no rows", () => {
    expect(percent(0.12345)).to.equal("12.35 %");
    expect(percent(0 / 0)).to.equal("-");
  });

  it("set the interval and the largest class beside the accuracy", () => {
    const lines = scoreLines({
      ...{ right: 3, rows: 4, accuracy: 0.75, interval: [0.3006, 0.9544], largestClassShare: 0.5, confusion: [] },
      classes: [
        { rows: 2, right: 2, accuracy: 1 },
        { rows: 2, right: 1, accuracy: 0.5 },
      ],
    });
    expect(lines).to.deep.equal([
      "3 of 4 rows right: 75.00 %, 95 % interval 30.06 % to 95.44 %.",
      "Always answering the largest class would be right on 50.00 %.",
      "  class 0: 2 of 2, 100.00 %",
      "  class 1: 1 of 2, 50.00 %",
    ]);
  });

  it("name the smallest bound that a regression can prove", () => {
    const lines = regressionScoreLines({ rows: 5, rmse: 1.5, rSquared: NaN, squaredError: 12n, errorBound: 12n });
    expect(lines[0]).to.equal("RMSE 1.5000 over 5 rows, R^2 -.");
    expect(lines[1]).to.contain("at most 12 squared target digits");
  });
});
