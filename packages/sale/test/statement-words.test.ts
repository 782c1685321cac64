import { createTestSet } from "@zkcmp/network/testset";
import { expect } from "chai";
import { baselineLines, claimLines, claimsOf, LIMITS, statementLines } from "../src/statement-words.ts";

const accuracy = { predicate: "accuracy", rows: 200, threshold: 180, errorBound: 0n, sampledRows: 0 } as const;
const sampled = { ...accuracy, rows: 2000, threshold: 1900, sampledRows: 86 } as const;
const regression = { predicate: "squared-error", rows: 4, threshold: 0, errorBound: 100n, sampledRows: 0 } as const;

describe("statement words", () => {
  it("say of all rows what is proven, how sure that is on rows like these, and what chance would reach", () => {
    expect(statementLines(accuracy, { report: { sampledClaims: [] }, largestClassShare: 0.125 })).to.deep.equal([
      "The sealed network has at least 180 of your 200 rows right: 90.00 %.",
      "180 of 200 on rows like these: 95 % interval 85.06 % to 93.43 %.",
      "Always answering the largest class would be right on 12.50 %.",
    ]);
  });

  it("say of drawn rows what follows from them, and never that T rows are right", () => {
    const claims = claimsOf(sampled);
    const text = statementLines(sampled, { report: { sampledClaims: claims } }).join("\n");
    expect(claims.map(({ error }) => error)).to.deep.equal([0.01, 2 ** -40]);
    expect(claims.every(({ atLeast }) => atLeast < 1900)).to.equal(true);
    for (const { atLeast } of claims) expect(text).to.contain(`at least ${atLeast} of 2000 right`);
    expect(text).not.to.contain("at least 1900");
    expect(text).to.contain("if the claim holds");
  });

  it("claim nothing before a bundle was checked", () => {
    for (const terms of [accuracy, regression]) {
      const text = statementLines(terms).join("\n");
      expect(text).to.contain("The order asks for").and.to.contain("Only a proof that was checked shows it");
      expect(text).not.to.contain("The sealed network");
    }
    const text = statementLines(sampled).join("\n");
    expect(text).to.contain("The order asks for").and.to.contain("86 are drawn and proven. That states:");
    expect(text).not.to.contain("The sealed network");
    expect(text).not.to.contain("largest class");
  });

  it("give the bound of a regression as a sum and as a root mean square", () => {
    expect(statementLines(regression, { report: { sampledClaims: [] } })).to.deep.equal([
      "The sealed network's squared errors on your 4 rows sum up to at most 100 squared target digits: an RMSE of 5.000 digits.",
    ]);
  });

  it("leave the claims of drawn rows out where all rows are proven", () => {
    expect(claimLines([], 100, 0)).to.deep.equal([]);
    expect(claimsOf(accuracy)).to.deep.equal([]);
  });

  it("state T' with its error, in per cent and as a power of two", () => {
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

  it("warn where a network that has learnt nothing would pass", () => {
    const rows = [[1], [2], [3], [4]];
    const classes = createTestSet({ inputBits: 4, classes: 2, rows, labels: [1, 1, 1, 0] });
    const asking = (threshold: number) => baselineLines({ ...accuracy, rows: 4, threshold }, classes).join();
    expect(asking(4)).to.equal("Always answering the largest class would be right on 75.00 %.");
    expect(asking(3)).to.contain("75.00 %: a network that does so would pass!");
    const digits = createTestSet({ inputBits: 4, classes: 16, rows, labels: [0, 0, 10, 10] });
    const allowing = (errorBound: bigint) => baselineLines({ ...regression, errorBound }, digits).join();
    expect(allowing(99n)).to.equal("Always answering the mean of these targets would make 100.");
    expect(allowing(100n)).to.contain("make 100: a network that does so would pass!");
  });

  it("name the limits that a buyer has to know", () => {
    const text = LIMITS.join("\n");
    for (const word of [
      "new rows",
      "private and fresh",
      "backdoor",
      "may never open the key",
      "race",
      "X25519",
      "sell it again",
      "drawn",
      "audited",
      "about 100 bits",
    ]) {
      expect(text).to.contain(word);
    }
  });
});
