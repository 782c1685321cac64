import { ZkcmpError } from "@zkcmp/field/error";
import type { FieldElement } from "@zkcmp/field/element";
import type { Network } from "@zkcmp/network/network";
import type { Hex } from "@zkcmp/sale/hex";
import type { Order } from "@zkcmp/sale/order";
import type { Journal } from "./journal.ts";

/** How much a seller lets orders ask of a model: every proof and every refusal tells something about it. */
export interface DisclosureLimits {
  /** The fewest rows that an order may have; default 100. */
  readonly minimumRows?: number;
  /** The accuracy that the seller advertises, 0 to 1: no order may ask for more. No limit if not given. */
  readonly advertisedAccuracy?: number;
  /** The most bits that all answers of one model may release together. No limit if not given. */
  readonly maximumBits?: number;
}

/** An order asks more of a model than its seller allows. */
export class DisclosureError extends ZkcmpError {}

/** What one model has told so far. */
export interface Disclosure {
  readonly answers: readonly {
    readonly dealId: FieldElement;
    readonly answer: "proof" | "refusal";
    readonly bits: number;
  }[];
  readonly bits: number;
}

/** SHA-256 over shape and parameters: the name of a model in the seller's own journal, never shown to anybody. */
export function modelDigest(network: Network): Hex {
  throw new Error(`to come ${network.scales}`);
}

/** What a model has released by all sales of this journal. */
export async function disclosureOf(journal: Journal, model: Hex): Promise<Disclosure> {
  throw new Error(`to come ${journal.home} ${model}`);
}

/** @throws {DisclosureError} if the order asks more than the limits allow */
export function checkDisclosure(order: Order, limits: DisclosureLimits, soFar: Disclosure): void {
  throw new Error(`to come ${order.rows} ${limits.minimumRows} ${soFar.bits}`);
}
