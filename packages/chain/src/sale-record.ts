import type { FieldElement } from "@zkcmp/field/element";
import { ciphertextDigest } from "@zkcmp/sale/ciphertext";
import { type Core, coreSchema, coreToJson } from "@zkcmp/sale/core";
import { type Split, splitSchema, splitToJson } from "@zkcmp/sale/deal";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "@zkcmp/sale/hex";
import { type Address, orderHash, orderToJson, type SignedOrder, signedOrderSchema } from "@zkcmp/sale/order";
import { type SampleClaim, sampleClaimSchema } from "@zkcmp/sale/sampling";
import { commitBinding, commitKey, type SealSecrets } from "@zkcmp/sale/seal";
import * as z from "zod";
import { type TransactionRecord, transactionSchema, transactionToJson } from "./transaction.ts";

export interface OfferRecord {
  readonly seller: Address;
  readonly dealId: FieldElement;
  /** Where a round gets a share. */
  readonly split?: Split | undefined;
  readonly transaction: TransactionRecord;
}

/** A seal that a later one has taken the place of. Kept, since nothing that ever went out may be forgotten. */
export interface FormerSeal {
  readonly keyCommitment: FieldElement;
  readonly ciphertextDigest: FieldElement;
  readonly secrets: SealSecrets;
  readonly offer?: OfferRecord | undefined;
}

/** A seller's memory of one order. */
export interface SaleRecord {
  readonly signedOrder: SignedOrder;
  /** Where the network was read from, the digest of the copy in the journal, and the model's digest (disclosure.ts). */
  readonly network: { readonly path: string; readonly file: Hex; readonly model: Hex };
  readonly core: Core;
  readonly ciphertext: readonly FieldElement[];
  readonly secrets: SealSecrets;
  /** The salt of M, where the core names one. */
  readonly modelSalt?: FieldElement | undefined;
  readonly formerSeals: readonly FormerSeal[];
  readonly offer?: OfferRecord | undefined;
  readonly cancel?: TransactionRecord | undefined;
  /** Set once the cancellation is final. */
  readonly cancelled?: true | undefined;
  /** Set as soon as the seller has seen D: from then on the order is never sealed again. */
  readonly testSet?: { readonly file: Hex; readonly salt: Hex } | undefined;
  readonly claim?: SampleClaim | undefined;
  readonly rootSignature?: Hex | undefined;
  readonly nonce?: Hex | undefined;
  readonly proof?: Hex | undefined;
  /** Digest of the bundle file in the journal. */
  readonly bundle?: Hex | undefined;
  readonly redeem?: TransactionRecord | undefined;
}

const secretsSchema = z.strictObject({ key: fieldSchema, opening: fieldSchema, secret: fieldSchema });

const offerSchema = z.strictObject({
  seller: hexSchema(20),
  dealId: fieldSchema,
  split: splitSchema.optional(),
  transaction: transactionSchema,
});

const contentSchema = z.strictObject({
  signedOrder: signedOrderSchema,
  network: z.strictObject({ path: z.string(), file: hexSchema(32), model: hexSchema(32) }),
  core: coreSchema,
  ciphertext: z.array(fieldSchema).min(1),
  secrets: secretsSchema,
  modelSalt: fieldSchema.optional(),
  formerSeals: z.array(
    z.strictObject({
      keyCommitment: fieldSchema,
      ciphertextDigest: fieldSchema,
      secrets: secretsSchema,
      offer: offerSchema.optional(),
    }),
  ),
  offer: offerSchema.optional(),
  cancel: transactionSchema.optional(),
  cancelled: z.literal(true).optional(),
  testSet: z.strictObject({ file: hexSchema(32), salt: hexSchema(32) }).optional(),
  claim: sampleClaimSchema.optional(),
  rootSignature: hexSchema().optional(),
  nonce: hexSchema(32).optional(),
  proof: hexSchema().optional(),
  bundle: hexSchema(32).optional(),
  redeem: transactionSchema.optional(),
});

/** A sale as it stands in the journal; its parts must belong together. */
export const saleRecordSchema: z.ZodType<SaleRecord, z.input<typeof contentSchema>> = contentSchema
  .refine(({ core, signedOrder }) => core.orderHash === orderHash(signedOrder.order), {
    message: "the core names another order",
    path: ["core"],
  })
  .refine(({ core, ciphertext }) => core.ciphertextDigest === ciphertextDigest(ciphertext), {
    message: "the ciphertext is not the one in the core",
    path: ["ciphertext"],
  })
  .refine(
    ({ core, secrets }) =>
      core.keyCommitment === commitKey(secrets.key, secrets.opening) &&
      core.bindingCommitment === commitBinding(secrets.secret),
    { message: "the secrets do not open the core's commitments", path: ["secrets"] },
  )
  .refine(({ core, modelSalt }) => (core.modelCommitment === 0n) === (modelSalt === undefined), {
    message: "a model commitment has a salt, and nothing else has",
    path: ["modelSalt"],
  })
  .refine(({ secrets, formerSeals }) => formerSeals.every((former) => former.secrets.key !== secrets.key), {
    message: "a key was used for two seals",
    path: ["secrets"],
  });

/** What {@link saleRecordSchema} reads. */
export function saleToJson(sale: SaleRecord): z.input<typeof contentSchema> {
  const { order, signature } = sale.signedOrder;
  return {
    signedOrder: { order: orderToJson(order), signature },
    network: { ...sale.network },
    core: coreToJson(sale.core),
    ciphertext: sale.ciphertext.map(fieldToHex),
    secrets: secretsToJson(sale.secrets),
    modelSalt: sale.modelSalt && fieldToHex(sale.modelSalt),
    formerSeals: sale.formerSeals.map((former) => ({
      keyCommitment: fieldToHex(former.keyCommitment),
      ciphertextDigest: fieldToHex(former.ciphertextDigest),
      secrets: secretsToJson(former.secrets),
      offer: former.offer && offerToJson(former.offer),
    })),
    offer: sale.offer && offerToJson(sale.offer),
    cancel: sale.cancel && transactionToJson(sale.cancel),
    cancelled: sale.cancelled,
    testSet: sale.testSet,
    claim: sale.claim && { ...sale.claim, ranks: [...sale.claim.ranks], salts: [...sale.claim.salts] },
    rootSignature: sale.rootSignature,
    nonce: sale.nonce,
    proof: sale.proof,
    bundle: sale.bundle,
    redeem: sale.redeem && transactionToJson(sale.redeem),
  };
}

function secretsToJson({ key, opening, secret }: SealSecrets): z.input<typeof secretsSchema> {
  return { key: fieldToHex(key), opening: fieldToHex(opening), secret: fieldToHex(secret) };
}

function offerToJson(offer: OfferRecord): z.input<typeof offerSchema> {
  return {
    seller: offer.seller,
    dealId: fieldToHex(offer.dealId),
    split: offer.split && splitToJson(offer.split),
    transaction: transactionToJson(offer.transaction),
  };
}
