import { checkBundle, type CheckedBundle } from "@zkcmp/chain/buyer/bundle-check";
import { largestClassShare } from "@zkcmp/network/largest-class";
import { wilsonInterval } from "@zkcmp/network/score";
import type { TestSet } from "@zkcmp/network/testset";
import type { ProofSystemId } from "@zkcmp/sale/core";
import { fieldToHex } from "@zkcmp/sale/hex";
import type { Order } from "@zkcmp/sale/order";
import { formatPrice } from "@zkcmp/sale/price";
import { statementLines } from "@zkcmp/sale/statement-words";
import { buyerMaterial } from "./buyer-material.ts";
import { readTextFile } from "./file.ts";
import { planOf, proofSystemFor } from "./proof-systems.ts";
import { roundModel } from "./round-model.ts";
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
    largestClassShare: shareOf(order, testSet),
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
    ...statementLines(order, { report, largestClassShare: shareOf(order, testSet) }),
    ...(origin === null ? [] : [`${origin}.`]),
    report.unchecked.length === 0 ? "Everything was checked." : "Do not fund before everything is checked.",
  ];
}

function shareOf({ predicate }: Order, testSet: TestSet): number | null {
  return predicate === "accuracy" ? largestClassShare(testSet) : null;
}
