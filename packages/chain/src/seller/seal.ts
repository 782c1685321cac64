import { ZkcmpError } from "@zkcmp/field/error";
import { type FieldElement, reduce } from "@zkcmp/field/element";
import { type Network, networkToJson } from "@zkcmp/network/network";
import { coversTargets } from "@zkcmp/network/output-reading";
import { inputCount, outputCount } from "@zkcmp/network/shape";
import { commitModel } from "@zkcmp/sale/model-commitment";
import { type Order, orderHash, type SignedOrder } from "@zkcmp/sale/order";
import type { ProofSystem } from "@zkcmp/sale/proof-system";
import { sealNetwork } from "@zkcmp/sale/seal";
import { checkDisclosure, type DisclosureLimits, expectedDisclosure, modelDigest } from "../disclosure.ts";
import type { Journal } from "../journal.ts";
import { nameOf } from "../party.ts";
import type { FormerSeal, SaleRecord } from "../sale-record.ts";

/** A network must not be sealed for an order, or not again. */
export class SealingError extends ZkcmpError {}

/** What is to be sealed, for whom, and how it will be proven. */
export interface SealInput {
  readonly signedOrder: SignedOrder;
  readonly network: Network;
  /** Where the network was read from, for the record. */
  readonly networkPath: string;
  /** Whose id and key files go into the core. */
  readonly proofSystem: Pick<ProofSystem, "id" | "keyFiles">;
  readonly limits?: DisclosureLimits;
  /** The salt of M. With it the core commits to the plain network, as a rewards round does; without it M is 0. */
  readonly modelSalt?: FieldElement | undefined;
}

/**
 * Seals a network for an order, and writes key, opening and seal down before it returns. Called again with the same
 * network, proof system and key files, it returns the seal it has; otherwise it draws everything anew: no key is ever used
 * for a second ciphertext, which would be a two-time pad. Works offline; the order's signature is checked when the offer is made,
 * since that of a contract can be checked on chain alone.
 * @throws {SealingError} if the network does not fit the order, while an offer stands that is not cancelled for good, or
 * once the test set was seen: whoever has seen it could train on it
 * @throws {DisclosureError} if the order asks more than the limits allow
 */
export async function sealSale(journal: Journal, input: SealInput): Promise<SaleRecord> {
  const { signedOrder, network, networkPath, proofSystem, modelSalt } = input;
  const { order } = signedOrder;
  checkFit(network, order);
  const model = modelDigest(network);
  checkDisclosure(order, input.limits ?? {}, await expectedDisclosure(journal, model, orderHash(order)));
  const modelCommitment = modelSalt === undefined ? reduce(0n) : commitModel(network, modelSalt);
  return journal.placeSale(orderHash(order), async (existing) => {
    if (existing !== null) {
      refuseResealing(existing, order);
      if (existing.cancelled !== true && isSameSeal(existing, model, modelCommitment, proofSystem)) return existing;
    }
    const file = await journal.keep(`${JSON.stringify(networkToJson(network))}\n`);
    const { seal, secrets } = sealNetwork(network, order);
    const { ciphertext, ...commitments } = seal;
    return {
      signedOrder,
      network: { path: networkPath, file, model },
      core: {
        orderHash: orderHash(order),
        shape: network.shape,
        scales: network.scales,
        reading: network.reading ?? null,
        ...commitments,
        testSetCommitment: order.testSetCommitment,
        rows: order.rows,
        predicate: order.predicate,
        threshold: order.threshold,
        errorBound: order.errorBound,
        sampledRows: order.sampledRows,
        proofSystem: proofSystem.id,
        keyFiles: proofSystem.keyFiles,
        modelCommitment,
      },
      ciphertext,
      secrets,
      modelSalt,
      formerSeals: existing === null ? [] : [...existing.formerSeals, formerSealOf(existing)],
    };
  });
}

/**
 * That a network answers what an order asks.
 * @throws {SealingError} naming the first difference
 */
export function checkFit(network: Network, order: Order): void {
  const { shape, reading } = network;
  const isRegression = order.predicate === "squared-error";
  const differences = [
    ["features", inputCount(shape), order.features],
    [isRegression ? "outputs" : "classes", outputCount(shape), isRegression ? 1 : order.classes],
    ["input bits", shape.inputBits, order.inputBits],
  ] as const;
  for (const [what, has, wants] of differences) {
    if (has !== wants) {
      throw new SealingError(
        `the network has ${has} ${what}, the ${nameOf(order)} asks for ${wants}`,
        "Seal a network that fits the order.",
      );
    }
  }
  if ((reading !== undefined) !== isRegression) {
    throw new SealingError(
      isRegression ? "the network does not say how its output reads as a target" : "the network is one for regressions",
      `The ${nameOf(order)} asks for the predicate ${order.predicate}.`,
    );
  }
  if (reading !== undefined && !coversTargets(shape, reading, order.classes)) {
    throw new SealingError(
      "a target of the order lies beyond all outputs that the network's bounds allow, so no proof has room for its error",
      "Quantise the network for the order's encoding, with fewer target bits or more weight bits.",
    );
  }
}

function refuseResealing(sale: SaleRecord, order: SignedOrder["order"]): void {
  if (sale.testSet !== undefined && sale.cancelled === true) {
    throw new SealingError(
      `the test set of the ${nameOf(order)} was seen, so nothing is sealed for it any more`,
      "Ask the buyer for a new order with a fresh test set.",
    );
  }
}

function isSameSeal(
  sale: SaleRecord,
  model: string,
  modelCommitment: FieldElement,
  proofSystem: SealInput["proofSystem"],
): boolean {
  const { core, network } = sale;
  const names = new Set([...Object.keys(core.keyFiles), ...Object.keys(proofSystem.keyFiles)]);
  const same =
    network.model === model &&
    core.modelCommitment === modelCommitment &&
    core.proofSystem === proofSystem.id &&
    [...names].every((name) => core.keyFiles[name] === proofSystem.keyFiles[name]);
  if (!same && sale.offer !== undefined) {
    throw new SealingError(
      `another seal of the ${nameOf(sale.signedOrder.order)} is offered already`,
      sale.testSet === undefined
        ? "Cancel that offer first (`zkcmp cancel`)."
        : "The buyer has shown you the test set: deliver what was sealed, or cancel.",
    );
  }
  return same;
}

function formerSealOf(sale: SaleRecord): FormerSeal {
  const { keyCommitment, ciphertextDigest } = sale.core;
  return { keyCommitment, ciphertextDigest, secrets: sale.secrets, offer: sale.offer };
}
