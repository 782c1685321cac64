import type { FieldElement } from "@zkcmp/field/element";
import { readJsonFile } from "@zkcmp/network/json-file";
import { type TestSet, testSetFromJson, testSetToJson } from "@zkcmp/network/testset";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "@zkcmp/sale/hex";
import { z } from "zod";

/*
 * The messages between buyer and seller that are no order and no bundle, each a JSON file that names its order and deal.
 */

/** Buyer to seller, for exactly one deal: the test set and its salt. A secret of the two. */
export interface RevealMessage {
  readonly orderHash: Hex;
  readonly dealId: FieldElement;
  readonly salt: Hex;
  readonly testSet: TestSet;
}

/** Seller to buyer, where rows are sampled: the signed root of the claim. */
export interface RootMessage {
  readonly orderHash: Hex;
  readonly dealId: FieldElement;
  readonly root: Hex;
  readonly signature: Hex;
}

/** Buyer to seller: the nonce that draws the rows. */
export interface NonceMessage {
  readonly orderHash: Hex;
  readonly dealId: FieldElement;
  readonly nonce: Hex;
}

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

/** @throws FileFormatError, TestSetError */
export async function readReveal(path: string): Promise<RevealMessage> {
  const file = await readJsonFile(path, "what `zkcmp order reveal` wrote", revealSchema);
  const { orderHash, dealId, salt } = file;
  return { orderHash, dealId, salt, testSet: testSetFromJson(file.testSet, `The test set in ${path}`) };
}

/** @throws FileFormatError */
export async function readRoot(path: string): Promise<RootMessage> {
  return readJsonFile(path, "what `zkcmp sample commit` wrote", rootSchema);
}

/** @throws FileFormatError */
export async function readNonce(path: string): Promise<NonceMessage> {
  return readJsonFile(path, "what `zkcmp sample open` wrote", nonceSchema);
}

function encode<T extends { readonly dealId: FieldElement }>(format: string, message: T): string {
  return `${JSON.stringify({ format, version: 1, ...message, dealId: fieldToHex(message.dealId) })}\n`;
}
