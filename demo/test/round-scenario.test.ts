import { slackOf } from "@zkcmp/shapley/bounds";
import { solveCoalitions } from "@zkcmp/shapley/coalitions";
import { gramOf } from "@zkcmp/shapley/gram";
import { weightsOf } from "@zkcmp/shapley/rewards";
import { shapleyNumerators, valuesOf } from "@zkcmp/shapley/shapley-values";
import { utilityOf } from "@zkcmp/shapley/utility";
import { expect } from "chai";
import { rentScenario, type RoundScenario } from "../round-scenario.ts";

/** Share of the pool by what is the matter with the rows, without a proof. */
function sharesOf({ shape, ridgeBits, providers, validation }: RoundScenario): Map<string, number> {
  const grams = providers.map(({ samples }) => gramOf(shape, samples));
  const validationGram = gramOf(shape, validation);
  const utilities = solveCoalitions(shape, ridgeBits, grams).map((theta) =>
    utilityOf(validationGram, theta, shape.fractionBits),
  );
  const { weights, total, equal } = weightsOf(
    valuesOf(shape, shapleyNumerators(utilities, providers.length)),
    slackOf(shape, ridgeBits),
  );
  expect(equal).to.equal(false);
  return new Map(providers.map(({ note }, i) => [note, Number(weights[i]!) / Number(total)]));
}

describe("the demo's round", () => {
  const towns = Array.from({ length: 20 }, (_, i) => rentScenario(i + 1));
  const shares = towns.map(sharesOf);
  const mean = (note: string): number => shares.reduce((sum, share) => sum + share.get(note)!, 0) / shares.length;
  const rows = (note: string): number => towns[0]!.providers.find((each) => each.note === note)!.samples.rows.length;

  it("pays mislabelled rows nearly nothing, averaged over 20 towns", () => {
    expect(mean("mislabelled")).to.be.below(0.03);
  });

  it("pays a duplicated and a noisy row less than a good one", () => {
    const good = mean("good") / rows("good");
    expect(mean("duplicated") / rows("duplicated")).to.be.below(0.9 * good);
    expect(mean("noisy") / rows("noisy")).to.be.below(0.9 * good);
  });

  it("pays few rows little, and something", () => {
    expect(mean("tiny")).to.be.within(0.01, 0.15);
  });
});
