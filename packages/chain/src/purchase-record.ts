import type { FieldElement } from "@zkcmp/field/element";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "@zkcmp/sale/hex";
import { type Address, orderToJson, type SignedOrder, signedOrderSchema } from "@zkcmp/sale/order";
import * as z from "zod";
import { type TransactionRecord, transactionSchema, transactionToJson } from "./transaction.ts";

/** A buyer's memory of one order. */
export interface PurchaseRecord {
  readonly signedOrder: SignedOrder;
  /** Digest of the copy in the journal, the salt of H(D), and the digest of D's rows without the salt. */
  readonly testSet: { readonly file: Hex; readonly salt: Hex; readonly rows: Hex };
  /** Absolute path of the X25519 key file. */
  readonly keyFile: string;
  /** The sampling nonce, where rows are sampled. */
  readonly nonce?: Hex | undefined;
  /** The one deal that D was revealed to. */
  readonly revealed?: { readonly dealId: FieldElement; readonly seller: Address } | undefined;
  /** The one root that was received; the nonce is open from here on. */
  readonly root?: { readonly root: Hex; readonly signature: Hex } | undefined;
  /** Digest of the bundle file in the journal. */
  readonly bundle?: Hex | undefined;
  readonly approve?: TransactionRecord | undefined;
  readonly fund?: TransactionRecord | undefined;
  /** k and d as the chain showed them. */
  readonly redeemed?: { readonly key: FieldElement; readonly opening: FieldElement } | undefined;
  readonly refund?: TransactionRecord | undefined;
}

const contentSchema = z.strictObject({
  signedOrder: signedOrderSchema,
  testSet: z.strictObject({ file: hexSchema(32), salt: hexSchema(32), rows: hexSchema(32) }),
  keyFile: z.string().min(1),
  nonce: hexSchema(32).optional(),
  revealed: z.strictObject({ dealId: fieldSchema, seller: hexSchema(20) }).optional(),
  root: z.strictObject({ root: hexSchema(32), signature: hexSchema() }).optional(),
  bundle: hexSchema(32).optional(),
  approve: transactionSchema.optional(),
  fund: transactionSchema.optional(),
  redeemed: z.strictObject({ key: fieldSchema, opening: fieldSchema }).optional(),
  refund: transactionSchema.optional(),
});

/** A purchase as it stands in the journal. */
export const purchaseRecordSchema: z.ZodType<PurchaseRecord, z.input<typeof contentSchema>> = contentSchema;

/** What {@link purchaseRecordSchema} reads. */
export function purchaseToJson(purchase: PurchaseRecord): z.input<typeof contentSchema> {
  const { signedOrder, revealed, redeemed } = purchase;
  const transaction = (record: TransactionRecord | undefined): z.input<typeof transactionSchema> | undefined =>
    record && transactionToJson(record);
  return {
    signedOrder: { order: orderToJson(signedOrder.order), signature: signedOrder.signature },
    testSet: purchase.testSet,
    keyFile: purchase.keyFile,
    nonce: purchase.nonce,
    revealed: revealed && { ...revealed, dealId: fieldToHex(revealed.dealId) },
    root: purchase.root,
    bundle: purchase.bundle,
    approve: transaction(purchase.approve),
    fund: transaction(purchase.fund),
    redeemed: redeemed && { key: fieldToHex(redeemed.key), opening: fieldToHex(redeemed.opening) },
    refund: transaction(purchase.refund),
  };
}
