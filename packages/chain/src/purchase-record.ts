import type { FieldElement } from "@zkcmp/field/element";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address, SignedOrder } from "@zkcmp/sale/order";
import type { TransactionRecord } from "./transaction.ts";

/** A buyer's memory of one order. */
export interface PurchaseRecord {
  readonly signedOrder: SignedOrder;
  /** Digest of the copy in the journal, the salt of H(D), and the digest of D without its salt. */
  readonly testSet: { readonly file: Hex; readonly salt: Hex; readonly rows: Hex };
  /** Absolute path of the X25519 key file. */
  readonly keyFile: string;
  /** The sampling nonce, where rows are sampled. */
  readonly nonce?: Hex;
  /** The one deal that D was revealed to. */
  readonly revealed?: { readonly dealId: FieldElement; readonly seller: Address };
  /** The one root that was received; the nonce is opened from here on. */
  readonly root?: { readonly root: Hex; readonly signature: Hex };
  /** Digest of the bundle file in the journal. */
  readonly bundle?: Hex;
  readonly approve?: TransactionRecord;
  readonly fund?: TransactionRecord;
  /** k and d as the chain showed them. */
  readonly redeemed?: { readonly key: FieldElement; readonly opening: FieldElement };
  readonly refund?: TransactionRecord;
}
