import { checkOffer, keepBundle } from "@zkcmp/chain/buyer/fund";
import { isShapleyRewards } from "@zkcmp/chain/buyer/rewards-code";
import { modelOrigin, soldModel } from "@zkcmp/chain/model-origin";
import { wilsonInterval } from "@zkcmp/network/score";
import type { TestSet } from "@zkcmp/network/testset";
import { type Bundle, decodeBundle } from "@zkcmp/sale/bundle";
import type { ProofSystemId } from "@zkcmp/sale/core";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { type Order, orderHash } from "@zkcmp/sale/order";
import { type VerificationReport, verifyBundle } from "@zkcmp/sale/verification";
import { formatPrice } from "@zkcmp/sale/price";
import { buyerMaterial } from "./buyer-material.ts";
import { claimLines } from "./claim-lines.ts";
import { RefusedError } from "./cli-error.ts";
import { readTextFile } from "./file.ts";
import { largestClassShare } from "./largest-class.ts";
import { rmseOf } from "./error-bound.ts";
import { planOf, proofSystemFor } from "./proof-systems.ts";
import { roundModel } from "./round-model.ts";
import { percent } from "./score-lines.ts";
import type { Session } from "./session.ts";
import { rewardsLines, splitJson, splitLines } from "./split-lines.ts";

/** A bundle of which every check that was made holds. */
export interface CheckedBundle {
  readonly orderHash: Hex;
  readonly bundle: Bundle;
  readonly testSet: TestSet;
  /** Not to be funded unless `unchecked` is empty. */
  readonly report: VerificationReport;
  /** Whether the split's rewards contract is ShapleyRewards; null where that was not looked at. */
  readonly rewardsKnown: boolean | null;
  /** Where the sealed model was trained, in words; null where that is not known. */
  readonly origin: string | null;
}

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
  const text = await readTextFile(path, "the bundle that the seller sent");
  const bundle = decodeBundle(text);
  const { order } = bundle.signedOrder;
  const proven = bundle.core.proofSystem;
  if (options.proofSystem !== undefined && options.proofSystem !== proven) {
    throw new RefusedError(
      `the bundle is proven with ${proven}, not ${options.proofSystem}`,
      "Do not fund, or take what the seller chose: leave --proof-system away.",
    );
  }
  const hash = orderHash(order);
  const material = await buyerMaterial(session, hash, options);
  const checked: string[] = [];
  const unchecked: string[] = [];

  if (material.revealedTo === null) {
    unchecked.push("whether the test set was revealed to this deal alone: this home has not revealed it");
  } else if (material.revealedTo !== bundle.dealId) {
    throw new RefusedError(
      `the bundle is for the deal ${fieldToHex(bundle.dealId)}, the test set was revealed to ${fieldToHex(material.revealedTo)}`,
      "Do not fund: this network may have been made after the seller saw your rows.",
    );
  } else {
    checked.push("the test set was revealed to this deal and no other");
  }
  let rewardsKnown: boolean | null = null;
  if (options.offline) {
    unchecked.push("the chain: escrow, offer, finality; run it without --offline before you fund");
  } else {
    const connection = await session.connection({ chainId: order.chainId });
    output.progress("comparing with the chain");
    await checkOffer(connection, journal, bundle);
    if (bundle.split.basisPoints !== 0) rewardsKnown = await isShapleyRewards(connection, bundle.split);
    checked.push("the offer on chain is final and the same, and the escrow's code is right");
  }
  const proofSystem = await proofSystemFor(session, order, planOf(bundle.core));
  output.progress("checking the bundle");
  const report = await verifyBundle({
    bundle,
    testSet: material.testSet,
    testSetSalt: material.salt,
    proofSystem,
    ...(material.privateKey === null ? {} : { buyerPrivateKey: material.privateKey }),
    ...(material.sampleRoot === null ? {} : { sampleRoot: material.sampleRoot }),
    signaturesCheckedOnChain: !options.offline,
    progress: output.progress,
  });
  const origin = options.round === undefined ? null : await readOrigin(session, options.round, bundle);
  if (material.revealedTo !== null) await keepBundle(journal, text);
  return {
    orderHash: hash,
    bundle,
    testSet: material.testSet,
    report: {
      checked: [...checked, ...report.checked],
      unchecked: [...unchecked, ...report.unchecked],
      sampledClaims: report.sampledClaims,
    },
    rewardsKnown,
    origin,
  };
}

/** @throws {RefusedError} if the round trained another model: who names a round wants to know */
async function readOrigin(session: Session, path: string, { core, signedOrder }: Bundle): Promise<string> {
  const trained = await roundModel(session, path);
  const origin = modelOrigin(soldModel(core, signedOrder.order), trained);
  if (origin !== null) return origin;
  throw new RefusedError(
    `the model sold is not known to be the one of ${path}: ${trained === null ? "the round has no proven model yet" : "its commitment, shape, output reading, scales or encoding of rows is another one"}`,
    "Verify without --round if the model's origin does not matter to you.",
  );
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
