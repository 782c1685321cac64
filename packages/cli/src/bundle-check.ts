import { checkBundle, type CheckedBundle } from "@zkcmp/chain/buyer/bundle-check";
import { wilsonInterval } from "@zkcmp/network/score";
import type { TestSet } from "@zkcmp/network/testset";
import type { ProofSystemId } from "@zkcmp/sale/core";
import { fieldToHex } from "@zkcmp/sale/hex";
import type { Order } from "@zkcmp/sale/order";
import type { VerificationReport } from "@zkcmp/sale/verification";
import { formatPrice } from "@zkcmp/sale/price";
import { buyerMaterial } from "./buyer-material.ts";
import { claimLines } from "./claim-lines.ts";
import { readTextFile } from "./file.ts";
import { largestClassShare } from "@zkcmp/network/largest-class";
import { rmseOf } from "@zkcmp/sale/error-bound";
import { planOf, proofSystemFor } from "./proof-systems.ts";
import { roundModel } from "./round-model.ts";
import { percent } from "./score-lines.ts";
import type { Session } from "./session.ts";
import { rewardsLines, splitJson, splitLines } from "./split-lines.ts";

export interface BundleCheckOptions {
  /** Leaves out what needs a node. */
  readonly offline: boolean;
  readonly reveal?: string | undefined;
  readonly x25519?: string | undefined;
  /** The only one that the buyer takes. */
  readonly proofSystem?: ProofSystemId | undefined;
  /** The file of a rewards round whose model this may be. */
  readonly round?: string | undefined;
}

/**
 * Checks a bundle as completely as the buyer's material and the chain allow.
 * @throws the error of the first check that fails
 */
export async function checkBundleFile(
  session: Session,
  path: string,
  options: BundleCheckOptions,
): Promise<CheckedBundle> {
  const { output, journal } = session;
  const { round } = options;
  return checkBundle({
    journal,
    text: await readTextFile(path, "the bundle that the seller sent"),
    material: (orderHash) => buyerMaterial(session, orderHash, options),
    connect: options.offline ? null : (chainId) => session.connection({ chainId }),
    proofSystemFor: ({ core, signedOrder }) => proofSystemFor(session, signedOrder.order, planOf(core)),
    required: options.proofSystem,
    round: round === undefined ? undefined : { name: round, model: () => roundModel(session, round) },
    progress: output.progress,
  });
}

function accuracyLines(
  { rows, threshold, sampledRows }: Order,
  testSet: TestSet,
  report: VerificationReport,
): string[] {
  const [low, high] = wilsonInterval(threshold, rows);
  return [
    ...(sampledRows === 0
      ? [`The sealed network has at least ${threshold} of your ${rows} rows right: ${percent(threshold / rows)}.`]
      : claimLines(report.sampledClaims, rows, sampledRows)),
    `${threshold} of ${rows} on rows like these: 95 % interval ${percent(low)} to ${percent(high)}${sampledRows === 0 ? "" : ", if the claim holds"}.`,
    `Always answering the largest class would be right on ${percent(largestClassShare(testSet))}.`,
  ];
}

function errorLines({ rows, errorBound }: Order): string[] {
  const rmse = rmseOf(errorBound, rows, 1);
  return [
    `The sealed network's squared errors on your ${rows} rows sum up to at most ${errorBound} squared target digits: an RMSE of ${rmse.toPrecision(4)} digits.`,
  ];
}

/** What was checked, what was not, and what the deal then states: for JSON. */
export function checkJson({ orderHash: hash, bundle, testSet, report, origin }: CheckedBundle) {
  const { order } = bundle.signedOrder;
  return {
    orderHash: hash,
    dealId: fieldToHex(bundle.dealId),
    seller: bundle.seller,
    price: order.price,
    token: order.token,
    split: splitJson(order, bundle.split),
    complete: report.unchecked.length === 0,
    checked: report.checked,
    unchecked: report.unchecked,
    proofSystem: bundle.core.proofSystem,
    predicate: order.predicate,
    rows: { n: order.rows, T: order.threshold, sampled: order.sampledRows },
    errorBound: order.errorBound,
    sampledClaims: report.sampledClaims,
    interval: order.predicate === "accuracy" ? wilsonInterval(order.threshold, order.rows) : null,
    largestClassShare: order.predicate === "accuracy" ? largestClassShare(testSet) : null,
    modelCommitment: bundle.core.modelCommitment === 0n ? null : fieldToHex(bundle.core.modelCommitment),
    origin,
  };
}

/** The same for people. */
export function checkLines({ bundle, testSet, report, rewardsKnown, origin }: CheckedBundle): string[] {
  const { order } = bundle.signedOrder;
  return [
    `Deal ${fieldToHex(bundle.dealId)}, ${formatPrice(order.price, order.token)}, proven with ${bundle.core.proofSystem}`,
    ...splitLines(order, bundle.split, bundle.seller).map((line) => `  ${line}`),
    ...rewardsLines(bundle.split, rewardsKnown).map((line) => `  ${line}`),
    "Checked:",
    ...report.checked.map((line) => `  + ${line}`),
    ...(report.unchecked.length === 0 ? [] : ["NOT checked:"]),
    ...report.unchecked.map((line) => `  - ${line}`),
    "",
    ...(order.predicate === "accuracy" ? accuracyLines(order, testSet, report) : errorLines(order)),
    ...(origin === null ? [] : [`${origin}.`]),
    report.unchecked.length === 0 ? "Everything was checked." : "Do not fund before everything is checked.",
  ];
}
