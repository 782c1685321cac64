import type { TestSet } from "@zkcmp/network/testset";
import { type Bundle, decodeBundle } from "@zkcmp/sale/bundle";
import type { ProofSystemId } from "@zkcmp/sale/core";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import { orderHash } from "@zkcmp/sale/order";
import type { Progress, ProofVerifier } from "@zkcmp/sale/proof-system";
import { RefusedError } from "@zkcmp/sale/refused-error";
import { type VerificationReport, verifyBundle } from "@zkcmp/sale/verification";
import type { Journal } from "../journal.ts";
import { modelOrigin, soldModel, type TrainedModel } from "../model-origin.ts";
import type { Connection } from "../network-connection.ts";
import type { BuyerMaterial } from "./buyer-material.ts";
import { checkOffer, keepBundle } from "./fund.ts";
import { isShapleyRewards } from "./rewards-code.ts";

/** A bundle of which every check that was made holds. Plain data, which can be sent to another thread. */
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

/** A rewards round whose model a bundle may sell. */
export interface ClaimedRound {
  /** Stands for the round in errors. */
  readonly name: string;
  /** The model that the round has proven; null before it was submitted. Asked for only once the proof holds. */
  readonly model: () => Promise<TrainedModel | null>;
}

export interface BundleCheck {
  readonly journal: Journal;
  /** The bundle as the seller sent it. */
  readonly text: string;
  /** The buyer's material of the order that the bundle is for; throws where there is none. */
  readonly material: (orderHash: Hex) => Promise<BuyerMaterial>;
  /** The chain with the id that the order names; null leaves out what needs a node. */
  readonly connect: ((chainId: number) => Promise<Connection>) | null;
  /** What checks the proof. */
  readonly proofSystemFor: (bundle: Bundle) => Promise<ProofVerifier>;
  /** The only one that the buyer takes. */
  readonly required?: ProofSystemId | undefined;
  /** Makes sure that the model sold is the one that this round trained. */
  readonly round?: ClaimedRound | undefined;
  readonly progress?: Progress | undefined;
}

/**
 * Checks a bundle as completely as the buyer's material and the chain allow, from what costs least to the proof. Then
 * keeps it in the journal, if the test set was revealed from there: only a bundle that is kept can be funded.
 * @throws {RefusedError} for another proof system than the required one, another deal than the one that the test set was revealed to,
 * or another round's model
 * @throws the error of the first check that fails
 */
export async function checkBundle(check: BundleCheck): Promise<CheckedBundle> {
  const { journal, text, connect, required, round, progress } = check;
  const bundle = decodeBundle(text);
  const { order } = bundle.signedOrder;
  const proven = bundle.core.proofSystem;
  if (required !== undefined && required !== proven) {
    throw new RefusedError(
      `the bundle is proven with ${proven}, not ${required}`,
      "Do not fund, or take what the seller chose: leave --proof-system away.",
    );
  }
  const hash = orderHash(order);
  const material = await check.material(hash);
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
  if (connect === null) {
    unchecked.push("the chain: escrow, offer, finality; run it without --offline before you fund");
  } else {
    const connection = await connect(order.chainId);
    progress?.("comparing with the chain");
    await checkOffer(connection, journal, bundle);
    if (bundle.split.basisPoints !== 0) rewardsKnown = await isShapleyRewards(connection, bundle.split);
    checked.push("the offer on chain is final and the same, and the escrow's code is right");
  }
  const proofSystem = await check.proofSystemFor(bundle);
  progress?.("checking the bundle");
  const report = await verifyBundle({
    bundle,
    testSet: material.testSet,
    testSetSalt: material.salt,
    proofSystem,
    ...(material.privateKey === null ? {} : { buyerPrivateKey: material.privateKey }),
    ...(material.sampleRoot === null ? {} : { sampleRoot: material.sampleRoot }),
    signaturesCheckedOnChain: connect !== null,
    ...(progress === undefined ? {} : { progress }),
  });
  const origin = round === undefined ? null : await originIn(round, bundle);
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
async function originIn({ name, model }: ClaimedRound, { core, signedOrder }: Bundle): Promise<string> {
  const trained = await model();
  const origin = modelOrigin(soldModel(core, signedOrder.order), trained);
  if (origin !== null) return origin;
  throw new RefusedError(
    `the model sold is not known to be the one of ${name}: ${trained === null ? "the round has no proven model yet" : "its commitment, shape, output reading, scales or encoding of rows is another one"}`,
    "Verify without --round if the model's origin does not matter to you.",
  );
}
