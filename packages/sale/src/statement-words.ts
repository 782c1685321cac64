import { largestClassShare } from "@zkcmp/network/largest-class";
import { wilsonInterval } from "@zkcmp/network/score";
import { percent } from "@zkcmp/network/score-lines";
import type { TestSet } from "@zkcmp/network/testset";
import { rmseOf } from "./error-bound.ts";
import type { Order } from "./order.ts";
import { REPORTED_ERRORS, type SampledClaim, sampledClaim } from "./sampling.ts";
import type { VerificationReport } from "./verification.ts";

/** What of an order decides what its deal states. */
type Terms = Pick<Order, "predicate" | "rows" | "threshold" | "errorBound" | "sampledRows">;

export interface StatementFacts {
  /** What always answering the most frequent class would be right on; left out or null where that is not known. */
  readonly largestClassShare?: number | null;
  /** What the check of a bundle said. Without one nothing is proven yet, and the sentences say what is asked for. */
  readonly report?: Pick<VerificationReport, "sampledClaims"> | null;
}

/**
 * What a deal states, in sentences for people who are no cryptographers: of a bundle that was checked, what is proven; else
 * what the order asks for.
 */
export function statementLines(
  terms: Terms,
  { largestClassShare: largest = null, report = null }: StatementFacts = {},
): string[] {
  if (terms.predicate === "squared-error") return errorLines(terms, report !== null);
  const { rows, threshold, sampledRows } = terms;
  const [low, high] = wilsonInterval(threshold, rows);
  const isSampled = sampledRows !== 0;
  return [
    ...(report === null
      ? askedLines(terms)
      : isSampled
        ? claimLines(report.sampledClaims, rows, sampledRows)
        : [provenLine(terms)]),
    `${threshold} of ${rows} on rows like these: 95 % interval ${percent(low)} to ${percent(high)}${isSampled ? ", if the claim holds" : ""}.`,
    ...(largest === null ? [] : [`Always answering the largest class would be right on ${percent(largest)}.`]),
  ];
}

function provenLine({ rows, threshold }: Terms): string {
  return `The sealed network has at least ${threshold} of your ${rows} rows right: ${percent(threshold / rows)}.`;
}

function askedLines({ rows, threshold, sampledRows }: Terms): string[] {
  const asked = `The order asks for a network that has at least ${threshold} of ${rows} rows right: ${percent(threshold / rows)}.`;
  if (sampledRows === 0) return [`${asked} Only a proof that was checked shows it.`];
  return [asked, ...claimLines(claimsOf({ threshold, sampledRows }), rows, sampledRows)];
}

function errorLines({ rows, errorBound }: Terms, isProven: boolean): string[] {
  const bound = `${errorBound} squared target digits: an RMSE of ${rmseOf(errorBound, rows, 1).toPrecision(4)} digits`;
  return [
    isProven
      ? `The sealed network's squared errors on your ${rows} rows sum up to at most ${bound}.`
      : `The order asks for a network whose squared errors on ${rows} rows sum up to at most ${bound}. Only a proof that was checked shows it.`,
  ];
}

/** What a proof of drawn rows states, with the probabilities of error that are always named; empty where all rows are proven. */
export function claimsOf({ threshold, sampledRows }: Pick<Order, "threshold" | "sampledRows">): SampledClaim[] {
  return sampledRows === 0 ? [] : REPORTED_ERRORS.map((error) => sampledClaim(threshold, sampledRows, error));
}

/** What a sampled deal states: never "at least T", but T' of n but for a small probability of error. */
export function claimLines(claims: readonly SampledClaim[], rows: number, sampledRows: number): string[] {
  if (claims.length === 0) return [];
  return [
    `Of these rows ${sampledRows} are drawn and proven. That states:`,
    ...claims.map(
      ({ atLeast, error }) =>
        `  at least ${atLeast} of ${rows} right (${percent(atLeast / rows)}), wrong with a probability of at most ${formatError(error)}`,
    ),
  ];
}

function formatError(error: number): string {
  const exponent = Math.log2(error);
  return Number.isInteger(exponent) ? `2^${exponent}` : `${error * 100} %`;
}

/** What a network that has learnt nothing would reach on a test set, and whether the order would take it. */
export function baselineLines(terms: Terms, testSet: TestSet): string[] {
  const { rows, threshold, errorBound } = terms;
  if (terms.predicate === "accuracy") {
    const largest = largestClassShare(testSet);
    const passes = threshold / rows <= largest;
    return [
      `Always answering the largest class would be right on ${percent(largest)}${passes ? ": a network that does so would pass!" : "."}`,
    ];
  }
  // The digit that fits all rows best is what such a network could answer.
  const { labels } = testSet;
  const mean = labels.reduce((sum, digit) => sum + digit, 0) / labels.length;
  const error = Array.from(labels).reduce((sum, digit) => sum + (digit - mean) ** 2, 0);
  const passes = Number(errorBound) >= error;
  return [
    `Always answering the mean of these targets would make ${error.toFixed(0)}${passes ? ": a network that does so would pass!" : "."}`,
  ];
}

/** What no bundle states, for buyers. */
export const LIMITS: readonly string[] = [
  "The proof is about these rows and no others. How the network does on new rows in the world is not proven.",
  "It says much only if the rows are private and fresh: whoever has seen them can make a network that knows these rows alone.",
  "A backdoor is not excluded: the network may do something else on inputs that its maker has chosen.",
  "The seller may never open the key. Then you take the price back once the time is over, and the seller has seen your rows.",
  "From the moment on when a refund is open, a late key and your refund race for the next block.",
  "The network opens with your X25519 key alone. If you lose that key, you lose the network and the price: keep a backup.",
  "The seller keeps the network and may sell it again. So may you.",
  "Where rows are drawn, the proof convinces you alone, and leaves a small probability of error, which is named.",
  "Nobody has audited this software. The proofs rest on the curve BN254, which gives about 100 bits of security.",
];
