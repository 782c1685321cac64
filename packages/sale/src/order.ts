import { TypedDataEncoder } from "ethers";
import { ZkcmpError } from "@zkcmp/field/error";
import type { FieldElement } from "@zkcmp/field/element";
import * as z from "zod";
import { fieldSchema, fieldToHex, type Hex, hexSchema } from "./hex.ts";
import { errorBoundSchema, type Predicate, predicateSchema } from "./predicate.ts";
import { signerOf } from "./signature.ts";

/** A 20-byte account address in lower-case hexadecimal. */
export type Address = Hex;

export { ETHER } from "./ether.ts";

/** What a buyer asks for and signs (EIP-712). Everything in it is public. */
export interface Order {
  readonly chainId: number;
  /** The escrow contract in which the deal is to be made. */
  readonly escrow: Address;
  readonly buyer: Address;
  readonly token: Address;
  /** In units of the token (wei for ether), in [1, 2^128). */
  readonly price: bigint;
  /** Unix seconds, the last at which the buyer may fund. */
  readonly fundableUntil: number;
  /** Seconds from funding until the refund opens. */
  readonly timeToRedeem: number;
  /** H(D), the salted commitment to the test set. */
  readonly testSetCommitment: FieldElement;
  /** n, the rows of the test set. */
  readonly rows: number;
  readonly features: number;
  readonly predicate: Predicate;
  /** Labels lie in [0, classes). For squared-error they are target digits and `classes` is 2^(bits of a digit). */
  readonly classes: number;
  /** T: at least this many rows must be right; 0 for squared-error. */
  readonly threshold: number;
  /** The squared errors, in squared target digits, sum up to at most this; 0 for accuracy. In [0, 2^64). */
  readonly errorBound: bigint;
  readonly inputBits: number;
  /** SHA-256 of the published rule that turns raw features into integers; zero if the buyer published none. */
  readonly encodingDigest: Hex;
  /** m, the rows to be proven; 0 asks for all of them. */
  readonly sampledRows: number;
  /** Commitment to the nonce that draws the rows; zero unless sampled. */
  readonly nonceCommitment: Hex;
  /** The buyer's X25519 public key. */
  readonly buyerKey: Hex;
  /** Makes two orders of the same content different. */
  readonly salt: Hex;
}

/** An order and the buyer's signature over its EIP-712 digest. */
export interface SignedOrder {
  readonly order: Order;
  readonly signature: Hex;
}

/** An order that no honest tool writes, or whose signature is not the buyer's. */
export class OrderError extends ZkcmpError {}

export const ZERO_DIGEST: Hex = `0x${"0".repeat(64)}`;

/** The shortest and longest time to redeem that the escrow accepts: 2 hours and 30 days. */
export const TIME_TO_REDEEM = { min: 2 * 3600, max: 30 * 24 * 3600 } as const;

const count = z
  .int()
  .min(1)
  .max(2 ** 32 - 1);

export const orderSchema = z
  .strictObject({
    chainId: z.int().min(1),
    escrow: hexSchema(20),
    buyer: hexSchema(20),
    token: hexSchema(20),
    price: z
      .string()
      .regex(/^[1-9][0-9]{0,38}$/, "expected a positive integer below 2^128")
      .transform((digits) => BigInt(digits))
      .refine((price) => price < 1n << 128n, "expected a price below 2^128"),
    fundableUntil: z.int().min(1),
    timeToRedeem: z.int().min(TIME_TO_REDEEM.min).max(TIME_TO_REDEEM.max),
    testSetCommitment: fieldSchema,
    rows: count,
    features: count,
    predicate: predicateSchema,
    classes: z
      .int()
      .min(2)
      .max(2 ** 16),
    threshold: z
      .int()
      .min(0)
      .max(2 ** 32 - 1),
    errorBound: errorBoundSchema,
    inputBits: z.int().min(1).max(16),
    encodingDigest: hexSchema(32),
    sampledRows: z.int().min(0),
    nonceCommitment: hexSchema(32),
    buyerKey: hexSchema(32),
    salt: hexSchema(32),
  })
  .refine((order) => order.predicate === "squared-error" || order.classes <= 256, {
    message: "expected at most 256",
    path: ["classes"],
  })
  .refine((order) => order.predicate === "accuracy" || Number.isInteger(Math.log2(order.classes)), {
    message: "expected a power of two, the number of target digits",
    path: ["classes"],
  })
  .refine((order) => (order.predicate === "accuracy" ? order.threshold >= 1 : order.threshold === 0), {
    message: "expected at least 1 for accuracy, and 0 for squared-error",
    path: ["threshold"],
  })
  .refine((order) => order.predicate === "squared-error" || order.errorBound === 0n, {
    message: "expected 0 for accuracy",
    path: ["errorBound"],
  })
  .refine(({ errorBound, rows, classes }) => errorBound <= BigInt(rows) * BigInt(classes - 1) ** 2n, {
    message: "expected less: with this bound a network may be as wrong as can be on every row",
    path: ["errorBound"],
  })
  .refine((order) => order.predicate === "accuracy" || order.sampledRows === 0, {
    message: "expected 0 for squared-error: the rows that are left out could have any error",
    path: ["sampledRows"],
  })
  .refine((order) => order.threshold <= order.rows, {
    message: "expected at most the number of rows",
    path: ["threshold"],
  })
  .refine((order) => order.sampledRows <= order.threshold, {
    message: "expected at most the threshold: a sample is drawn from the rows claimed to be right",
    path: ["sampledRows"],
  })
  .refine((order) => (order.sampledRows === 0) === (order.nonceCommitment === ZERO_DIGEST), {
    message: "expected a nonce commitment exactly when rows are sampled",
    path: ["nonceCommitment"],
  });

export const signedOrderSchema = z.strictObject({ order: orderSchema, signature: hexSchema() });

/** What {@link orderSchema} reads. */
export function orderToJson(order: Order): z.input<typeof orderSchema> {
  const { price, errorBound } = order;
  return {
    ...order,
    price: price.toString(),
    errorBound: errorBound.toString(),
    testSetCommitment: fieldToHex(order.testSetCommitment),
  };
}

const ORDER_TYPE = {
  Order: [
    { name: "buyer", type: "address" },
    { name: "token", type: "address" },
    { name: "price", type: "uint256" },
    { name: "fundableUntil", type: "uint64" },
    { name: "timeToRedeem", type: "uint32" },
    { name: "testSetCommitment", type: "uint256" },
    { name: "rows", type: "uint32" },
    { name: "features", type: "uint32" },
    { name: "predicate", type: "string" },
    { name: "classes", type: "uint32" },
    { name: "threshold", type: "uint32" },
    { name: "errorBound", type: "uint64" },
    { name: "inputBits", type: "uint8" },
    { name: "encodingDigest", type: "bytes32" },
    { name: "sampledRows", type: "uint32" },
    { name: "nonceCommitment", type: "bytes32" },
    { name: "buyerKey", type: "bytes32" },
    { name: "salt", type: "bytes32" },
  ],
};

/** EIP-712 typed data of an order, for any wallet to sign. */
export function orderTypedData(order: Order): {
  domain: { name: string; version: string; chainId: number; verifyingContract: string };
  types: typeof ORDER_TYPE;
  message: Record<string, unknown>;
} {
  const { chainId, escrow, ...message } = order;
  return {
    domain: { name: "zkcmp", version: "1", chainId, verifyingContract: escrow },
    types: ORDER_TYPE,
    message,
  };
}

/** The EIP-712 digest of the order: what the buyer signs, what the offer carries, what the core holds. */
export function orderHash(order: Order): Hex {
  const { domain, types, message } = orderTypedData(order);
  return TypedDataEncoder.hash(domain, types, message) as Hex;
}

/**
 * Checks the signature of a plain account. For a buyer that is a contract (ERC-1271) the chain is asked instead.
 * @throws {OrderError} if the signature is not the buyer's
 */
export function checkOrderSignature({ order, signature }: SignedOrder): void {
  if (signerOf(orderTypedData(order), signature) !== order.buyer) {
    throw new OrderError(
      `the order's signature is not that of its buyer ${order.buyer}`,
      "Ask the buyer for the order file as `zkcmp order create` wrote it.",
    );
  }
}
