import type { FieldElement } from "@zkcmp/field/element";
import type { Core } from "@zkcmp/sale/core";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address, SignedOrder } from "@zkcmp/sale/order";
import type { SampleClaim } from "@zkcmp/sale/sampling";
import type { SealSecrets } from "@zkcmp/sale/seal";
import type { TransactionRecord } from "./transaction.ts";

/** A seal that a later one has taken the place of. Kept, since nothing that ever went out may be forgotten. */
export interface FormerSeal {
  readonly keyCommitment: FieldElement;
  readonly ciphertextDigest: FieldElement;
  readonly secrets: SealSecrets;
  readonly offer?: OfferRecord;
}

export interface OfferRecord {
  readonly seller: Address;
  readonly dealId: FieldElement;
  readonly transaction: TransactionRecord;
}

/** A seller's memory of one order. */
export interface SaleRecord {
  readonly signedOrder: SignedOrder;
  /** Where the network was read from, the digest of the copy in the journal, and the model's digest (disclosure.ts). */
  readonly network: { readonly path: string; readonly file: Hex; readonly model: Hex };
  readonly core: Core;
  readonly ciphertext: readonly FieldElement[];
  readonly secrets: SealSecrets;
  readonly formerSeals: readonly FormerSeal[];
  readonly offer?: OfferRecord;
  readonly cancel?: TransactionRecord;
  /** Set as soon as the seller has seen D: from then on the order is never sealed again. */
  readonly testSet?: { readonly file: Hex; readonly salt: Hex };
  readonly claim?: SampleClaim;
  readonly rootSignature?: Hex;
  readonly nonce?: Hex;
  readonly proof?: Hex;
  /** Digest of the bundle file in the journal. */
  readonly bundle?: Hex;
  readonly redeem?: TransactionRecord;
}
