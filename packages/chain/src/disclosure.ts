import type { FieldElement } from "@zkcmp/field/element";
import { CanonicalEncoder } from "@zkcmp/field/encoding";
import { ZkcmpError } from "@zkcmp/field/error";
import { type Network, networkToJson } from "@zkcmp/network/network";
import { canonicalJson } from "@zkcmp/sale/bundle";
import { type Hex, toHex } from "@zkcmp/sale/hex";
import type { Order } from "@zkcmp/sale/order";
import type { AnswerRecord, Journal } from "./journal.ts";

/** How much a seller lets orders ask of a model: every proof and every refusal tells something about it. */
export interface DisclosureLimits {
  /** The fewest rows that an order may have; 100 if not given. On few rows, one answer pins down single predictions. */
  readonly minimumRows?: number | undefined;
  /** The accuracy that the seller advertises, 0 to 1: no order may ask for more. No limit if not given. */
  readonly advertisedAccuracy?: number | undefined;
  /** The mean squared error that the seller advertises, in squared target digits: no order may ask for less. */
  readonly advertisedError?: number | undefined;
  /** The most bits that all answers about one model may release together. No limit if not given. */
  readonly maximumBits?: number | undefined;
}

/** An order asks more of a model than its seller allows. */
export class DisclosureError extends ZkcmpError {}

/** What one model has told so far. */
export interface Disclosure {
  readonly answers: readonly AnswerRecord[];
  readonly bits: number;
}

const MINIMUM_ROWS = 100;

/** SHA-256 over shape, scales and parameters: the name of a model in the seller's own journal, never shown to anybody. */
export function modelDigest(network: Network): Hex {
  return toHex(new CanonicalEncoder("zkcmp/model-digest/v1").text(canonicalJson(networkToJson(network))).digest());
}

/** What a model has released by all sales of this journal. */
export async function disclosureOf(journal: Journal, model: Hex): Promise<Disclosure> {
  const answers = await journal.answers(model);
  return { answers, bits: answers.reduce((sum, answer) => sum + answer.bits, 0) };
}

/**
 * What a model has released, and what it will when every order that is sealed for it is answered. A limit has to count
 * both: of many orders that come at once, each would look like the first one.
 * @param asking hash of the order that asks now, whose own seal does not count
 */
export async function expectedDisclosure(journal: Journal, model: Hex, asking: Hex): Promise<Disclosure> {
  const { answers, bits } = await disclosureOf(journal, model);
  const answered = new Set(answers.map(({ dealId }) => dealId));
  let expected = bits;
  for (const hash of await journal.sales()) {
    const { network, signedOrder, offer, cancelled } = await journal.sale(hash);
    const { order } = signedOrder;
    const isOpen =
      cancelled !== true &&
      (offer === undefined ? order.fundableUntil > Date.now() / 1000 : !answered.has(offer.dealId));
    if (hash !== asking && network.model === model && isOpen) expected += bitsOf(order, "proof");
  }
  return { answers, bits: expected };
}

/**
 * Bits that an answer releases at most. "At least T of these rows are right" is one bit, a bound on the squared errors is one,
 * and so is a refusal; a
 * sampled proof shows of each drawn row that the model has it right.
 */
export function bitsOf(order: Order, answer: "proof" | "refusal"): number {
  return answer === "proof" && order.sampledRows > 0 ? order.sampledRows : 1;
}

/** @throws {DisclosureError} if the order asks more than the limits allow */
export function checkDisclosure(order: Order, limits: DisclosureLimits, soFar: Disclosure): void {
  const { minimumRows = MINIMUM_ROWS, advertisedAccuracy, advertisedError, maximumBits } = limits;
  if (order.rows < minimumRows) {
    throw new DisclosureError(
      `the order's test set has ${order.rows} rows, fewer than the ${minimumRows} that you ask for`,
      "Ask the buyer for more rows, or lower the limit if you accept that single predictions become known.",
    );
  }
  if (advertisedAccuracy !== undefined && order.threshold > advertisedAccuracy * order.rows) {
    throw new DisclosureError(
      `the order asks for ${order.threshold} of ${order.rows} rows, more than the advertised accuracy ${advertisedAccuracy}`,
      "Refuse it: an answer to a higher threshold measures the model for free.",
    );
  }
  const isRegression = order.predicate === "squared-error";
  if (
    isRegression &&
    advertisedError !== undefined &&
    Number(order.errorBound) < Math.floor(advertisedError * order.rows)
  ) {
    throw new DisclosureError(
      `the order's bound ${order.errorBound} over ${order.rows} rows asks for smaller errors than the advertised ones`,
      "Refuse it: an answer to a lower bound measures the model for free.",
    );
  }
  const bits = soFar.bits + bitsOf(order, "proof");
  if (maximumBits !== undefined && bits > maximumBits) {
    throw new DisclosureError(
      `with this order the answers about the model would release ${bits} bits, more than the ${maximumBits} that you allow`,
      "Sell another model, or raise the limit.",
    );
  }
}

/** Counts an answer before it leaves this machine. */
export async function countAnswer(
  journal: Journal,
  model: Hex,
  order: Order,
  dealId: FieldElement,
  answer: "proof" | "refusal",
): Promise<void> {
  await journal.addAnswer(model, { dealId, answer, bits: bitsOf(order, answer) });
}
