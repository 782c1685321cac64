import type { JsonRpcApiProvider } from "ethers";
import type { FieldElement } from "@zkcmp/field/element";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Split } from "@zkcmp/sale/deal";
import type { Hex } from "@zkcmp/sale/hex";
import type { Address } from "@zkcmp/sale/order";

/** Where a deal stands, in the order of ModelEscrow's enum State. */
export const DEAL_STATES = ["none", "offered", "funded", "redeemed", "refunded", "cancelled"] as const;
export type DealState = (typeof DEAL_STATES)[number];

/** What the contract stores of a deal. */
export interface Deal {
  readonly seller: Address;
  readonly buyer: Address;
  readonly token: Address;
  readonly price: bigint;
  /** Unix seconds. */
  readonly fundableUntil: number;
  /** Seconds. */
  readonly timeToRedeem: number;
  /** Unix seconds, 0 until funded. */
  readonly refundableFrom: number;
  readonly state: DealState;
  readonly keyCommitment: FieldElement;
}

/** What a seller offers, as ModelEscrow takes it. */
export interface Terms {
  readonly buyer: Address;
  readonly token: Address;
  readonly price: bigint;
  readonly fundableUntil: number;
  readonly timeToRedeem: number;
  readonly keyCommitment: FieldElement;
  /** Digest of the core. */
  readonly core: FieldElement;
  readonly orderHash: Hex;
  readonly split: Split;
}

/** The event Offered. */
export interface OfferedEvent extends Terms {
  readonly dealId: FieldElement;
  readonly seller: Address;
  readonly transactionHash: Hex;
  readonly blockNumber: number;
}

/** The event Redeemed: the opened key. */
export interface RedeemedEvent {
  /** k */
  readonly key: FieldElement;
  /** d */
  readonly opening: FieldElement;
  readonly transactionHash: Hex;
  readonly blockNumber: number;
}

/** The contract refuses a call; says which rule, with its arguments. */
export class EscrowRevertError extends ZkcmpError {}

/** Reads of one ModelEscrow. Writes go through the life cycle in seller/ and buyer/. */
export class EscrowContract {
  readonly address: Address;
  readonly #provider: JsonRpcApiProvider;

  constructor(provider: JsonRpcApiProvider, address: Address) {
    this.#provider = provider;
    this.address = address;
  }

  /** A deal's storage; its state is "none" if there is no such deal. */
  async deal(dealId: FieldElement, blockTag: "latest" | "finalized" = "latest"): Promise<Deal> {
    throw new Error(`to come ${dealId} ${blockTag} ${this.#provider}`);
  }

  /** What an account can withdraw, in units of the token. */
  async credit(account: Address, token: Address): Promise<bigint> {
    throw new Error(`to come ${account} ${token}`);
  }

  async keyCommitmentUsed(seller: Address, keyCommitment: FieldElement): Promise<boolean> {
    throw new Error(`to come ${seller} ${keyCommitment}`);
  }

  /** The deal's one Offered event, or null. */
  async offered(dealId: FieldElement): Promise<OfferedEvent | null> {
    throw new Error(`to come ${dealId}`);
  }

  /** The deal's one Redeemed event, or null. */
  async redeemed(dealId: FieldElement): Promise<RedeemedEvent | null> {
    throw new Error(`to come ${dealId}`);
  }
}
