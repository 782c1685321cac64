import { ZkcmpError } from "@zkcmp/field/error";
import { layerBounds } from "@zkcmp/network/bounds";
import { coversTargets } from "@zkcmp/network/output-reading";
import { inputCount, outputCount, parseNetworkShape } from "@zkcmp/network/shape";
import type { TestSet } from "@zkcmp/network/testset";
import type { Bundle } from "./bundle.ts";
import { ciphertextDigest, ciphertextLength } from "./ciphertext.ts";
import { coreDigest } from "./core.ts";
import { dealIdOf } from "./deal.ts";
import { fieldToHex, fromHex, type Hex } from "./hex.ts";
import { checkOrderSignature, orderHash } from "./order.ts";
import type { Progress, ProofVerifier } from "./proof-system.ts";
import { checkRootSignature, checkSample, REPORTED_ERRORS, type SampledClaim, sampledClaim } from "./sampling.ts";
import { openBinding } from "./seal.ts";
import { saleStatement } from "./statement.ts";
import { checkTestSet } from "./test-set-commitment.ts";

/** A bundle that must not be paid for; says which check failed. */
export class VerificationError extends ZkcmpError {
  constructor(problem: string) {
    super(problem, "Do not fund this deal.");
  }
}

/** The buyer's own material. */
export interface VerifierInputs {
  readonly bundle: Bundle;
  readonly testSet: TestSet;
  readonly testSetSalt: Hex;
  readonly proofSystem: ProofVerifier;
  /** The buyer's X25519 private key; without it S is not checked. */
  readonly buyerPrivateKey?: Hex;
  /**
   * The root that came before the nonce was opened, for sampled rows. A seller who knows the nonce finds a root that
   * draws only right rows, so the signature on the bundle's own root proves nothing without it.
   */
  readonly sampleRoot?: Hex;
  /** Set by who has asked the chain for the signatures of contracts (ERC-1271). */
  readonly signaturesCheckedOnChain?: boolean;
  readonly progress?: Progress;
}

export interface VerificationReport {
  /** Checks that were made, in words. */
  readonly checked: readonly string[];
  /** What was not checked, in words; not to be funded unless empty. */
  readonly unchecked: readonly string[];
  /** What a sampled proof states; empty where all rows are proven. */
  readonly sampledClaims: readonly SampledClaim[];
}

/**
 * Checks a bundle completely, without a node: every field against every other that it must agree with, the seal
 * against the buyer's key, and the proof. What stands on chain is for the caller to compare.
 * @throws {VerificationError} or the typed error of the part that is wrong
 */
export async function verifyBundle(inputs: VerifierInputs): Promise<VerificationReport> {
  const { bundle, testSet, testSetSalt, proofSystem } = inputs;
  const { core, signedOrder } = bundle;
  const { order } = signedOrder;
  const checked: string[] = [];
  const unchecked: string[] = [];
  const check = (holds: boolean, problem: string): void => {
    if (!holds) throw new VerificationError(problem);
  };

  if (inputs.signaturesCheckedOnChain !== true) checkOrderSignature(signedOrder);
  check(core.orderHash === orderHash(order), "the core names another order");
  check(
    core.rows === order.rows && core.threshold === order.threshold,
    "the core asks for other rows or another threshold than the order",
  );
  check(
    core.predicate === order.predicate && core.errorBound === order.errorBound,
    "the core names another predicate or error bound than the order",
  );
  check(core.sampledRows === order.sampledRows, "the core samples another number of rows than the order");
  check(core.testSetCommitment === order.testSetCommitment, "the core names another test set than the order");
  checked.push("the order is signed by the buyer and is the one in the core");

  checkTestSet(order, testSet, testSetSalt);
  checked.push(`the test set is the committed one: ${order.rows} rows of ${order.features} features`);

  parseNetworkShape(core.shape);
  layerBounds(core.shape);
  check(core.shape.inputBits === order.inputBits, "the network takes other input bits than the order");
  const isRegression = order.predicate === "squared-error";
  check(
    inputCount(core.shape) === order.features && outputCount(core.shape) === (isRegression ? 1 : order.classes),
    "the network has other features or classes than the order",
  );
  check((core.reading !== null) === isRegression, "only a network for squared errors says how its output reads");
  check(
    core.reading === null || coversTargets(core.shape, core.reading, order.classes),
    "a target lies beyond all outputs that the network's bounds allow",
  );
  check(
    core.scales.length === core.shape.layers.length && core.scales.every((scale) => scale > 0),
    "the core does not name one positive scale for each layer",
  );
  check(bundle.ciphertext.length === ciphertextLength(core.shape), "the ciphertext does not have the network's length");
  check(ciphertextDigest(bundle.ciphertext) === core.ciphertextDigest, "the ciphertext is not the one in the core");
  checked.push("shape, bounds and ciphertext agree with the core");

  const { chainId, escrow, buyer, token, price, fundableUntil, timeToRedeem } = order;
  const dealId = dealIdOf({
    chainId,
    escrow,
    seller: bundle.seller,
    buyer,
    token,
    price,
    fundableUntil,
    timeToRedeem,
    split: bundle.split,
    keyCommitment: core.keyCommitment,
    core: coreDigest(core),
  });
  check(dealId === bundle.dealId, "the deal's id does not follow from seller, order and core");
  checked.push("the deal's id follows from chain, contract, seller, buyer, price, times, key commitment and core");

  if (inputs.buyerPrivateKey === undefined) {
    unchecked.push("S not checked, do not fund: name the X25519 key of the order");
  } else {
    openBinding(core, order, inputs.buyerPrivateKey);
    checked.push("the seal is bound to the buyer's X25519 key");
  }

  let drawn: number[] | undefined;
  if (order.sampledRows > 0) {
    if (bundle.sampling === null) throw new VerificationError("the order asks for sampled rows, the bundle has none");
    if (inputs.signaturesCheckedOnChain !== true) {
      checkRootSignature(order, dealId, bundle.seller, bundle.sampling.root, bundle.sampling.rootSignature);
    }
    if (inputs.sampleRoot === undefined) {
      unchecked.push(
        "the root of the sample not checked, do not fund: name the one that came before you opened the nonce",
      );
    } else {
      check(
        inputs.sampleRoot === bundle.sampling.root,
        "the root is not the one that came before the nonce was opened",
      );
      checked.push("the sample's root is the one that came before the nonce was opened");
    }
    drawn = checkSample(order, dealId, bundle.sampling);
    checked.push(`the ${drawn.length} proven rows are the ones that root, nonce and deal draw`);
  } else {
    check(bundle.sampling === null, "the order asks for all rows, the bundle has a sample");
  }

  check(core.proofSystem === proofSystem.id, `the core asks for ${core.proofSystem}, not ${proofSystem.id}`);
  // Libra has no setup. Names of files that nobody asks for would only look like something that was checked.
  check(
    core.proofSystem !== "libra" || Object.keys(core.keyFiles).length === 0,
    "the core names key files, and libra has none",
  );
  const names = new Set([...Object.keys(core.keyFiles), ...Object.keys(proofSystem.keyFiles)]);
  for (const name of names) {
    check(
      core.keyFiles[name] === proofSystem.keyFiles[name],
      `the proof uses another ${name} than the one that was checked here`,
    );
  }
  const statement = saleStatement(core, dealId, bundle.ciphertext, testSet, drawn);
  await proofSystem.verify(statement, fromHex(bundle.proof), inputs.progress);
  checked.push(
    isRegression
      ? `proven: the sealed network's squared errors on all ${order.rows} rows sum up to at most ${order.errorBound} squared target digits`
      : drawn === undefined
        ? `proven: the sealed network is right on at least ${order.threshold} of the ${order.rows} rows`
        : `proven: the sealed network is right on all ${drawn.length} drawn rows`,
  );
  if (core.modelCommitment !== 0n) {
    // Who trained it, and on what, is not for a sale to say: a round says it that has the same M, shape and reading.
    checked.push(`proven: M = ${fieldToHex(core.modelCommitment)} commits to the sealed parameters`);
  }
  const sampledClaims =
    drawn === undefined ? [] : REPORTED_ERRORS.map((error) => sampledClaim(order.threshold, order.sampledRows, error));
  return { checked, unchecked, sampledClaims };
}
