import type { FieldElement } from "@zkcmp/field/element";
import { parseJson } from "@zkcmp/network/json-file";
import { type TestSet, testSetFromJson, testSetToJson } from "@zkcmp/network/testset";
import * as z from "zod";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "./hex.ts";
import { RefusedError } from "./refused-error.ts";

/*
 * The messages between buyer and seller that are no order and no bundle, each a text of JSON that names its order and deal.
 */

/** Which deal a message is for. */
export interface DealName {
  readonly orderHash: Hex;
  readonly dealId: FieldElement;
}

/** Buyer to seller, for exactly one deal: the test set and its salt. A secret of the two. */
export interface RevealMessage extends DealName {
  readonly salt: Hex;
  readonly testSet: TestSet;
}

/** Seller to buyer, where rows are sampled: the signed root of the claim. */
export interface RootMessage extends DealName {
  readonly root: Hex;
  readonly signature: Hex;
}

/** Buyer to seller: the nonce that draws the rows. */
export interface NonceMessage extends DealName {
  readonly nonce: Hex;
}

/** What the messages are in errors. */
export const REVEAL_MESSAGE = "what `zkcmp order reveal` wrote";
export const ROOT_MESSAGE = "what `zkcmp sample commit` wrote";
export const NONCE_MESSAGE = "what `zkcmp sample open` wrote";

const head = { version: z.literal(1), orderHash: hexSchema(32), dealId: fieldSchema };

const revealSchema = z.strictObject({
  format: z.literal("zkcmp-reveal"),
  ...head,
  salt: hexSchema(32),
  testSet: z.unknown(),
});

const rootSchema = z.strictObject({
  format: z.literal("zkcmp-sample-root"),
  ...head,
  root: hexSchema(32),
  signature: hexSchema(),
});

const nonceSchema = z.strictObject({ format: z.literal("zkcmp-nonce"), ...head, nonce: hexSchema(32) });

export function encodeReveal({ orderHash, dealId, salt, testSet }: RevealMessage): string {
  return encode("zkcmp-reveal", { orderHash, dealId, salt, testSet: testSetToJson(testSet) });
}

export function encodeRoot({ orderHash, dealId, root, signature }: RootMessage): string {
  return encode("zkcmp-sample-root", { orderHash, dealId, root, signature });
}

export function encodeNonce({ orderHash, dealId, nonce }: NonceMessage): string {
  return encode("zkcmp-nonce", { orderHash, dealId, nonce });
}

/** @param name stands for the text's source in errors @throws FileFormatError, TestSetError */
export function decodeReveal(text: string, name: string): RevealMessage {
  const { orderHash, dealId, salt, testSet } = parseJson(text, name, REVEAL_MESSAGE, revealSchema);
  return { orderHash, dealId, salt, testSet: testSetFromJson(testSet, `The test set in ${name}`) };
}

/** @param name stands for the text's source in errors @throws FileFormatError */
export function decodeRoot(text: string, name: string): RootMessage {
  const { orderHash, dealId, root, signature } = parseJson(text, name, ROOT_MESSAGE, rootSchema);
  return { orderHash, dealId, root, signature };
}

/** @param name stands for the text's source in errors @throws FileFormatError */
export function decodeNonce(text: string, name: string): NonceMessage {
  const { orderHash, dealId, nonce } = parseJson(text, name, NONCE_MESSAGE, nonceSchema);
  return { orderHash, dealId, nonce };
}

/**
 * A message, if it is for the deal that is meant.
 * @param name stands for the message's source in the error
 * @throws {RefusedError} if it is for another deal
 */
export function expectDeal<T extends DealName>(name: string, message: T, deal: DealName): T {
  if (message.orderHash === deal.orderHash && message.dealId === deal.dealId) return message;
  throw new RefusedError(`${name} is for another deal`, "Give the file that belongs to this order and deal.");
}

function encode<T extends { readonly dealId: FieldElement }>(format: string, message: T): string {
  return `${JSON.stringify({ format, version: 1, ...message, dealId: fieldToHex(message.dealId) })}\n`;
}
