import { ZkcmpError } from "@zkcmp/field/error";
import type { Encoding } from "@zkcmp/network/encoding";
import type { TestSet } from "@zkcmp/network/testset";
import { encodingDigest } from "@zkcmp/sale/encoding-digest";
import type { Hex } from "@zkcmp/sale/hex";
import { type Address, type Order, orderSchema, orderToJson, ZERO_DIGEST } from "@zkcmp/sale/order";
import { commitNonce, createNonce } from "@zkcmp/sale/sampling";
import { commitTestSet, createTestSetSalt } from "@zkcmp/sale/test-set-commitment";
import type { OrderInput } from "./order.ts";

/** A wish that no order can express; names the part. */
export class OrderWishError extends ZkcmpError {}

/** What a network has to show. */
export type OrderGoal =
  | {
      readonly predicate: "accuracy";
      /** T: at least this many of the rows are right. */
      readonly threshold: number;
      /** m, the rows to be drawn and proven; 0 asks for all of them. */
      readonly sampledRows: number;
    }
  | {
      readonly predicate: "squared-error";
      /** The squared errors sum up to at most this, in squared target digits. */
      readonly errorBound: bigint;
    };

/** What a buyer asks for, before salts and commitments. */
export interface OrderWish {
  readonly chainId: number;
  readonly escrow: Address;
  readonly buyer: Address;
  readonly token: Address;
  /** In smallest units. */
  readonly price: bigint;
  /** Unix seconds of the chain's clock, the last at which the buyer may fund. */
  readonly fundableUntil: number;
  /** Seconds from funding until the refund opens. */
  readonly timeToRedeem: number;
  readonly testSet: TestSet;
  /** The published rule that turns raw features into the test set's integers; null if there is none. */
  readonly encoding: Encoding | null;
  readonly goal: OrderGoal;
  /** The buyer's X25519 public key. */
  readonly buyerKey: Hex;
}

/**
 * Makes the order of a wish, with a fresh salt of the test set, a fresh nonce where rows are sampled, and the commitments to them.
 * Nothing is signed or written yet: `placeOrder` does both.
 * @throws {OrderWishError} naming the part of the order that cannot be
 */
export function draftOrder(wish: OrderWish): Omit<OrderInput, "keyFile"> {
  const { testSet, goal } = wish;
  const testSetSalt = createTestSetSalt();
  const sampledRows = goal.predicate === "accuracy" ? goal.sampledRows : 0;
  const nonce = sampledRows === 0 ? undefined : createNonce();
  const order: Order = {
    chainId: wish.chainId,
    escrow: wish.escrow,
    buyer: wish.buyer,
    token: wish.token,
    price: wish.price,
    fundableUntil: wish.fundableUntil,
    timeToRedeem: wish.timeToRedeem,
    testSetCommitment: commitTestSet(testSet, testSetSalt),
    rows: testSet.rows.length,
    features: testSet.rows[0]!.length,
    predicate: goal.predicate,
    classes: testSet.classes,
    threshold: goal.predicate === "accuracy" ? goal.threshold : 0,
    errorBound: goal.predicate === "accuracy" ? 0n : goal.errorBound,
    inputBits: testSet.inputBits,
    encodingDigest: encodingDigest(wish.encoding),
    sampledRows,
    nonceCommitment: nonce === undefined ? ZERO_DIGEST : commitNonce(nonce),
    buyerKey: wish.buyerKey,
    salt: createTestSetSalt(),
  };
  requirePossible(order);
  return { order, testSet, testSetSalt, ...(nonce === undefined ? {} : { nonce }) };
}

function requirePossible(order: Order): void {
  const parsed = orderSchema.safeParse(orderToJson(order));
  if (parsed.success) return;
  const issue = parsed.error.issues[0]!;
  throw new OrderWishError(
    `the order's ${issue.path.join(".")} cannot be: ${issue.message}`,
    "Change it and try again.",
  );
}
