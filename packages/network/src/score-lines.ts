import type { QuantisedRegressionScore } from "./regression-score.ts";
import type { Score } from "./score.ts";

/** A share as a percentage. */
export function percent(share: number): string {
  return Number.isNaN(share) ? "-" : `${(share * 100).toFixed(2)} %`;
}

/** A score in words, with its interval and the share of the largest class. */
export function scoreLines(score: Score): string[] {
  return [
    `${score.right} of ${score.rows} rows right: ${percent(score.accuracy)}, 95 % interval ${percent(score.interval[0])} to ${percent(score.interval[1])}.`,
    `Always answering the largest class would be right on ${percent(score.largestClassShare)}.`,
    ...score.classes.map(
      (entry, label) => `  class ${label}: ${entry.right} of ${entry.rows}, ${percent(entry.accuracy)}`,
    ),
  ];
}

/** A regression's score in words, with the smallest bound that it can prove. */
export function regressionScoreLines({ rows, rmse, rSquared, errorBound }: QuantisedRegressionScore): string[] {
  return [
    `RMSE ${rmse.toPrecision(5)} over ${rows} rows, R^2 ${Number.isFinite(rSquared) ? rSquared.toFixed(4) : "-"}.`,
    `The squared errors sum up to at most ${errorBound} squared target digits: no lower bound can be proven.`,
  ];
}
